"""Sealed runs that this process has read, for as long as it would have noticed that one of them was opened.

A write to a sealed run opens it first, and the experiment's feed tells so before the write is acknowledged. So a run
that was read stays as it was while this process follows the feed: each view of an experiment's open runs has a number
(`live_runs.View.since`), which it keeps while it is brought up to date, and under which runs are kept here.
"""

from collections.abc import Mapping
from threading import Lock
from typing import NamedTuple

from chalicelib.remembered import known_to_tests
from chalicelib.search.record import Record
from chalicelib.tracking.runs.reading import Run

# In characters of replies; Python's objects take some five times as much memory.
_MOST_KEPT = 10_000_000


class Following(NamedTuple):
    """The experiments that a search follows, each with the number of its view, and how many runs were opened before."""

    views: Mapping[str, int]
    opened: int


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


RUNS = _Runs()
