"""Segments: the files of a journal, of 16 MiB each, so that what was delivered can be deleted while a run goes on."""

import contextlib
import os
from pathlib import Path

SEGMENT_BYTES = 16 << 20
_NAME = "{:08}.lines"
_SPARE = "spare"
# Enough for the head of a segment and the line that ends a run.
SPARE_BYTES = 16 << 10


class Segment:
    """An open file that is only ever appended to. A segment without a path lies in memory."""

    def __init__(self, number: int, path: Path | None, file: int) -> None:
        self.number = number
        self.path = path
        self.file = file
        self.is_damaged = False

    @classmethod
    def created(cls, folder: Path, number: int) -> "Segment":
        """A new segment. Raises OSError."""
        path = folder / _NAME.format(number)
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        return cls(number, path, os.open(path, flags, 0o600))

    @classmethod
    def from_spare(cls, folder: Path, number: int, head: bytes) -> "Segment":
        """A new segment that begins with `head`, in the place on the disk that `keep_spare` took. Raises OSError."""
        spare, path = folder / _SPARE, folder / _NAME.format(number)
        with spare.open("r+b", buffering=0) as file:
            # Not emptied before: what the disk takes back others may fill.
            file.write(head)
            file.truncate(len(head))
        spare.rename(path)
        return cls(number, path, os.open(path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC))

    @classmethod
    def in_memory(cls, number: int) -> "Segment":
        """A new segment that dies with this process. Raises OSError where the system has none."""
        if not hasattr(os, "memfd_create"):
            raise OSError("This system keeps no files in memory.")
        return cls(number, None, os.memfd_create("cumulog"))

    @classmethod
    def found(cls, path: Path) -> "Segment":
        """A segment that another process wrote."""
        return cls(int(path.stem), path, os.open(path, os.O_RDONLY | os.O_CLOEXEC))

    def read(self, offset: int, size: int) -> bytes:
        return os.pread(self.file, size, offset)

    def size(self) -> int:
        """How many bytes it has; 0 if the thread that delivers has just deleted it."""
        with contextlib.suppress(OSError):
            return os.fstat(self.file).st_size
        return 0

    def close(self) -> None:
        with contextlib.suppress(OSError):
            os.close(self.file)

    def saved(self, folder: Path) -> "Segment":
        """The same segment as a file. Raises OSError, and leaves none, if the disk does not take all of it."""
        copy = Segment.created(folder, self.number)
        data = self.read(0, self.size())
        try:
            if os.write(copy.file, data) < len(data):
                raise OSError("The disk is full.")
        except OSError:
            copy.remove()
            raise
        self.close()
        return copy

    def keep(self) -> None:
        """Leave the file where it is, for people to look at."""
        self.close()
        if self.path:
            with contextlib.suppress(OSError):
                self.path.rename(self.path.with_suffix(".damaged"))

    def remove(self) -> None:
        self.close()
        if self.path:
            self.path.unlink(missing_ok=True)


def keep_spare(folder: Path) -> None:
    """Take room on the disk for the line that ends the run."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    with contextlib.suppress(OSError):
        file = os.open(folder / _SPARE, flags, 0o600)
        try:
            os.write(file, bytes(SPARE_BYTES))
        finally:
            os.close(file)


def paths_in(folder: Path) -> list[Path]:
    """The segments in a folder, in order."""
    return sorted(path for path in folder.glob("*.lines") if path.stem.isdigit())
