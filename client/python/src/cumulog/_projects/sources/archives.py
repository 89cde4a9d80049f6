"""Projects from zip archives."""

import lzma
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from cumulog._projects.errors import ProjectError

_MOST_FILES = 100_000
_MOST_BYTES = 4 << 30
_BLOCK = 1 << 20
# RuntimeError is of archives with a password, and of methods that are not known here.
_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, RuntimeError, ValueError)


def unpacked(archive: Path, folder: Path) -> None:
    """Unpack an archive into a folder that is made. Raises ProjectError, with nothing outside of the folder."""
    try:
        with zipfile.ZipFile(archive) as file:
            _unpack(file, folder)
    except _BROKEN as error:
        raise ProjectError(f"The archive '{archive.name}' cannot be unpacked: {error}") from error


def _unpack(file: zipfile.ZipFile, folder: Path) -> None:
    entries = file.infolist()
    if len(entries) > _MOST_FILES:
        raise ProjectError(f"The archive has more than {_MOST_FILES} files.")
    left = _MOST_BYTES
    folder.mkdir(parents=True)
    for entry in entries:
        place = folder / _inside(entry)
        if entry.is_dir():
            place.mkdir(parents=True, exist_ok=True)
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        left -= _copy(file, entry, place, left)


def _inside(entry: zipfile.ZipInfo) -> PurePosixPath:
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or stat.S_ISLNK(entry.external_attr >> 16):
        raise ProjectError(f"The archive has '{entry.filename[:200]}', which leads out of it.")
    return path


def _copy(file: zipfile.ZipFile, entry: zipfile.ZipInfo, place: Path, most: int) -> int:
    """Unpack one file, and count: what the archive says of its size may be wrong."""
    size = 0
    with file.open(entry) as source, place.open("xb") as target:
        while block := source.read(_BLOCK):
            size += len(block)
            if size > most:
                raise ProjectError(f"The archive holds more than {_MOST_BYTES >> 30} GB.")
            target.write(block)
    if entry.external_attr >> 16 & stat.S_IXUSR:
        place.chmod(place.stat().st_mode | stat.S_IXUSR)
    return size
