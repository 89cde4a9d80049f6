"""The open runs of experiments as a search sees them: kept in memory and brought up to date by the experiment's feed.

An experiment that an earlier version wrote to has no feed until the sweeper begins it; its runs are read one by one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from typing import NamedTuple

from chalicelib.search.search import Search
from chalicelib.storage import keys, tables
from chalicelib.storage.items import ExperimentItem, OpenRun
from chalicelib.storage.parallel import Deadline
from chalicelib.tracking.index import live_runs
from chalicelib.tracking.index.known_sealed import RUNS, Following
from chalicelib.tracking.index.live import Live
from chalicelib.tracking.index.live_runs import BegunUpdate, View
from chalicelib.tracking.index.run_records import Stages
from chalicelib.tracking.runs import reading


class OpenRuns(NamedTuple):
    """The open runs of some experiments, by experiment and by id, and the views that they come from.

    A run that was sealed after a view's last look at what is open is still in it. Experiments that an earlier version
    wrote to have none. `opened` tells how many sealed runs were opened before the views were brought up to date.
    """

    by_experiment: Mapping[str, Mapping[str, Live]]
    views: Mapping[str, View]
    opened: int

    def listings(self) -> dict[str, int]:
        """The number of each view's last look at what is open."""
        return {experiment_id: view.listing for experiment_id, view in self.views.items()}

    def following(self) -> Following:
        """The experiments whose sealed runs, and the rows of which, need not be read again."""
        since = {experiment_id: view.since for experiment_id, view in self.views.items()}
        return Following(since, self.opened, self.listings())

    def ids(self) -> frozenset[str]:
        return frozenset(run_id for runs in self.by_experiment.values() for run_id in runs)

    def matching(self, question: Search, stages: Stages) -> list[Live]:
        """Those that match, in no particular order."""
        return [
            each
            for experiment_id, runs in self.by_experiment.items()
            for each in runs.values()
            if stages.include_marked(experiment_id, each.mark)
            # Before its metrics are worked out.
            and question.matches_but_for_metrics(each.texts)
            and question.is_answered_by(each.comparable)
        ]


class Begun(NamedTuple):
    """The update that was begun before the experiment was read, and how many sealed runs were opened until then."""

    update: BegunUpdate | None
    opened: int


@contextmanager
def begun_for(experiment_ids: Sequence[str]) -> Iterator[Begun]:
    """Inside the block, in which the experiments are to be read, what is new of their open runs is read as well.

    Of several experiments it is read once it is known which have any.
    """
    opened = RUNS.opened()
    with live_runs.begun_for(experiment_ids[0]) if len(experiment_ids) == 1 else nullcontext() as update:
        yield Begun(update, opened)


def of(experiments: Iterable[ExperimentItem], until: Deadline, begun: Begun) -> OpenRuns:
    """The experiments' open runs, including those that were sealed just now."""
    several = list(experiments)
    found = until.each(lambda item: _of_experiment(item, until, begun.update), several)
    runs: dict[str, Mapping[str, Live]] = {}
    views: dict[str, View] = {}
    for item, of_item in zip(several, found, strict=True):
        if isinstance(of_item, View):
            views[item.experiment_id] = of_item
            runs[item.experiment_id] = of_item.runs
        else:
            runs[item.experiment_id] = of_item
    return OpenRuns(runs, views, begun.opened)


def _of_experiment(item: ExperimentItem, until: Deadline, begun: BegunUpdate | None) -> View | Mapping[str, Live]:
    if live_runs.is_possible(item):
        return live_runs.of(item, until, begun)
    run_ids = [row.sk for row in tables.query(OpenRun, keys.open_runs(item.experiment_id))]
    return {run.info.run_id: Live.of(run) for run in reading.read_several(run_ids)}
