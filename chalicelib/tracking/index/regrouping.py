"""Regrouping after an experiment is deleted or restored: runs that differed from it now follow it, so their rows move.

Until the rows have moved, a search reads both groups (`lifecycle.groups`). To move a run, the sweeper opens it; when
the run is sealed again, its rows are put into the right group.
"""

from contextlib import suppress
from itertools import islice

from chalicelib import clock
from chalicelib.search.intervals import EVERYTHING, START_TIME
from chalicelib.search.rows import row
from chalicelib.storage import keys, tables
from chalicelib.storage.failures import ConditionFailed
from chalicelib.storage.items import ExperimentItem, RunInfo
from chalicelib.tracking.experiments import lifecycle
from chalicelib.tracking.index.index_rows import partition
from chalicelib.tracking.runs import runs

_RUNS_AT_ONCE = 100
# A sealing that began before the experiment changed is over after this time, so its earlier groups get no more rows.
_SETTLING_MS = 300_000


def regroup(experiment: ExperimentItem) -> None:
    """Open some of the runs whose rows are in a group of an earlier epoch; when none is left, record that."""
    if experiment.settled >= experiment.epoch:
        return
    left = [
        run_id for epoch in range(int(experiment.settled), int(experiment.epoch)) for run_id in _runs(experiment, epoch)
    ]
    for run_id in left:
        info = tables.get(RunInfo, keys.run(run_id), keys.INFO)
        if info is not None and info.phase == runs.SEALED:
            runs.reopen(info)
    if not left and experiment.last_update_time < clock.now_ms() - _SETTLING_MS:
        with suppress(ConditionFailed):
            tables.update(
                experiment,
                [ExperimentItem.settled.set(experiment.epoch)],
                ExperimentItem.epoch == experiment.epoch,
            )


def _runs(experiment: ExperimentItem, epoch: int) -> list[str]:
    pk = partition(experiment.experiment_id, lifecycle.differs(epoch), START_TIME)
    return [row(key).run_id for key in islice(tables.query_keys(pk, *EVERYTHING), _RUNS_AT_ONCE)]
