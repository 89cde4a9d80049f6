"""`python -m infra.dashboard.build`: build the dashboard into `client/dashboard/dist` if its sources have changed.

It reports a failure and still ends with code 0: the API serves without a page, which says what is missing.
"""

import hashlib
import sys

from infra.dashboard import parts
from infra.dashboard.files import BUILT, FOLDER, INDEX
from infra.local.installing import node
from infra.local.installing.node import NotInstalled

_STAMP = BUILT / ".built-from"
_SOURCES = ("src/**/*", "public/**/*", "build.mjs", "package-lock.json")


def main() -> None:
    """Build it, and install the parts that it is made of first if they are missing or others."""
    made_from = digest()
    if (BUILT / INDEX).exists() and _STAMP.exists() and _STAMP.read_text() == made_from:
        return
    try:
        _build()
        _STAMP.write_text(made_from)
    except NotInstalled as error:
        print(f"cumulog: The dashboard could not be built. {error}", file=sys.stderr, flush=True)


def digest() -> str:
    """Of all that the dashboard is built from."""
    found = hashlib.sha256()
    for pattern in _SOURCES:
        for place in sorted(FOLDER.glob(pattern)):
            if place.is_file():
                found.update(f"{place.relative_to(FOLDER).as_posix()}\0".encode())
                found.update(place.read_bytes())
    return found.hexdigest()


def _build() -> None:
    parts.install()
    print("Building the dashboard ...", flush=True)
    _npm("run", "--silent", "build")


def _npm(*arguments: str) -> None:
    done = node.npm(*arguments, folder=FOLDER)
    if done.returncode:
        raise NotInstalled(f"npm says:\n{(done.stderr or done.stdout).strip()[:2000]}")


if __name__ == "__main__":
    main()
