"""Writing the lines of one process to one run. `append` is called by the training loop, so it has to be quick.

A line that `append` took survives a kill of the process. `sync`, which the deliverer calls once a second, makes it
survive a loss of power too. On a full disk the journal goes on in memory, up to a bound, and says so; with each new
segment it tries the disk again. `append_last` writes the line that ends the run, for which both the bounds and the disk
have room kept.
"""

import contextlib
import errno
import os
import threading
from collections.abc import Callable
from os import write
from pathlib import Path

from cumulog._journal import places
from cumulog._journal.chains import FILES, LOCK, Chain, Head
from cumulog._journal.locks import DELIVERING, WRITING, Lock
from cumulog._journal.records import MOST_PAYLOAD, Kind, packed
from cumulog._journal.segments import SEGMENT_BYTES, SPARE_BYTES, Segment, keep_spare

MEMORY_BYTES = 64 << 20
DISK_BYTES = 2 << 30
# After so much in memory the disk is tried again.
_BETWEEN_TRIES_BYTES = 1 << 16

Say = Callable[[str], None]

# Said once per process.
_said_unwritable: list[Path] = []


class Writer:
    """The journal of this process for one run. `chain` is the same journal for whoever delivers it."""

    def __init__(self, head: Head, say: Say, rank: str = "") -> None:
        self._say = say
        self._head = head.packed()
        # A signal handler may log while its own thread is here.
        self._lock = threading.RLock()
        self.written = 0
        self.is_closed = False
        folder, lock = _made(head, rank)
        if folder and (named := places.unwritable()) and not _said_unwritable:
            _said_unwritable.append(named)
            say(f"CUMULOG_JOURNAL ({named}) cannot be written by this user, so lines are kept in {folder.parent}.")
        self.chain = Chain(folder, lock, head, is_over=False)
        self._bound = _bound()
        self._kept = SPARE_BYTES
        self._synced = 0
        self._unsynced: list[Segment] = []
        self._lost: set[str] = set()
        # How many bytes may be written before `_has_room` has to look.
        self._room = 0
        self._file = -1
        self._segment: Segment | None = None
        self._go_on_in(self._opened(1))

    @property
    def files(self) -> Path | None:
        """Where files are kept until they are delivered; None if nothing can be written."""
        return self.chain.folder / FILES if self.chain.folder else None

    def append(self, kind: int, payload: bytes) -> bool:
        """Write down a line; False if there is no room for it, which is said once."""
        with self._lock:
            record = packed(kind, self.written + 1, payload)
            size = len(record)
            if (size > self._room or size > MOST_PAYLOAD) and not self._has_room(size):
                return False
            self._room -= size
            self.written += 1
            try:
                return write(self._file, record) == size or self._elsewhere(record, is_disk_full=False)
            except OSError as error:
                return self._elsewhere(record, is_disk_full=error.errno != errno.EFBIG)

    def append_last(self, kind: int, payload: bytes) -> bool:
        """Write down the line that ends the run, for which there is room in a full journal and on a full disk too."""
        with self._lock:
            self._kept = self._room = 0
            present = self._segment
            if not self.is_closed and (present is None or present.path is None):
                # What lies in memory may be lost with this process, while the next one can send what lies on the disk.
                self._go_on_in(self._opened(self._next_number()) or present)
            return self.append(kind, payload)

    def sync(self) -> None:
        """Make what was written last through a loss of power."""
        with self._lock:
            segment, written, full, self._unsynced = self._segment, self.written, self._unsynced, []
        for each in full:
            _sync(each)
        if segment and written != self._synced:
            _sync(segment)
            self._synced = written

    def close(self) -> None:
        """No further lines come: when the server has those that came, the journal may be deleted."""
        self.sync()
        with self._lock:
            # A descriptor that is closed later must not be written to: it may be somebody else's by then.
            self._go_on_in(None)
            self.is_closed = self.chain.is_over = True
        if not self.chain.head.server:
            # Nobody in this process delivers it.
            self.chain.save()
            self.chain.close()

    def _has_room(self, size: int) -> bool:
        """The rare cases: a line too long, a segment or a journal that is full, or no place to write to."""
        if size > MOST_PAYLOAD:
            return self._lose("A line of more than 4 MiB was not logged: log it as an artifact.")
        if self.is_closed:
            return self._lose("The run was deleted, or ended in another thread, so further lines are not logged.")
        if self._segment and self._is_due(self._segment, size):
            self._roll(self._segment)
        if self._segment is None:
            return self._lose("Lines are not logged: neither the disk nor memory takes a journal. Set CUMULOG_JOURNAL.")
        return self._is_within_bounds(self._segment, size)

    def _is_due(self, segment: Segment, size: int) -> bool:
        """Whether to try a next segment: this one is full, or lies in memory and the disk may have room by now."""
        may_have_room = segment.path is None and segment.size() > _BETWEEN_TRIES_BYTES // 2
        return may_have_room or segment.size() + size > SEGMENT_BYTES

    def _is_within_bounds(self, segment: Segment, size: int) -> bool:
        room = self._bound - self._kept - self.chain.bytes_left()
        if room < size:
            return self._lose(
                f"The journal holds {self._bound >> 20} MiB that the server does not have, so further lines are not "
                "logged. Send them by `cumulog sync`, or set CUMULOG_JOURNAL_MB to more."
            )
        if segment.path is None:
            room = min(room, MEMORY_BYTES - self._kept - self.chain.bytes_in_memory())
        if room < size:
            return self._lose("Memory for the journal is full, so further lines are not logged.")
        self._room = min(room, SEGMENT_BYTES - segment.size(), SEGMENT_BYTES if segment.path else _BETWEEN_TRIES_BYTES)
        return True

    def _elsewhere(self, record: bytes, *, is_disk_full: bool) -> bool:
        """Write to a next segment what this one refused. What it took of the record is passed over by readers.

        The limit of the system on the size of a file (`ulimit -f`) bounds memory too, and a new file begins anew.
        """
        refusing = self._segment
        if refusing and (refusing.path or not is_disk_full):
            self._unsynced.append(refusing)
            self._go_on_in((self._in_memory if is_disk_full else self._opened)(refusing.number + 1))
            if refusing.path and not (self._segment and self._segment.path):
                self._say_once(
                    "The disk with the journal takes no more lines. Further ones are kept in memory until the server "
                    "has them: make room, or set CUMULOG_JOURNAL to a folder on another disk."
                )
            with contextlib.suppress(OSError):
                if self._has_room(len(record)) and write(self._file, record) == len(record):
                    return True
        self.written -= 1
        return self._lose("Memory for the journal is full, so further lines are not logged.")

    def _lose(self, why: str) -> bool:
        self._say_once(why)
        return False

    def _say_once(self, why: str) -> None:
        if why not in self._lost:
            self._lost.add(why)
            self._say(why)

    def _roll(self, full: Segment) -> None:
        """Go on in a new segment, or in the full one if there is none."""
        self._unsynced.append(full)
        if not self.chain.head.server:
            # Nobody calls `sync`.
            self.sync()
        is_full = full.size() > SEGMENT_BYTES // 2
        self._go_on_in(self._on_disk(full.number + 1) or (is_full and self._in_memory(full.number + 1)) or full)

    def _go_on_in(self, segment: Segment | None) -> None:
        self._segment, self._file, self._room = segment, segment.file if segment else -1, 0

    def _opened(self, number: int) -> Segment | None:
        return self._on_disk(number) or self._in_memory(number)

    def _on_disk(self, number: int) -> Segment | None:
        if self.chain.folder:
            with contextlib.suppress(OSError):
                return self._begun(Segment.created(self.chain.folder, number))
        return None

    def _in_memory(self, number: int) -> Segment | None:
        if not self._kept and (spare := self._from_spare(number)):
            return spare
        try:
            return self._begun(Segment.in_memory(number))
        except OSError:
            return None

    def _from_spare(self, number: int) -> Segment | None:
        """The room that was kept on the disk, for the last line; None if it is gone."""
        with contextlib.suppress(OSError):
            if self.chain.folder:
                return self._added(Segment.from_spare(self.chain.folder, number, self._opening()))
        return None

    def _next_number(self) -> int:
        segments = list(self.chain.segments)
        return segments[-1].number + 1 if segments else self.chain.place.segment + 1

    def _opening(self) -> bytes:
        return packed(Kind.OPEN, 0, self._head)

    def _begun(self, segment: Segment) -> Segment:
        head = self._opening()
        try:
            is_whole = write(segment.file, head) == len(head)
        except OSError:
            is_whole = False
        if not is_whole:
            segment.remove()
            raise OSError("The disk is full.")
        return self._added(segment)

    def _added(self, segment: Segment) -> Segment:
        self.chain.segments.append(segment)
        return segment


def _sync(segment: Segment) -> None:
    if segment.path:
        with contextlib.suppress(OSError):
            os.fdatasync(segment.file) if hasattr(os, "fdatasync") else os.fsync(segment.file)


def _bound() -> int:
    text = os.environ.get("CUMULOG_JOURNAL_MB", "")
    return int(text) << 20 if text.isdigit() else DISK_BYTES


def _made(head: Head, rank: str) -> tuple[Path | None, Lock | None]:
    """A folder with a lock that is held before anybody can find the folder."""
    root = places.writable()
    if root is None:
        return None, None
    name = f"{head.run_id}.{rank or '-'}.{os.getpid()}.{os.urandom(4).hex()}"
    fresh, folder = root / f"{places.FRESH}{name}", root / name
    try:
        fresh.mkdir(mode=0o700)
        lock = Lock.opened(fresh / LOCK)
        if lock is None:
            return None, None
        lock.hold(WRITING)
        if head.server:
            lock.hold(DELIVERING)
        keep_spare(fresh)
        fresh.rename(folder)
        lock.moved(folder / LOCK)
    except OSError:
        places.remove(fresh)
        return None, None
    return folder, lock
