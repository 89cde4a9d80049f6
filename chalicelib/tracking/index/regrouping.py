"""After an experiment was deleted or restored: runs that differed from it follow it now, and their rows shall too.

Until they do, a search reads both groups (`lifecycle.groups`). A run is moved by opening it; when it is sealed again,
its rows are put where they belong.
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
# A sealing that began before the experiment changed is over by then, so no more rows come into its earlier groups.
_SETTLING_MS = 300_000


def regroup(experiment: ExperimentItem) -> None:
    """Open some of the runs whose rows stand in a group of an earlier epoch; remember it when there are none left."""
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
