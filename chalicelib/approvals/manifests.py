"""A version's manifest: the SHA-256 of each of its files, as its maker states them in a tag of the version.

Files in storage that is not ours are never opened here. So an approval of such a version holds for the manifest:
whoever loads the files can check them by it (`sha256sum -c`), and a manifest that changes ends the request. The form is
what `sha256sum` prints: a line `<SHA-256>  <path>` for each file, with paths below the version's folder.
"""

import hashlib
import re

from chalicelib.errors import InvalidParameterValue

TAG = "cumulog.sha256sums"

# Two blanks, or a blank and the star of a binary file. A backslash in front means that the name is escaped.
_LINE = re.compile(r"([0-9a-fA-F]{64}) [ *](?:\./)*([^\x00-\x1f\x7f]+)")


def digest(text: str) -> str:
    """The SHA-256 of a manifest whose lines are in the order of their paths. Raises InvalidParameterValue."""
    lines = [f"{sha256}  {path}\n" for path, sha256 in sorted(read(text).items())]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def read(text: str) -> dict[str, str]:
    """The SHA-256 of each file by its path. Raises InvalidParameterValue."""
    found: dict[str, str] = {}
    for number, line in enumerate(text.replace("\r\n", "\n").rstrip("\n").split("\n"), start=1):
        sha256, path = _parsed(line, number)
        if path in found:
            raise _invalid(number, f"it names {path[:200]!r} a second time")
        found[path] = sha256
    return found


def _parsed(line: str, number: int) -> tuple[str, str]:
    parts = _LINE.fullmatch(line)
    if parts is None:
        raise _invalid(number, "it is not '<SHA-256>  <path>'")
    sha256, path = parts.groups()
    if not {"", ".", ".."}.isdisjoint(path.split("/")):
        raise _invalid(number, "its path is not plainly below the version's folder")
    return sha256.lower(), path


def _invalid(number: int, why: str) -> InvalidParameterValue:
    return InvalidParameterValue(f"The tag '{TAG}' is no manifest. Line {number}: {why}.")
