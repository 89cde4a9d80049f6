"""The handlers' dependencies: the wheels in `requirements.lock`, by their hashes.

pip fetches them for the target, not for the interpreter that runs it. The lock names everything, so pip refuses any
package that was not reviewed. To make it again:

    uv pip compile requirements.txt --generate-hashes --python-version 3.12 --no-header -o <the lock>
"""

import hashlib
import subprocess
import sys
from contextlib import suppress
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from infra.deploy.package.bytecode import compile_all, compiler
from infra.deploy.package.target import Target

LOCK = Path(__file__).with_name("requirements.lock")

# Lambda's Python 3.12 and later run on glibc 2.34.
_PLATFORMS = {
    "x86_64": ("manylinux2014_x86_64", "manylinux_2_28_x86_64"),
    "arm64": ("manylinux2014_aarch64", "manylinux_2_28_aarch64"),
}

# Chalice's command line needs these, its app does not.
_COMMAND = frozenset(
    {
        "_distutils_hack",
        "blessed",
        "click",
        "editor",
        "inquirer",
        "jinxed",
        "packaging",
        "pip",
        "pkg_resources",
        "readchar",
        "runs",
        "setuptools",
        "wcwidth",
        "wheel",
        "xmod",
    }
)
# The services that `chalicelib/storage` has clients for; botocore ships descriptions of four hundred.
SERVICES = frozenset({"dynamodb", "events", "s3", "stepfunctions"})
# pip's records of an installation, which differ from machine to machine.
_NOTES = frozenset({"INSTALLER", "RECORD", "REQUESTED", "direct_url.json"})


def installed(target: Target, cache: Path) -> Path:
    """The folder with the shipped files of the lock's wheels; made once for each lock and target.

    Raises subprocess.CalledProcessError if pip fails; its output says why.
    """
    interpreter = compiler(target)
    inputs = f"{target} {interpreter is not None}".encode() + LOCK.read_bytes() + Path(__file__).read_bytes()
    folder = cache / hashlib.sha256(inputs).hexdigest()[:16]
    if not folder.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=cache) as unfinished:
            made = Path(unfinished) / folder.name
            subprocess.run(_command(target, made), check=True)
            _drop(made)
            compile_all(made, interpreter)
            # Another process may have been faster.
            with suppress(OSError):
                made.rename(folder)
    return folder


def _drop(folder: Path) -> None:
    for path in [path for path in folder.rglob("*") if path.is_file()]:
        if not is_shipped(PurePosixPath(path.relative_to(folder).as_posix())):
            path.unlink()


def is_shipped(name: PurePosixPath) -> bool:
    """Whether the handlers may need a file of an installation."""
    top = name.parts[0]
    if name.suffix in {".pyc", ".pth"} or top == "bin":
        return False
    if top.endswith(".dist-info"):
        return name.name not in _NOTES and _package(top) not in _COMMAND
    if name.parts[:2] == ("botocore", "data") and len(name.parts) > 3:
        return name.parts[2] in SERVICES
    return top not in _COMMAND


def _package(dist_info: str) -> str:
    return dist_info.partition("-")[0].lower()


def _command(target: Target, folder: Path) -> list[str]:
    platforms = [part for platform in _PLATFORMS[target.architecture] for part in ("--platform", platform)]
    return [
        *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"),
        *("--target", str(folder), "--only-binary=:all:", "--require-hashes", "--requirement", str(LOCK)),
        *("--implementation", "cp", "--python-version", target.python, *platforms),
    ]
