"""The index of sealed runs as a search reads it: the rows of several experiments merged, and the runs themselves."""

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice

from chalicelib.search.field import Field
from chalicelib.search.intervals import Interval
from chalicelib.search.record import Record
from chalicelib.search.rows import Row, row
from chalicelib.storage import parallel, tables
from chalicelib.storage.items import ExperimentItem
from chalicelib.tracking.index import sealed_runs
from chalicelib.tracking.index.index_rows import partition
from chalicelib.tracking.index.run_records import Stages, record
from chalicelib.tracking.runs.reading import Run

# The fewest rows of each partition's first page when many partitions are read in parallel.
_LEAST_AT_ONCE = 10


class RunIndex:
    """The sealed runs of some experiments, in one of the wanted lifecycle stages."""

    def __init__(self, experiments: Iterable[ExperimentItem], stages: Stages) -> None:
        self._stages = stages
        self._scopes = [(item.experiment_id, group) for item in experiments for group in stages.groups(item)]
        self.runs: dict[str, Run] = {}

    def rows(self, field: Field, interval: Interval, forward: bool = True, at_once: int = 100) -> Iterator[Row]:
        """Yield a field's rows of all the experiments, in the order of their keys."""
        partitions = [partition(experiment_id, group, field) for experiment_id, group in self._scopes]
        share = max(_LEAST_AT_ONCE, at_once // max(1, len(partitions)))
        streams = [tables.query_keys(pk, *interval, forward=forward, at_once=share) for pk in partitions]
        if len(streams) == 1:
            return map(row, streams[0])
        return map(row, heapq.merge(*_started(streams), reverse=not forward))

    def records(self, run_ids: Iterable[str]) -> Mapping[str, Record]:
        """Return the runs that are in a wanted stage, and keep them in `runs`."""
        sealed = sealed_runs.read(run_ids)
        found = {run_id: run for run_id, run in sealed.items() if self._stages.include(run.info)}
        self.runs.update(found)
        return {run_id: record(run) for run_id, run in found.items()}


def _started(streams: Sequence[Iterator[str]]) -> list[Iterator[str]]:
    """Return the same streams, with their first pages read in parallel."""
    firsts = parallel.each(lambda stream: list(islice(stream, 1)), streams)
    return [chain(first, stream) for first, stream in zip(firsts, streams, strict=True)]
