"""An open run in memory: its last calls stay bytes until somebody asks for their points.

A search of hundreds of running jobs meets a call of each of them, compares a metric or two of those that pass its other
comparisons (`last_values.py`), and asks those on the page for all.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from chalicelib.search.record import Record
from chalicelib.storage.items import RunInfo
from chalicelib.tracking.experiments.lifecycle import Mark
from chalicelib.tracking.feed.reading import Entry
from chalicelib.tracking.index.run_records import own_mark, record, with_values
from chalicelib.tracking.runs.reading import Run
from chalicelib.tracking.series import extremes, points
from chalicelib.tracking.series.extremes import Extremes
from chalicelib.tracking.series.last_values import LastValues
from chalicelib.tracking.series.packing import unpack
from chalicelib.tracking.series.points import Point

# More wait for nobody: they would take more memory than their points, which replace one another.
_MOST_CALLS = 8
_MOST_BYTES = 4_000


class _Compared(NamedTuple):
    """The values of a run's metrics as far as they were compared, and the record that has them."""

    values: LastValues
    record: Record


class _Known(NamedTuple):
    """A run and how searches see it, without what its last calls have logged, packed.

    `compared` has these calls, or the first of them.
    """

    run: Run
    record: Record
    calls: tuple[bytes, ...] = ()
    compared: _Compared | None = None


class Live:
    """A run, how searches see it, its own mark, when its last call came (ms, 0: not known) and in which slice.

    `size` is about how much it takes in memory, in characters of a reply. It does not change. Threads share it, and may
    work out the same at the same time.
    """

    __slots__ = ("_known", "last_ms", "last_slice", "mark", "size")

    def __init__(self, known: _Known, mark: Mark | None, last_ms: int, last_slice: int) -> None:
        self._known = known
        self.mark = mark
        self.last_ms = last_ms
        self.last_slice = last_slice
        # Each search adds up the sizes of all runs.
        self.size = known.record.size + sum(map(len, known.calls))

    @classmethod
    def of(cls, run: Run, last_ms: int = 0, last_slice: int = 0) -> "Live":
        return cls(_Known(run, record(run)), own_mark(run.info), last_ms, last_slice)

    @property
    def info(self) -> RunInfo:
        return self._known.run.info

    @property
    def run(self) -> Run:
        return self._complete().run

    @property
    def record(self) -> Record:
        return self._complete().record

    @property
    def texts(self) -> Record:
        """The record, whose metrics and size may be out of date."""
        return self._known.record

    @property
    def comparable(self) -> Record:
        """The record, whose metrics are worked out one by one, and whose size may be out of date."""
        known = self._known
        if not known.calls:
            return known.record
        if known.compared is None or known.compared.values.calls is not known.calls:
            values = LastValues(known.run.metrics, known.calls, known.compared and known.compared.values)
            known = self._known = known._replace(compared=_Compared(values, known.record._replace(metrics=values)))
        assert known.compared is not None
        return known.compared.record

    def with_calls(self, calls: Sequence[bytes], last_ms: int, last_slice: int) -> "Live":
        """The run after further calls, of which it may know some."""
        run, record, before, compared = self._known
        known = _Known(run, record, (*before, *calls), compared)
        if len(known.calls) > _MOST_CALLS or sum(map(len, known.calls)) > _MOST_BYTES:
            known = _unpacked(known)
        return Live(known, self.mark, last_ms, last_slice)

    def _complete(self) -> _Known:
        known = self._known
        if known.calls:
            known = self._known = _unpacked(known)
        return known


def later(before: Live | None, now: Run | None, entries: Sequence[Entry]) -> Live:
    """A run after these entries of the feed; `now` is what was read again, if anything but its metrics has changed."""
    calls: list[bytes] = []
    last_ms, last_slice = (before.last_ms, before.last_slice) if before else (0, 0)
    for entry in entries:
        if entry.points is not None:
            calls.append(entry.points)
            last_ms, last_slice = max(last_ms, entry.received_ms), max(last_slice, entry.slice)
    if now is not None:
        held = [before.run, now] if before else [now]
        return Live.of(_with_points(held, calls), last_ms, last_slice)
    assert before is not None
    return before.with_calls(calls, last_ms, last_slice)


def _unpacked(known: _Known) -> _Known:
    run = _with_points([known.run], known.calls)
    return _Known(run, with_values(known.record, run))


def _with_points(held: Sequence[Run], calls: Iterable[bytes]) -> Run:
    """The last of the runs with the metrics of all of them and further points."""
    logged = [point for call in calls for point in unpack(call)]
    metrics = points.merge(*(run.metrics for run in held))
    points.add_latest(metrics, logged)
    return held[-1].with_metrics(metrics, _extremes(held, logged))


def _extremes(held: Sequence[Run], logged: Iterable[Point]) -> Mapping[str, Extremes] | None:
    """The extremes of the runs' and further points; None if those of a run are not known."""
    known = [run.extremes for run in held if run.extremes is not None]
    if len(known) < len(held):
        return None
    found = extremes.merge(*known)
    extremes.add(found, logged)
    return found
