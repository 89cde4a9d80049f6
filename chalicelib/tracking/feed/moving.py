"""Moving closed slices of a feed into the logs of the runs, so that what one run holds is read from its own partition.

Each run gets what the slices hold of it as one item of its log, whose position is the last of these slices. The number
of the last moved slice is raised when all is put. So a reader that knows the old number finds the calls in the feed,
one that knows the new number in the logs, and a mover that dies is repeated by another. Two movers at once put the same
points twice, which readers drop.

The feed keeps what was moved: a reader that is late still finds it.
"""

from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import groupby

from chalicelib.storage import keys, tables
from chalicelib.storage.failures import ConditionFailed
from chalicelib.storage.items import ExperimentItem, LogCall
from chalicelib.tracking.experiments import recent_experiments, slices
from chalicelib.tracking.feed import reading
from chalicelib.tracking.feed.reading import Entry
from chalicelib.tracking.series import points
from chalicelib.tracking.series.packing import PART_BYTES, pack, split, unpack
from chalicelib.tracking.series.portions import portions

# Slices that are read side by side, a page of 1 MB of each.
_AT_ONCE = 16
# What is held in memory of one run, packed.
_PORTION_BYTES = 4_000_000


def move(item: ExperimentItem, last: int) -> ExperimentItem:
    """Move the slices up to `last`, all of which are closed; return the experiment as it then is."""
    while (moved := slices.of(item).moved) < last:
        until = min(last, moved + _AT_ONCE)
        tables.put_all(_items(item, moved + 1, until))
        item = _noted(item, moved, until)
    return item


def _noted(item: ExperimentItem, before: int, until: int) -> ExperimentItem:
    unchanged = ExperimentItem.moved == before if before else ExperimentItem.moved.does_not_exist()
    try:
        tables.update(item, [ExperimentItem.moved.set(until)], unchanged)
    except ConditionFailed:
        # Another sweeper has moved them too.
        found = tables.get(ExperimentItem, item.pk, item.sk)
        item = found if found is not None else item
    recent_experiments.forget(item.experiment_id)
    return item


def _items(item: ExperimentItem, first: int, last: int) -> Iterator[LogCall]:
    several = (reading.of_slice(item, each) for each in range(first, last + 1))
    calls = (entry for entry in merge(*several, key=_run_id) if entry.points is not None)
    for run_id, together in groupby(calls, key=_run_id):
        yield from _of_run(run_id, keys.slice_position(last), together)


def _of_run(run_id: str, position: int, calls: Iterable[Entry]) -> Iterator[LogCall]:
    number = 0
    for portion in portions(calls, lambda call: len(call.points or b""), _PORTION_BYTES):
        found = points.distinct(point for call in portion for point in unpack(call.points or b""))
        received_ms = max(call.received_ms for call in portion)
        for part in split(found, PART_BYTES):
            yield LogCall(keys.run(run_id), keys.log(position, f"{number:06d}"), points=pack(part), last=received_ms)
            number += 1


def _run_id(entry: Entry) -> str:
    return entry.run_id
