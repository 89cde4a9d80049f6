"""Local files: read in blocks for an upload, written to a temporary file and renamed for a download."""

import contextlib
import hashlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from cumulog._http.errors import ContentMismatch, UnsafePath

BLOCK_BYTES = 1 << 20


@dataclass(frozen=True)
class LocalFile:
    """A file as it was found: artifact path, local path, size in bytes, time of the last change in ns."""

    path: str
    local: Path
    size: int
    changed: int

    @classmethod
    def found(cls, path: str, local: Path) -> "LocalFile":
        """The file at a local path. Raises OSError if it is missing, IsADirectoryError if it is a folder."""
        if local.is_dir():
            raise IsADirectoryError(f"'{local}' is a folder")
        facts = local.stat()
        return cls(path, local, facts.st_size, facts.st_mtime_ns)

    def require_unchanged(self) -> None:
        """Raises ContentMismatch if the file has changed: parts of two states would make a file that never existed."""
        if LocalFile.found(self.path, self.local) != self:
            raise changed(self.local)


@dataclass(frozen=True)
class Slice:
    """Some bytes of a file. Each iteration reads them again, block by block."""

    local: Path
    offset: int
    size: int

    def __len__(self) -> int:
        return self.size

    def __iter__(self) -> Iterator[bytes]:
        """Yield the blocks. Raises ContentMismatch if the file has become shorter."""
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
    """The file in parts of this size; the last part is the rest."""
    offsets = range(0, file.size, part_size)
    return [Slice(file.local, offset, min(part_size, file.size - offset)) for offset in offsets]


def sha256(content: Slice) -> str:
    """64 hex digits."""
    digest = hashlib.sha256()
    for block in content:
        digest.update(block)
    return digest.hexdigest()


def changed(local: Path) -> ContentMismatch:
    return ContentMismatch(f"'{local}' changed during the upload; upload it again when nothing writes to it.")


def require_safe(name: str) -> None:
    """Raises UnsafePath unless the name stays below its folder, on any operating system.

    The server checks names too; this check protects against a server that is not ours (such as CVE-2023-6975).
    """
    parts = name.split("/")
    # A drive such as C: would be absolute on Windows, where a colon may also name a hidden stream.
    has_drive = os.name == "nt" and ":" in name
    if not name or "\\" in name or "\0" in name or has_drive or any(part in ("", ".", "..") for part in parts):
        raise UnsafePath(f"Refusing the name {name!r}: it could lead out of its folder.")


def destination(folder: Path, name: str) -> Path:
    """The path of a name below a folder. Raises UnsafePath, also if a symlink leads out of the folder."""
    require_safe(name)
    place = folder.joinpath(*PurePosixPath(name).parts)
    if not place.parent.resolve().is_relative_to(folder.resolve()):
        raise UnsafePath(f"Refusing the name {name!r}: a link in '{folder}' leads out of it.")
    return place


class Arriving:
    """A file that is being written: to a temporary file beside its place, until `arrive` or `discard`."""

    def __init__(self, place: Path, size: int) -> None:
        self.place = place
        place.parent.mkdir(parents=True, exist_ok=True)
        # Not mkstemp: only the owner could read its files, and the mode stays when the file is renamed.
        self.aside = place.with_name(f".cumulog-{secrets.token_hex(8)}.part")
        with self.aside.open("xb") as file:
            file.truncate(size)
        self._size = size

    def write(self, offset: int, blocks: Iterator[bytes]) -> Iterator[int]:
        """Write the blocks from the offset on; yields the size of each block after writing it."""
        with self.aside.open("r+b", buffering=0) as file:
            file.seek(offset)
            for block in blocks:
                file.write(block)
                yield len(block)

    def arrive(self, expected_sha256: str | None) -> None:
        """Move the file to its place. Raises ContentMismatch if it is not the expected one."""
        if expected_sha256 and sha256(Slice(self.aside, 0, self._size)) != expected_sha256:
            raise ContentMismatch(f"The download for '{self.place}' differs from the stored file; it was discarded.")
        self.aside.replace(self.place)

    def discard(self) -> None:
        """Remove the temporary file; does nothing if the file has arrived."""
        with contextlib.suppress(FileNotFoundError):
            self.aside.unlink()
