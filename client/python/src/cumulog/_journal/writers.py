"""Writing the lines of one process to one run. `append` is called by the training loop, so it has to be quick.

A line that `append` took survives a kill of the process. `sync`, which the deliverer calls once a second, makes it
survive a loss of power too. On a full disk the journal goes on in memory, up to a bound, and says so.
"""

import contextlib
import os
import secrets
import threading
from collections.abc import Callable
from pathlib import Path

from cumulog._journal import places
from cumulog._journal.chains import FILES, LOCK, Chain, Head
from cumulog._journal.locks import DELIVERING, WRITING, Lock
from cumulog._journal.records import MOST_PAYLOAD, Kind, packed
from cumulog._journal.segments import SEGMENT_BYTES, Segment

MEMORY_BYTES = 64 << 20
DISK_BYTES = 2 << 30

Say = Callable[[str], None]


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
        self.chain = Chain(folder, lock, head, is_over=False)
        self._segment = self._opened(1)
        self._size = self._bytes = len(self._head)
        self._bound = _bound()
        self._synced = 0
        self._lost: set[str] = set()

    @property
    def files(self) -> Path | None:
        """Where files are kept until they are delivered; None if nothing can be written."""
        return self.chain.folder / FILES if self.chain.folder else None

    def append(self, kind: int, payload: bytes) -> bool:
        """Write down a line; False if there is no room for it, which is said once."""
        with self._lock:
            record = packed(kind, self.written + 1, payload)
            if self._segment is None or self._size > self._bound or len(payload) > MOST_PAYLOAD:
                return self._written_with_care(record)
            self.written += 1
            self._size += len(record)
            self._bytes += len(record)
            try:
                if os.write(self._segment.file, record) != len(record):
                    return self._elsewhere(record)
            except OSError:
                return self._elsewhere(record)
            if self._bytes > SEGMENT_BYTES:
                self._roll()
            return True

    def sync(self) -> None:
        """Make what was written last through a loss of power."""
        segment, written = self._segment, self.written
        if segment and segment.path and written != self._synced:
            with contextlib.suppress(OSError):
                os.fdatasync(segment.file) if hasattr(os, "fdatasync") else os.fsync(segment.file)
            self._synced = written

    def close(self) -> None:
        """No further lines come: when the server has those that came, the journal may be deleted."""
        self.sync()
        with self._lock:
            # A descriptor that is closed later must not be written to: it may be somebody else's by then.
            self._segment = None
            self.is_closed = self.chain.is_over = True
        if not self.chain.head.server:
            # Nobody in this process delivers it.
            self.chain.close()

    def _written_with_care(self, record: bytes) -> bool:
        """The rare cases: a line too long, a journal that is full, or no place to write to."""
        if len(record) > MOST_PAYLOAD:
            return self._lose("A line of more than 4 MiB was not logged: log it as an artifact.")
        if self.is_closed:
            return self._lose("The run was deleted, or ended in another thread, so further lines are not logged.")
        if self._segment is None:
            return self._lose("Lines are not logged: neither the disk nor memory takes a journal. Set CUMULOG_JOURNAL.")
        self._size = self.chain.bytes_left()
        if self._size > self._bound:
            return self._lose(
                f"The journal holds {self._bound >> 20} MiB that the server does not have, so further lines are not "
                "logged. Send them by `cumulog sync`, or set CUMULOG_JOURNAL_MB to more."
            )
        self._size += len(record)
        self.written += 1
        return os.write(self._segment.file, record) == len(record) or self._elsewhere(record)

    def _elsewhere(self, record: bytes) -> bool:
        """Write to memory what the disk refused. What it took of the record is cut off, or passed over by readers."""
        if self._segment and self._segment.path is None:
            return self._lose("Memory for the journal is full, so further lines are not logged.")
        self._say(
            "The disk with the journal takes no more lines. Further ones are kept in memory until the server has them: "
            "make room, or set CUMULOG_JOURNAL to a folder on another disk."
        )
        self._bound = min(self._bound, self.chain.bytes_left() + MEMORY_BYTES)
        self._segment = self._in_memory(self._segment.number + 1 if self._segment else 1)
        return self._segment is not None and os.write(self._segment.file, record) == len(record)

    def _lose(self, why: str) -> bool:
        if why not in self._lost:
            self._lost.add(why)
            self._say(why)
        return False

    def _roll(self) -> None:
        """Go on in a new segment."""
        if self._segment and self._segment.path:
            self.sync()
            with contextlib.suppress(OSError):
                self._segment = self._begun(Segment.created(self._segment.path.parent, self._segment.number + 1))
        self._bytes = 0

    def _opened(self, number: int) -> Segment | None:
        if self.chain.folder:
            with contextlib.suppress(OSError):
                return self._begun(Segment.created(self.chain.folder, number))
        return self._in_memory(number)

    def _in_memory(self, number: int) -> Segment | None:
        try:
            return self._begun(Segment.in_memory(number))
        except OSError:
            return None

    def _begun(self, segment: Segment) -> Segment:
        head = packed(Kind.OPEN, 0, self._head)
        if os.write(segment.file, head) != len(head):
            raise OSError("The disk is full.")
        self.chain.segments.append(segment)
        return segment


def _bound() -> int:
    text = os.environ.get("CUMULOG_JOURNAL_MB", "")
    return int(text) << 20 if text.isdigit() else DISK_BYTES


def _made(head: Head, rank: str) -> tuple[Path | None, Lock | None]:
    """A folder with a lock that is held before anybody can find the folder."""
    root = places.writable()
    if root is None:
        return None, None
    name = f"{head.run_id}.{rank or '-'}.{os.getpid()}.{secrets.token_hex(4)}"
    fresh, folder = root / f"{places.FRESH}{name}", root / name
    try:
        fresh.mkdir(mode=0o700)
        lock = Lock.opened(fresh / LOCK)
        if lock is None:
            return None, None
        lock.hold(WRITING)
        if head.server:
            lock.hold(DELIVERING)
        fresh.rename(folder)
        lock.moved(folder / LOCK)
    except OSError:
        return None, None
    return folder, lock
