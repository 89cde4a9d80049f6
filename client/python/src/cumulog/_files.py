"""Files on this machine: read in blocks when they go up, written aside and renamed when they come down."""

import contextlib
import hashlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from cumulog._errors import ContentMismatch, UnsafePath

BLOCK_BYTES = 1 << 20


@dataclass(frozen=True)
class LocalFile:
    """A file as it was found: where it goes, where it lies, its size in bytes, when it was changed."""

    path: str
    local: Path
    size: int
    changed: int

    @classmethod
    def found(cls, path: str, local: Path) -> "LocalFile":
        """Raises OSError when there is no such file, and IsADirectoryError when it is a folder."""
        if local.is_dir():
            raise IsADirectoryError(f"'{local}' is a folder")
        facts = local.stat()
        return cls(path, local, facts.st_size, facts.st_mtime_ns)

    def require_unchanged(self) -> None:
        """Raises ContentMismatch: parts of two states of a file make a file that never was."""
        if LocalFile.found(self.path, self.local) != self:
            raise changed(self.local)


@dataclass(frozen=True)
class Slice:
    """Some bytes of a file. It is read anew, block by block, each time that it is walked through."""

    local: Path
    offset: int
    size: int

    def __len__(self) -> int:
        return self.size

    def __iter__(self) -> Iterator[bytes]:
        """Raises ContentMismatch when the file has become shorter."""
        with self.local.open("rb", buffering=0) as file:
            file.seek(self.offset)
            left = self.size
            while left:
                block = file.read(min(left, BLOCK_BYTES))
                if not block:
                    raise changed(self.local)
                left -= len(block)
                yield block


def slices(file: LocalFile, part_size: int) -> list[Slice]:
    """The file in parts of this size, the last one of what is left."""
    offsets = range(0, file.size, part_size)
    return [Slice(file.local, offset, min(part_size, file.size - offset)) for offset in offsets]


def sha256(content: Slice) -> str:
    """64 hex digits."""
    digest = hashlib.sha256()
    for block in content:
        digest.update(block)
    return digest.hexdigest()


def changed(local: Path) -> ContentMismatch:
    return ContentMismatch(f"'{local}' changed while it was sent; send it again when nobody writes to it.")


def require_safe(name: str) -> None:
    """Raises UnsafePath unless the name stays below the folder that it is put in, on any system.

    The server checks names too; this is for the day on which the server is not ours (CVE-2023-6975 and its kin).
    """
    parts = name.split("/")
    # A drive such as C: would be absolute on Windows, where a colon may also name a hidden stream.
    has_drive = os.name == "nt" and ":" in name
    if not name or "\\" in name or "\0" in name or has_drive or any(part in ("", ".", "..") for part in parts):
        raise UnsafePath(f"Refusing the name {name!r}: it could lead out of the folder it belongs to.")


def destination(folder: Path, name: str) -> Path:
    """Where the file of this name goes below the folder. Raises UnsafePath, also when a symlink leads out of it."""
    require_safe(name)
    place = folder.joinpath(*PurePosixPath(name).parts)
    if not place.parent.resolve().is_relative_to(folder.resolve()):
        raise UnsafePath(f"Refusing the name {name!r}: a link in '{folder}' leads out of it.")
    return place


class Arriving:
    """A file that is being written: aside, beside its place, until `arrive` or `discard` decides."""

    def __init__(self, place: Path, size: int) -> None:
        self.place = place
        place.parent.mkdir(parents=True, exist_ok=True)
        # Not mkstemp, whose files nobody but their owner may read: this one keeps its mode when it is renamed.
        self.aside = place.with_name(f".cumulog-{secrets.token_hex(8)}.part")
        with self.aside.open("xb") as file:
            file.truncate(size)
        self._size = size

    def write(self, offset: int, blocks: Iterator[bytes]) -> Iterator[int]:
        """Write the blocks from the offset on; yields the size of each when it is written."""
        with self.aside.open("r+b", buffering=0) as file:
            file.seek(offset)
            for block in blocks:
                file.write(block)
                yield len(block)

    def arrive(self, expected_sha256: str | None) -> None:
        """Put the file in its place. Raises ContentMismatch when it is not the one expected."""
        if expected_sha256 and sha256(Slice(self.aside, 0, self._size)) != expected_sha256:
            raise ContentMismatch(f"What arrived for '{self.place}' is not what was stored; it was thrown away.")
        self.aside.replace(self.place)

    def discard(self) -> None:
        """Remove what lies aside; nothing if the file arrived."""
        with contextlib.suppress(FileNotFoundError):
            self.aside.unlink()
