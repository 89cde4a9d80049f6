"""A lock file with two locks, and the place up to which a journal was delivered.

The locks are POSIX record locks (`lockf`): a forked child does not inherit them, so they end with the process that took
them, where `flock` would stay with the child. They also end when the process closes any descriptor of the file. So each
process opens a lock file once (`_open_here`), and this file holds nothing else that somebody might open.
"""

import contextlib
import os
import struct
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

WRITING = 0
DELIVERING = 1
_PLACE_AT = 16
_PLACE = struct.Struct("<QQ")
_CHECK = struct.Struct("<I")

_open_here: set[str] = set()


class Place(NamedTuple):
    """The next byte to deliver: of which segment, and where in it."""

    segment: int = 0
    offset: int = 0


class Lock:
    """An open lock file. `opened` is None if this process has it open already."""

    def __init__(self, path: Path) -> None:
        self._path = str(path)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._process = os.getpid()

    @classmethod
    def opened(cls, path: Path) -> "Lock | None":
        """Raises OSError if the file cannot be opened."""
        if str(path) in _open_here:
            return None
        lock = cls(path)
        _open_here.add(str(path))
        return lock

    def hold(self, which: int) -> bool:
        """Take one of the two locks; False if another process has it, or this system has none."""
        try:
            # Windows lacks this module.
            import fcntl  # noqa: PLC0415

            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, which)
        except (ImportError, OSError):
            return False
        return True

    def moved(self, path: Path) -> None:
        """The file is now at another path."""
        _open_here.discard(self._path)
        self._path = str(path)
        _open_here.add(self._path)

    def place(self) -> Place:
        """What was noted last; the beginning if nothing whole was."""
        data = os.pread(self._file, _PLACE.size + _CHECK.size, _PLACE_AT)
        if len(data) < _PLACE.size + _CHECK.size or _CHECK.unpack_from(data, _PLACE.size)[0] != crc32(data[:16]):
            return Place()
        return Place(*_PLACE.unpack_from(data))

    def note(self, place: Place) -> None:
        """Write down how far the server has the journal."""
        data = _PLACE.pack(*place)
        # On a full disk the next delivery sends some lines again, which changes nothing.
        with contextlib.suppress(OSError):
            os.pwrite(self._file, data + _CHECK.pack(crc32(data)), _PLACE_AT)

    def close(self) -> None:
        if self._process == os.getpid():
            _open_here.discard(self._path)
        with contextlib.suppress(OSError):
            os.close(self._file)


def forget_parent() -> None:
    """In a forked child: the files that the parent opened are not open here, as far as locks go."""
    _open_here.clear()
