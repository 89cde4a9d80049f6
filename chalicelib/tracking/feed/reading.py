"""Reading an experiment's feed: all that is new of its runs, or what it holds of one run."""

from collections.abc import Iterator, Set
from heapq import merge
from operator import attrgetter
from typing import NamedTuple

from chalicelib.storage import keys, parallel, tables
from chalicelib.storage.items import ExperimentItem, RunInfo
from chalicelib.tracking.experiments import recent_experiments, slices


class Entry(NamedTuple):
    """A log call with its packed points, or news, or both."""

    key: str
    slice: int
    run_id: str
    received_ms: int
    points: bytes | None
    news: str | None


def since(experiment_id: str, shards: int, first: int, but: Set[str]) -> Iterator[Entry]:
    """Everything from a slice on but what has these keys, of a feed that has so many shards."""
    return _of_shards(experiment_id, shards, keys.feed_slice(first), None, but)


def of_slice(item: ExperimentItem, number: int) -> Iterator[Entry]:
    """Everything of one slice, by run, of an experiment that was just read."""
    low, high = keys.feed_slice(number), keys.feed_slice(number + 1)
    return _of_shards(item.experiment_id, slices.of(item).shards, low, high)


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
    return list(_entries(keys.feed(info.experiment_id, shard), prefix, prefix + keys.AFTER_ALL))


def _of_shards(
    experiment_id: str, shards: int, low: str, high: str | None, but: Set[str] = frozenset()
) -> Iterator[Entry]:
    partitions = [keys.feed(experiment_id, shard) for shard in range(shards)]
    return merge(*(_entries(pk, low, high, but) for pk in partitions), key=attrgetter("key"))


def _entries(pk: str, low: str, high: str | None, but: Set[str] = frozenset()) -> Iterator[Entry]:
    for raw in tables.query_raw(pk, low, high):
        key = raw["sk"]["S"]
        if key in but:
            continue
        points, news = raw.get("points"), raw.get("news")
        yield Entry(key, *keys.feed_place(key), points and points["B"], news and news["S"])
