"""Curves: what a chart of many runs and metrics shows, at a cost that depends on what is shown.

A series costs a level of its pyramid, or the parts of the range that is looked at, and in both cases the points that
are not in the pyramid yet: what waits, and the log's tail. So every acknowledged point is in it. With a cursor only
what is new is read.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from chalicelib.access import identity
from chalicelib.access.levels import READ
from chalicelib.errors import ResourceDoesNotExist
from chalicelib.storage import keys, parallel, tables
from chalicelib.storage.items import PyramidItem, RunInfo, Snap
from chalicelib.storage.models import RunsItem
from chalicelib.storage.tables import Key
from chalicelib.tracking.experiments import resources
from chalicelib.tracking.metrics import curve_cursors, curve_reading, history
from chalicelib.tracking.metrics.curve_cursors import Seen
from chalicelib.tracking.metrics.curve_reading import Asked, Folded
from chalicelib.tracking.metrics.history import Call
from chalicelib.tracking.series.packing import unpack
from chalicelib.tracking.series.points import Point
from chalicelib.tracking.series.sketch import Range, Sketch, sketch

# Points of parts that one request reads where pyramids would do too: 1 µs each.
_POINTS_READ = 400_000
_LEAST_POINTS_READ = 30_000
# Points of whole series whose pyramids are coarse; with unpacking and buckets, 8 µs each on a busy machine.
_WHOLE_POINTS_READ = 200_000
# Runs between which the clock is looked at.
_BETWEEN_LOOKS = 8


class Question(NamedTuple):
    """Which metrics of which runs, each once; between which places; and at most how many buckets of each series.

    If `is_relative`, places are milliseconds since the run's start.
    """

    runs: Sequence[str]
    keys: Sequence[str]
    within: Range
    most: int
    is_relative: bool = False


class Curve(NamedTuple):
    """One metric of one run, with the time that relative places are counted from (ms)."""

    run: str
    key: str
    origin: int
    sketch: Sketch


@dataclass
class Curves:
    """The series that exist, or have something new; what is `missing`; and `seen` of each run that was read.

    Runs that there was no time for are in `left`.
    """

    series: list[Curve] = field(default_factory=list)
    missing_runs: list[str] = field(default_factory=list)
    missing_keys: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    seen: dict[str, Seen] = field(default_factory=dict)


class _Run(NamedTuple):
    info: RunInfo
    snap: Snap | None
    rows: Mapping[Key, RunsItem]
    before: Seen | None

    @property
    def watermark(self) -> int:
        return int(self.snap.watermark) if self.snap else 0


def read(question: Question, shown: Mapping[str, Seen]) -> Curves:
    """Read the curves of a question, of runs that were `shown` only what is new."""
    deadline = parallel.deadline()
    rows = tables.get_run_rows(list(_first_rows(question, shown)))
    known = [_run(run_id, rows, shown) for run_id in question.runs]
    readable = _readable([run for run in known if run])
    found = Curves(missing_runs=[run_id for run_id in question.runs if run_id not in readable])
    todo = list(readable.values())
    for at in range(0, len(todo), _BETWEEN_LOOKS):
        if at and deadline.is_over():
            found.left = [run.info.run_id for run in todo[at:]]
            break
        _add(found, parallel.each(lambda run: _of_run(question, run), todo[at : at + _BETWEEN_LOOKS]))
    if not shown and not found.left:
        there = {curve.key for curve in found.series}
        found.missing_keys = [key for key in question.keys if key not in there]
    return found


def _first_rows(question: Question, shown: Mapping[str, Seen]) -> Iterable[Key]:
    for run_id in question.runs:
        pk = keys.run(run_id)
        yield from ((pk, keys.INFO), (pk, keys.SNAP))
        if run_id not in shown:
            yield from (curve_reading.first_item(pk, key, question.within, question.most) for key in question.keys)


def _run(run_id: str, rows: Mapping[Key, RunsItem], shown: Mapping[str, Seen]) -> _Run | None:
    pk = keys.run(run_id)
    info, snap = rows.get((pk, keys.INFO)), rows.get((pk, keys.SNAP))
    if not isinstance(info, RunInfo):
        return None
    return _Run(info, snap if isinstance(snap, Snap) else None, rows, shown.get(run_id))


def _readable(runs: Sequence[_Run]) -> dict[str, _Run]:
    """Those that the caller may read, by their ids."""
    if identity.current().may_all:
        return {run.info.run_id: run for run in runs}
    allowed = {each for each in {run.info.experiment_id for run in runs} if _may_read(each)}
    return {run.info.run_id: run for run in runs if run.info.experiment_id in allowed}


def _may_read(experiment_id: str) -> bool:
    try:
        return identity.may(READ, resources.experiment(experiment_id, fresh=False).thing)
    except ResourceDoesNotExist:
        return False


def _of_run(question: Question, run: _Run) -> tuple[_Run, Seen, list[Curve]]:
    before = run.before
    is_same = before is not None and before.watermark == run.watermark
    calls = list(history.unfolded(run.info, run.snap))
    seen = curve_cursors.seen(run.watermark, calls, before if is_same else None)
    logged = _by_key(curve_cursors.new(calls, before) if before and is_same else calls, question.keys)
    folded = {key: _folded(question, run, key) for key in question.keys}
    return run, seen, list(_curves(question, run, folded, logged))


def _folded(question: Question, run: _Run, key: str) -> Folded:
    """What was folded of a series; with something seen before, what was folded since."""
    if run.before is not None:
        is_same = run.before.watermark == run.watermark
        points = [] if is_same else curve_reading.later(run.info.pk, key, run.before.watermark)
        return Folded(None, points, bool(points))
    if run.snap is None:
        return Folded(None, (), False)
    pk, sort_key = curve_reading.first_item(run.info.pk, key, question.within, question.most)
    item = run.rows.get((pk, sort_key))
    series = len(question.runs) * len(question.keys)
    most_read = max(_LEAST_POINTS_READ, _POINTS_READ // series)
    asked = Asked(run.watermark, question.most, most_read, _WHOLE_POINTS_READ // series)
    within = _within(question, run)
    return curve_reading.read(pk, key, item if isinstance(item, PyramidItem) else None, within, asked)


def _curves(
    question: Question, run: _Run, folded: Mapping[str, Folded], logged: Mapping[str, list[Point]]
) -> Iterable[Curve]:
    within = _within(question, run)
    for key in question.keys:
        points = [*folded[key].points, *logged.get(key, ())]
        if folded[key].exists or points:
            drawn = sketch(within, question.most, points, folded[key].level)
            yield Curve(run.info.run_id, key, _origin(question, run), drawn)


def _by_key(calls: Sequence[Call], wanted: Sequence[str]) -> dict[str, list[Point]]:
    found: dict[str, list[Point]] = defaultdict(list)
    for call in calls:
        for point in unpack(call.points):
            if point.key in wanted:
                found[point.key].append(point)
    return found


def _origin(question: Question, run: _Run) -> int:
    return max(0, int(run.info.start_time or 0)) if question.is_relative else 0


def _within(question: Question, run: _Run) -> Range:
    """The range of the question on the axis of the points."""
    origin, asked = _origin(question, run), question.within
    start = None if asked.start is None else asked.start + origin
    return Range(asked.axis, start, None if asked.end is None else asked.end + origin)


def _add(found: Curves, some: Iterable[tuple[_Run, Seen, list[Curve]]]) -> None:
    for run, seen, series in some:
        found.seen[run.info.run_id] = seen
        found.series += series
