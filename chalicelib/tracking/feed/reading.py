"""Reading an experiment's feed: all that is new of its runs, or what it holds of one run."""

from collections.abc import Container, Iterable, Iterator, Mapping
from heapq import merge
from operator import attrgetter
from typing import NamedTuple

from chalicelib.storage import keys, parallel, tables
from chalicelib.storage.items import ExperimentItem, RunInfo
from chalicelib.storage.tables import Raw, Since
from chalicelib.tracking.experiments import recent_experiments, slices

# What is certainly looked at of the last that was seen: a part of it, and what was received so long (ms) before that.
_LATE_PART = 8
_LATE_MS = 250
# Fewer are read again at no cost that matters.
_MANY = 50


class Entry(NamedTuple):
    """A log call with its packed points, or news, or both. `stamp` is `received_ms`, or 0 if it cannot be asked for."""

    key: str
    slice: int
    run_id: str
    received_ms: int
    points: bytes | None
    news: str | None
    stamp: int


def since(experiment_id: str, shards: int, first: int, seen: Mapping[str, int]) -> Iterator[Entry]:
    """Everything from a slice on but what was seen, of a feed that has so many shards. `seen` has stamps by key.

    Of what was received earlier than most that was seen, DynamoDB only counts how much there is. If that is what was
    seen of it, no more is there: nothing is taken out of a slice. Else all is read.
    """
    partitions = [keys.feed(experiment_id, shard) for shard in range(shards)]
    low = keys.feed_slice(first)
    if len(seen) < _MANY:
        yield from _merged((tables.query_raw(pk, low) for pk in partitions), seen)
        return
    least = sorted(seen.values())[-len(seen) // _LATE_PART] - _LATE_MS
    late = [Since(pk, low, "received", least) for pk in partitions]
    found = set()
    for entry in _merged(late, seen):
        found.add(entry.key)
        yield entry
    if sum(each.passed_over for each in late) != sum(stamp < least for stamp in seen.values()):
        yield from _merged((tables.query_raw(pk, low) for pk in partitions), found | seen.keys())


def of_slice(item: ExperimentItem, number: int) -> Iterator[Entry]:
    """Everything of one slice, by run, of an experiment that was just read."""
    low, high = keys.feed_slice(number), keys.feed_slice(number + 1)
    partitions = [keys.feed(item.experiment_id, shard) for shard in range(slices.of(item).shards)]
    return _merged(tables.query_raw(pk, low, high) for pk in partitions)


def calls_of(info: RunInfo) -> list[bytes]:
    """The packed points of a run's calls that are not in its own log yet; some may be there too."""
    return [entry.points for entry in entries_of(info) if entry.points is not None]


def entries_of(info: RunInfo) -> list[Entry]:
    """What the feed holds of a run in the slices that are not moved; some may be in its own log too."""
    places = list(recent_experiments.with_feed(info.experiment_id).slices.may_hold(info.run_id))
    found = parallel.each(lambda place: _of_run(info, *place), places)
    return [entry for entries in found for entry in entries]


def _of_run(info: RunInfo, number: int, shard: int) -> list[Entry]:
    prefix = keys.feed_of_run(number, info.run_id)
    return list(_entries(tables.query_raw(keys.feed(info.experiment_id, shard), prefix, prefix + keys.AFTER_ALL)))


def _merged(partitions: Iterable[Iterable[Raw]], but: Container[str] = ()) -> Iterator[Entry]:
    """In the order of their keys."""
    several = [_entries(rows, but) for rows in partitions]
    return several[0] if len(several) == 1 else merge(*several, key=attrgetter("key"))


def _entries(rows: Iterable[Raw], but: Container[str] = ()) -> Iterator[Entry]:
    for raw in rows:
        key = raw["sk"]["S"]
        if key in but:
            continue
        points, news, received = raw.get("points"), raw.get("news"), raw.get("received")
        stamp = int(received["N"]) if received else 0
        yield Entry(key, *keys.feed_place(key), points and points["B"], news and news["S"], stamp)
