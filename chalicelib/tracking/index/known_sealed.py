"""What this process has read of sealed runs, for as long as it would have noticed that one of them was opened.

A write to a sealed run opens it first, and the experiment's feed tells so before the write is acknowledged. So a run
that was read stays as it was while this process follows the feed: each view of an experiment's open runs has a number
(`live_runs.View.since`), which it keeps while it is brought up to date, and under which runs are kept here.

Rows of the index stay as they were until the view's next look at which runs are open (`live_runs.View.listing`): until
then every run that is opened or sealed stays in the view, and a search passes over what the index says of it. What was
put right in an index is seen after a minute.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from threading import Lock
from typing import NamedTuple

from chalicelib import clock
from chalicelib.remembered import known_to_tests
from chalicelib.search.record import Record
from chalicelib.tracking.runs.reading import Run

# In characters of replies; Python's objects take some five times as much memory.
_MOST_KEPT = 10_000_000
# Keys of rows, of some 200 bytes each.
_MOST_ROWS = 100_000
_ROWS_SECONDS = 60.0


class Following(NamedTuple):
    """The experiments that a search follows, each with the number of its view, and how many runs were opened before.

    `listings` has the number of each view's last look at what is open.
    """

    views: Mapping[str, int]
    opened: int
    listings: Mapping[str, int]


class Known(NamedTuple):
    """A sealed run and how searches see it, read under a view of this number (None: under no view)."""

    run: Run
    record: Record
    since: int | None


class _Runs:
    def __init__(self) -> None:
        self._runs: dict[str, Known] = {}
        self._size = 0
        self._opened = 0
        self._lock = Lock()
        known_to_tests(self)

    def opened(self) -> int:
        """How many runs were opened so far. Call this before the views are brought up to date."""
        return self._opened

    def get(self, run_id: str, following: Following) -> Known | None:
        """The run, if its experiment is followed since it was read."""
        known = self._runs.get(run_id)
        return known if known and following.views.get(known.run.info.experiment_id) == known.since else None

    def keep(self, run: Run, record: Record, following: Following) -> Known:
        """Keep a run that was just read, unless nobody follows its experiment or a run was opened meanwhile."""
        known = Known(run, record, following.views.get(run.info.experiment_id))
        with self._lock:
            if known.since is not None and following.opened == self._opened:
                self._drop(known.record.id)
                self._runs[known.record.id] = known
                self._size += known.record.size
                while self._size > _MOST_KEPT:
                    self._drop(next(iter(self._runs)))
        return known

    def forget(self, run_id: str) -> None:
        """Call this when the feed tells that a run was opened."""
        with self._lock:
            self._opened += 1
            self._drop(run_id)

    def forget_all(self) -> None:
        with self._lock:
            self._opened += 1
            self._runs.clear()
            self._size = 0

    def _drop(self, run_id: str) -> None:
        known = self._runs.pop(run_id, None)
        self._size -= known.record.size if known else 0


class _Rows:
    """The keys of rows that were read to their end, by the place where they are, which names the listings."""

    def __init__(self) -> None:
        self._rows: dict[Hashable, tuple[float, Sequence[str]]] = {}
        self._count = 0
        self._lock = Lock()
        known_to_tests(self)

    def get(self, place: Hashable) -> Sequence[str] | None:
        """All keys there, if they were read lately."""
        since, keys = self._rows.get(place, (0.0, None))
        return keys if keys is not None and clock.steady_s() - since < _ROWS_SECONDS else None

    def kept(self, place: Hashable, keys: Iterator[str]) -> Iterator[str]:
        """The keys there as they are read; they are kept when all were taken, unless they are too many."""
        since = clock.steady_s()
        found: list[str] = []
        for key in keys:
            if len(found) <= _MOST_ROWS:
                found.append(key)
            yield key
        if len(found) <= _MOST_ROWS:
            self._keep(place, since, found)

    def forget_all(self) -> None:
        with self._lock:
            self._rows.clear()
            self._count = 0

    def _keep(self, place: Hashable, since: float, keys: Sequence[str]) -> None:
        with self._lock:
            self._drop(place)
            self._rows[place] = since, keys
            self._count += 1 + len(keys)
            while self._count > _MOST_ROWS:
                self._drop(next(iter(self._rows)))

    def _drop(self, place: Hashable) -> None:
        _, keys = self._rows.pop(place, (0.0, None))
        self._count -= 0 if keys is None else 1 + len(keys)


RUNS = _Runs()
ROWS = _Rows()
