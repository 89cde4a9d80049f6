"""The sweeper's work on one experiment: its feed is cut, moved and digested, then its open runs are folded and sealed.

A slice is moved when that is worth it: moving costs two or three write units a run, whatever the number of its calls.
"""

from collections.abc import Iterator

from chalicelib import clock
from chalicelib.access import filled
from chalicelib.storage import keys, tables
from chalicelib.storage.items import ExperimentItem, OpenRun, RunInfo
from chalicelib.tracking.experiments import slices
from chalicelib.tracking.feed import moving
from chalicelib.tracking.index import digests, live_runs, sealing
from chalicelib.tracking.index.live import Live
from chalicelib.tracking.index.live_runs import View

# As many calls for each run that has any are worth moving, if they are not few altogether.
_CALLS_PER_RUN = 8
LEAST_CALLS = 200
# So many are digested in any case: a search that begins would read them one by one.
MANY_RUNS = 500
# More make each reader that begins slow, and more slices each reader of one run.
_MOST_WAITING = 4_000
_MOST_SLICES = 16


def tend(item: ExperimentItem) -> Iterator[int | None]:
    """Take the experiment's open runs a step further. Yields since when (ms) each waits to be sealed, or None."""
    rows = list(tables.query(OpenRun, keys.open_runs(item.experiment_id)))
    if not rows:
        return
    infos = tables.get_each(RunInfo, [(keys.run(row.sk), keys.INFO) for row in rows])
    found = {info.run_id: info for info in infos}
    if not live_runs.is_possible(item):
        _begin(item)
        for row in rows:
            yield sealing.tend(row, found.get(row.sk), None)
        return
    view = live_runs.of(item)
    before, after = slices.of(item).moved, slices.of(_moved(item, view)).moved
    logs = sealing.Logs(before, after, view.runs)
    for row in rows:
        yield sealing.tend(row, found.get(row.sk), logs)


def _begin(item: ExperimentItem) -> None:
    """Begin the feed of an experiment that has none, once no earlier version is at work that knows of none."""
    if slices.of(item).current == 0 and filled.has_feeds_only():
        slices.advance(item)


def _moved(item: ExperimentItem, view: View) -> ExperimentItem:
    """Move what is closed, and close what is written, if that is worth it."""
    now = slices.of(item)
    if not _is_due(view, now.moved):
        if not item.digest and len(view.runs) >= MANY_RUNS:
            _digest(item, view)
        return item
    closed = slices.closed(item.experiment_id, now)
    if view.counts.get(now.current):
        slices.advance(item)
    if closed > now.moved:
        item = moving.move(item, closed)
        _digest(item, view)
    return item


def _digest(item: ExperimentItem, view: View) -> None:
    digests.save(item, view.first - 1, [(live.run, live.last_ms) for live in view.runs.values()])


def _is_due(view: View, moved: int) -> bool:
    waiting = [live for live in view.runs.values() if live.last_slice > moved]
    return (
        sum(view.counts.values()) >= min(_MOST_WAITING, max(LEAST_CALLS, _CALLS_PER_RUN * len(waiting)))
        or len(view.counts) >= _MOST_SLICES
        or any(map(_is_quiet, waiting))
    )


def _is_quiet(live: Live) -> bool:
    """Whether the run is to be sealed soon, which takes all its calls in its log."""
    return sealing.is_quiet(live.info.status, live.last_ms, clock.now_ms())
