"""The open runs of experiments as a search sees them: kept in memory and brought up to date by the experiment's feed.

An experiment that an earlier version wrote to has no feed until the sweeper begins it; its runs are read one by one.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from chalicelib.search.record import Record
from chalicelib.search.search import Search
from chalicelib.storage import keys, tables
from chalicelib.storage.items import ExperimentItem, OpenRun
from chalicelib.storage.parallel import Deadline
from chalicelib.tracking.index import live_runs
from chalicelib.tracking.index.live_runs import Live
from chalicelib.tracking.index.run_records import Stages
from chalicelib.tracking.runs import reading
from chalicelib.tracking.runs.reading import Run


class OpenRuns(NamedTuple):
    """The open runs of some experiments, by experiment and by id.

    `listings` tells for each experiment which of this process's looks at what is open it comes from (`live_runs.View`).
    A run that was sealed after that look is still here.
    """

    by_experiment: Mapping[str, Mapping[str, Live]]
    listings: Mapping[str, int]

    def ids(self) -> frozenset[str]:
        return frozenset(run_id for runs in self.by_experiment.values() for run_id in runs)

    def matching(self, question: Search, stages: Stages) -> list[tuple[Record, Run]]:
        """Those that match, in no particular order."""
        return [
            (each.record, each.run)
            for experiment_id, runs in self.by_experiment.items()
            for each in runs.values()
            if stages.include_marked(experiment_id, each.mark) and question.is_answered_by(each.record)
        ]


def of(experiments: Iterable[ExperimentItem], until: Deadline) -> OpenRuns:
    """The experiments' open runs, including those that were sealed just now."""
    several = list(experiments)
    found = until.each(_of_experiment, several)
    runs, listings = {}, {}
    for item, (of_item, listing) in zip(several, found, strict=True):
        runs[item.experiment_id] = of_item
        if listing is not None:
            listings[item.experiment_id] = listing
    return OpenRuns(runs, listings)


def _of_experiment(item: ExperimentItem) -> tuple[Mapping[str, Live], int | None]:
    if live_runs.is_possible(item):
        view = live_runs.of(item)
        return view.runs, view.listing
    run_ids = [row.sk for row in tables.query(OpenRun, keys.open_runs(item.experiment_id))]
    return {run.info.run_id: live_runs.live(run) for run in reading.read_several(run_ids)}, None
