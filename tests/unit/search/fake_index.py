"""The index in memory: rows as `index_rows` makes them, read as `run_index` reads them."""

import heapq
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from chalicelib.search.field import Field
from chalicelib.search.intervals import Interval
from chalicelib.search.record import Record
from chalicelib.search.rows import Row, row
from chalicelib.tracking.index.index_rows import Key, partition

Scope = tuple[str, str]
"""An experiment's id and a group of its runs."""


class FakeTable:
    """The sort keys of each partition, in their order."""

    def __init__(self, keys: Iterable[Key]) -> None:
        found: dict[str, set[str]] = defaultdict(set)
        for pk, sk in keys:
            found[pk].add(sk)
        self._keys = {pk: sorted(each) for pk, each in found.items()}

    def between(self, pk: str, interval: Interval, forward: bool) -> Iterator[str]:
        keys = self._keys.get(pk, [])
        # DynamoDB refuses a BETWEEN whose bounds are the wrong way round.
        assert interval.high is None or interval.low <= interval.high, interval
        low = bisect_left(keys, interval.low)
        high = len(keys) if interval.high is None else bisect_left(keys, interval.high)
        assert keys[low : low + 1] != [interval.low], "a key equals a bound"
        assert keys[high : high + 1] != [interval.high], "a key equals a bound"
        numbers = range(low, high)
        return (keys[number] for number in (numbers if forward else reversed(numbers)))


class FakeIndex:
    """The rows of some scopes as one, and the runs; it counts what is read, and remembers what was asked.

    With `is_known` the keys of each interval are known, as if they had been read to their end before.
    """

    def __init__(self, table: FakeTable, scopes: Sequence[Scope], runs: Mapping[str, Record]) -> None:
        self._table, self._scopes, self._runs = table, scopes, runs
        self.is_known = False
        self.rows_read = self.runs_read = 0
        self.asked: list[tuple[Field, Interval, bool]] = []

    @property
    def partitions(self) -> int:
        return len(self._scopes)

    def rows(self, field: Field, interval: Interval, forward: bool = True, at_once: int = 100) -> Iterator[Row]:
        assert at_once > 0
        return map(row, self._keys(field, interval, forward))

    def keys(self, field: Field, interval: Interval) -> Iterable[str]:
        keys = self._keys(field, interval, forward=True)
        return list(keys) if self.is_known else keys

    def records(self, run_ids: Iterable[str]) -> Mapping[str, Record]:
        wanted = list(run_ids)
        # DynamoDB refuses a BatchGetItem that names an item twice.
        assert len(wanted) == len(set(wanted)), "a run is asked for twice"
        self.runs_read += len(wanted)
        return {run_id: self._runs[run_id] for run_id in wanted if run_id in self._runs}

    def _keys(self, field: Field, interval: Interval, forward: bool) -> Iterator[str]:
        self.asked.append((field, interval, forward))
        partitions = [partition(experiment_id, group, field) for experiment_id, group in self._scopes]
        streams = [self._table.between(pk, interval, forward) for pk in partitions]
        return map(self._counted, heapq.merge(*streams, reverse=not forward))

    def _counted(self, key: str) -> str:
        self.rows_read += 1
        return key


def table_of(*keys: Iterable[Key]) -> FakeTable:
    return FakeTable(chain.from_iterable(keys))
