"""The zip with the code: the same files give the same bytes at any time and in any place.

Entries are sorted; their times and modes are fixed. Compression depends on the zlib, so machines with different ones
agree on the content but not on the bytes.
"""

import hashlib
import zipfile
from collections.abc import Mapping
from pathlib import Path

# The earliest time that a zip can hold.
_TIME = (1980, 1, 1, 0, 0, 0)
# A regular file that every user may read: Lambda runs the code as another user.
_MODE = 0o100644 << 16
_UNIX = 3


def files(folder: Path) -> dict[str, Path]:
    """All files below a folder by their names in a zip."""
    return {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}


def write(files: Mapping[str, Path], to: Path) -> None:
    """Write a zip of files by their names in it."""
    with zipfile.ZipFile(to, "w") as archive:
        for name in sorted(files):
            archive.writestr(_entry(name), files[name].read_bytes(), zipfile.ZIP_DEFLATED)


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _TIME)
    entry.external_attr = _MODE
    entry.create_system = _UNIX
    return entry
