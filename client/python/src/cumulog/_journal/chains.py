"""A chain: what one process logged to one run, as a row of segments, and how much of it the server has."""

import contextlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from cumulog._journal import locks, places, records, segments
from cumulog._journal.locks import DELIVERING, WRITING, Lock, Place
from cumulog._journal.records import Kind, Record
from cumulog._journal.segments import Segment

LOCK = "lock"
FILES = "files"
_READ_BYTES = 1 << 18


class Head(NamedTuple):
    """Whose lines they are: the run's id, and the URL of its server; empty if there was none.

    `birth` is what it takes to create the run if the line that does so cannot be read; empty if another process does.
    In it, `ends` says that this process ends the run, too.
    `parent` is the process that started this one, if it waits for what its children leave; else 0.
    """

    run_id: str
    server: str
    birth: Mapping[str, Any] = MappingProxyType({})
    parent: int = 0

    def packed(self) -> bytes:
        known = {"birth": self.birth, "parent": self.parent}
        more = {name: each for name, each in known.items() if each}
        return json.dumps({"version": 1, "run_id": self.run_id, "server": self.server, **more}).encode()

    @classmethod
    def unpacked(cls, payload: bytes) -> "Head":
        fields: dict[str, Any] = json.loads(payload)
        return cls(str(fields["run_id"]), str(fields["server"]), fields.get("birth", {}), int(fields.get("parent", 0)))


class Chain:
    """The lines from `place` on are still to be delivered."""

    def __init__(self, folder: Path | None, lock: Lock | None, head: Head, is_over: bool) -> None:
        self.folder = folder
        self.head = head
        self.is_over = is_over
        self.place = lock.place() if lock else Place()
        # How many numbers of lines are missing, less those that came twice; and whether the last lines may be damaged.
        self.lost = 0
        self.is_torn = False
        self._last = 0 if self.place == Place() else None
        self._counted = self.place
        self.segments: list[Segment] = []
        self._lock = lock

    def batch(self) -> list[Record]:
        """The next records, whose `end` is a place in the present segment; empty if there are none for now."""
        while self.segments:
            present = self.segments[0]
            if present.number < self.place.segment:
                self._drop_first()
                continue
            offset = self.place.offset if present.number == self.place.segment else 0
            found = self._read(present, offset)
            if found or not self._pass(present):
                self._count_lost(found)
                return found
        return []

    def finish(self) -> str:
        """Delete the journal, as the server has all of it. One that was damaged is put aside; returns what to say."""
        if self.lost <= 0 and not self.is_torn:
            self.remove()
            return ""
        several = f"{self.lost} lines are missing" if self.lost > 0 else "The last lines may be missing"
        missing = "1 line is missing" if self.lost == 1 else several
        self.put_aside()
        return (
            f"{missing} of run {self.head.run_id}: its journal was damaged. What is left of that is in the folder "
            f"'{places.ASIDE}'."
        )

    def advance(self, end: int) -> None:
        """The server has everything before `end` of the present segment."""
        self.place = Place(self.segments[0].number, end)
        if self._lock:
            self._lock.note(self.place)

    def has_lost_creation(self) -> bool:
        """Whether the line that creates the run, the first of this journal, cannot be read."""
        if not self.head.birth or not self.segments:
            return False
        data = self.segments[0].read(0, 2 * records.MOST_PAYLOAD)
        opened = records.whole(data)
        first = records.whole(data, opened.end) if opened else None
        return first is None or first.kind != Kind.CREATE

    def may_be_created(self) -> bool:
        """Whether there is a sign that another process will create the run: its journal, or a rank before this one."""
        return self.folder is not None and (places.rank(self.folder) > 0 or places.has_others(self.folder))

    def bytes_left(self) -> int:
        """How much is still to be delivered."""
        present = [each for each in list(self.segments) if each.number >= self.place.segment]
        done = self.place.offset if present and present[0].number == self.place.segment else 0
        return max(0, sum(each.size() for each in present) - done)

    def bytes_in_memory(self) -> int:
        return sum(each.size() for each in list(self.segments) if each.path is None)

    def lines_left(self) -> int:
        """How many lines are still to be delivered. Reads all of them."""
        return sum(1 for record in self._rest() if record.kind != Kind.OPEN)

    def close(self) -> None:
        """Let go of the journal, for another process to deliver."""
        for each in self.segments:
            each.close()
        self.segments.clear()
        if self._lock:
            self._lock.close()
            self._lock = None

    def remove(self) -> None:
        """Delete the journal: the server has all of it."""
        # Others must not find half a journal, and whoever opens the lock now finds no segments.
        for each in self.segments:
            each.remove()
        if self.folder:
            places.remove(self.folder)
        self.close()

    def save(self) -> None:
        """Put what lies in memory on the disk, if that takes it by now."""
        for at, segment in enumerate(self.segments):
            if segment.path is None and self.folder:
                # Whoever delivers the journal later says what is missing.
                with contextlib.suppress(OSError):
                    self.segments[at] = segment.saved(self.folder)

    def put_aside(self) -> None:
        """Move the journal to where nobody delivers it."""
        if self.folder:
            aside = self.folder.parent / places.ASIDE
            with contextlib.suppress(OSError):
                aside.mkdir(exist_ok=True, mode=0o700)
                self.folder.rename(aside / self.folder.name)
        self.close()

    def _read(self, segment: Segment, offset: int) -> list[Record]:
        size = _READ_BYTES
        while True:
            data = segment.read(offset, size)
            found = [record._replace(end=offset + record.end) for record in records.in_order(data)]
            # A record may be longer than what was read.
            if found or len(data) < size or size > 2 * records.MOST_PAYLOAD:
                return found
            size = 2 * size

    def _pass(self, segment: Segment) -> bool:
        """Go on behind what cannot be read; False if more may still be written there."""
        if self.is_growing(segment):
            return False
        offset = self.place.offset if segment.number == self.place.segment else 0
        data = segment.read(offset, segments.SEGMENT_BYTES + 2 * records.MOST_PAYLOAD)
        if records.whole(data):
            # Written between the last read and the end of the segment.
            return True
        found = records.next_whole(data, 0) if data else None
        if data:
            segment.is_damaged = True
            self._last = _last_of(segment, offset) if self._last is None else self._last
        if found is None:
            # What a full disk took of a line, the next segment has whole; and nobody was told that a line is kept whose
            # process was killed while it wrote it.
            is_last = len(self.segments) == 1 and not records.is_unfinished(data)
            self.is_torn = self.is_torn or (bool(data) and is_last)
            self._drop_first()
        else:
            self.place = Place(segment.number, offset + found)
        return True

    def _count_lost(self, found: Iterable[Record]) -> None:
        for record in found:
            place = Place(self.segments[0].number, record.end)
            if place <= self._counted:
                # It is read again, as the server did not take it.
                continue
            self._counted = place
            if self._last is not None and record.kind != Kind.OPEN:
                # A signal handler that logs within a line has that line's number, and the next one is left out.
                self.lost += record.sequence - self._last - 1
            self._last = max(self._last or 0, record.sequence)

    def is_growing(self, segment: Segment) -> bool:
        """Whether somebody may still append to a segment."""
        return not self.is_over and segment is self.segments[-1]

    def _drop_first(self) -> None:
        first = self.segments.pop(0)
        first.keep() if first.is_damaged else first.remove()
        self.place = Place(first.number + 1, 0)
        if self._lock:
            self._lock.note(self.place)

    def _rest(self) -> Iterator[Record]:
        for segment in list(self.segments):
            offset = self.place.offset if segment.number == self.place.segment else 0
            while found := self._read(segment, offset) if segment.number >= self.place.segment else []:
                yield from found
                offset = found[-1].end


def found(folder: Path, *, also_of_the_living: bool = False) -> Chain | None:
    """The chain in a folder, for this process to deliver; None if another process delivers it, or still writes it."""
    lock = Lock.opened(folder / LOCK) if folder.is_dir() else None
    if lock is None:
        return None
    is_ours = lock.hold(DELIVERING)
    is_over = is_ours and lock.hold(WRITING)
    try:
        if is_ours and (is_over or also_of_the_living):
            return _loaded(folder, lock, is_over)
    except (OSError, ValueError, KeyError):
        # Not a journal: whoever looks after it must see it.
        lock.close()
        raise
    lock.close()
    return None


def servers_of_children(parent: int) -> set[str]:
    """The servers of the journals that children of a process have left."""
    left = set()
    for folder in places.chains():
        with contextlib.suppress(OSError, ValueError, KeyError):
            if chain := found(folder):
                left |= {chain.head.server} if chain.head.parent == parent else set()
                chain.close()
    return left - {""}


def _loaded(folder: Path, lock: Lock, is_over: bool) -> Chain | None:
    opened = [Segment.found(path) for path in segments.paths_in(folder)]
    if not opened:
        lock.close()
        if is_over:
            places.remove(folder)
        return None
    chain = Chain(folder, lock, _head(opened), is_over)
    chain.segments = opened
    return chain


def _last_of(segment: Segment, end: int) -> int | None:
    """The number of the last line before a place in a segment; None if that is not known."""
    numbers = [record.sequence for record in records.in_order(segment.read(0, end))]
    return numbers[-1] if numbers and (numbers[-1] or segment.number == 1) else None


def _head(opened: list[Segment]) -> Head:
    """What the first record of any segment says. Raises ValueError if none is left."""
    for segment in opened:
        first = records.whole(segment.read(0, _READ_BYTES))
        if first and first.kind == Kind.OPEN:
            return Head.unpacked(first.payload)
    raise ValueError("No segment says whose lines they are.")


def forget_parent() -> None:
    locks.forget_parent()
