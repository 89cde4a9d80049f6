"""The index of sealed runs as a search reads it: the rows of several experiments merged, and the runs themselves."""

from collections.abc import Iterable, Iterator, Mapping

from chalicelib.search import codes
from chalicelib.search.field import Field
from chalicelib.search.intervals import START_TIME, Interval
from chalicelib.search.record import Record
from chalicelib.search.rows import Row, row
from chalicelib.storage import tables
from chalicelib.storage.connection import connection
from chalicelib.storage.items import ExperimentItem
from chalicelib.storage.parallel import Deadline
from chalicelib.tracking.index import sealed_runs
from chalicelib.tracking.index.index_rows import partition
from chalicelib.tracking.index.known_sealed import ROWS, RUNS, Following, Known
from chalicelib.tracking.index.merging import Stream, merged
from chalicelib.tracking.index.run_records import Stages, record
from chalicelib.tracking.runs.reading import Run

# The fewest rows of each partition's first page when many partitions are read in parallel.
_LEAST_AT_ONCE = 10
# Rows of the first page for who reads all.
_MANY_AT_ONCE = 128
# So many partitions usually have the newest rows between them.
_LIKELY = 8


class RunIndex:
    """The sealed runs of some experiments, in one of the wanted lifecycle stages.

    `newest` are the experiments that may have some, and when the last of them started (`populated.newest_sealed`).
    `following` says of which experiments this process has noticed all that was opened: it need not read again what it
    knows of their runs.
    """

    def __init__(
        self,
        experiments: Iterable[ExperimentItem],
        stages: Stages,
        newest: Mapping[str, int | None],
        following: Following,
        deadline: Deadline,
    ) -> None:
        self._stages, self._following, self._deadline = stages, following, deadline
        self._scopes = [
            (item.experiment_id, group, _least_key(newest[item.experiment_id]))
            for item in experiments
            if item.experiment_id in newest
            for group in stages.groups(item)
        ]
        self.runs: dict[str, Run] = {}

    @property
    def partitions(self) -> int:
        """How many partitions the rows of one field are in."""
        return len(self._scopes)

    def rows(self, field: Field, interval: Interval, forward: bool = True, at_once: int = 100) -> Iterator[Row]:
        """Yield a field's rows of all the experiments, in the order of their keys. Raises InvalidParameterValue."""
        return map(row, self._keys(field, interval, forward, at_once))

    def keys(self, field: Field, interval: Interval) -> Iterable[str]:
        """Return the keys of these rows, a sequence if they are known. Taking one may raise InvalidParameterValue."""
        listings = [self._following.listings.get(experiment_id) for experiment_id, _, _ in self._scopes]
        read = self._keys(field, interval, forward=True, at_once=_MANY_AT_ONCE)
        if not listings or None in listings:
            return read
        place = (connection(), *(scope[:2] for scope in self._scopes), *listings, field, interval)
        known = ROWS.get(place)
        return ROWS.kept(place, read) if known is None else known

    def _keys(self, field: Field, interval: Interval, forward: bool, at_once: int) -> Iterator[str]:
        is_listing = field == START_TIME and forward
        share = max(_LEAST_AT_ONCE, at_once // max(1, min(self.partitions, _LIKELY) if is_listing else self.partitions))
        streams = [
            Stream(
                least if is_listing else "",
                tables.query_keys(partition(experiment_id, group, field), *interval, forward=forward, at_once=share),
            )
            for experiment_id, group, least in self._scopes
        ]
        return merged(streams, forward, self._deadline)

    def records(self, run_ids: Iterable[str]) -> Mapping[str, Record]:
        """Return the runs that are in a wanted stage, and keep them in `runs`."""
        found = {run_id: known for run_id, known in self._known(run_ids) if self._stages.include(known.run.info)}
        self.runs.update({run_id: known.run for run_id, known in found.items()})
        return {run_id: known.record for run_id, known in found.items()}

    def _known(self, run_ids: Iterable[str]) -> Iterator[tuple[str, Known]]:
        unknown = []
        for run_id in run_ids:
            known = RUNS.get(run_id, self._following)
            if known:
                yield run_id, known
            else:
                unknown.append(run_id)
        for run_id, run in sealed_runs.read(unknown).items():
            yield run_id, RUNS.keep(run, record(run), self._following)


def _least_key(newest: int | None) -> str:
    """No row of the listing of runs that started then or earlier has a lesser key."""
    return "" if newest is None else codes.falling(newest)
