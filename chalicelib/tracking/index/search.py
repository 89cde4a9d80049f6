"""Searching runs. A search examines the open runs, finds the sealed ones through the index, and sorts both together.

The list of open runs is read first. A run that is not on it is sealed and has all its index rows, because opening and
sealing add the new entry before they remove the old one. An open run is not looked up in the index, where it may be out
of date.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from chalicelib.access import identity
from chalicelib.edge import replies
from chalicelib.search.hunt import Found, Limits, hunt
from chalicelib.search.search import Page, Query, Search, parse
from chalicelib.storage import capacity, page_secret, parallel
from chalicelib.storage.items import DatasetItem
from chalicelib.tracking.experiments import populated, recent_experiments, resources
from chalicelib.tracking.experiments.lifecycle import VIEWED_STAGES
from chalicelib.tracking.index import open_runs
from chalicelib.tracking.index.live import Live
from chalicelib.tracking.index.run_index import RunIndex
from chalicelib.tracking.index.run_records import Stages
from chalicelib.tracking.index.schemas import SearchRuns
from chalicelib.tracking.index.vocabulary import RUNS
from chalicelib.tracking.runs import datasets
from chalicelib.tracking.runs import replies as run_replies
from chalicelib.tracking.runs.reading import Run

# Runs whose datasets are loaded together.
_SHOWN_AT_ONCE = 100


class FoundRuns(NamedTuple):
    """The page of runs that answers a question: their records and, in the same order, themselves."""

    question: Search
    page: Page
    runs: list[Run]


def search(request: SearchRuns) -> dict[str, Any]:
    """Return one page of the experiments' matching runs. Raises InvalidParameterValue before it reads anything."""
    question, page, runs = find(parsed(request), request, replies.MOST_BYTES)
    # A dataset's schema may be of any size.
    plain = not any(run.inputs or run.model_inputs or run.outputs for run in runs)
    if plain and replies.is_small(sum(each.size for each in page.records)):
        return replies.small_page("runs", page, _messages(runs))
    return replies.page("runs", question, page, _messages(runs), run_replies.shortened)


def find(question: Search, request: SearchRuns, size: int) -> FoundRuns:
    """Return one page of runs, which ends once they would take so many bytes in a reply of `search`."""
    until = parallel.deadline()
    reading = recent_experiments.reading()
    with open_runs.begun_for(request.experiment_ids or ()) as begun:
        existing = resources.readable_items(request.experiment_ids or ())
        experiment_ids = [str(item.experiment_id) for item in existing]
        populous = frozenset(populated.with_open_runs(experiment_ids))
        still_open = open_runs.of((item for item in existing if item.experiment_id in populous), until, begun)
    # The replies take each run's lifecycle stage from the cached experiment.
    recent_experiments.keep(reading, existing)
    stages = Stages(existing, VIEWED_STAGES[request.run_view_type])
    open_ids = still_open.ids()
    looked_at = still_open.matching(question, stages)
    newest = populated.newest_sealed(experiment_ids, still_open.listings())
    index = RunIndex(existing, stages, newest, still_open.following(), until)
    found = hunt(question, index, open_ids, Limits(question.max_results, size, until))
    capacity.tell(f"{len(open_ids)} open; {found.plan}")
    page = _page(question, found, [live.comparable for live in looked_at])
    return _shown(question, page, {live.texts.id: live for live in looked_at}, index.runs)


def _shown(question: Search, page: Page, looked_at: Mapping[str, Live], sealed: Mapping[str, Run]) -> FoundRuns:
    """The page, for which the metrics of open runs are worked out now."""
    lives = [looked_at.get(record.id) for record in page.records]
    pairs = list(zip(lives, page.records, strict=True))
    runs = [live.run if live else sealed[record.id] for live, record in pairs]
    return FoundRuns(question, page._replace(records=[live.record if live else record for live, record in pairs]), runs)


def _page(question: Search, found: Found, others: Sequence[Any]) -> Page:
    together = [*found.records, *others]
    end = found.cut or (question.ordering.position(found.records[-1]) if found.more else None)
    if end is not None:
        # After it there may be sealed runs that were not examined.
        last = question.ordering.key(end)
        together = [each for each in together if question.key(each) <= last]
    shown = question.ordering.first(together, question.max_results)
    if len(shown) < len(together) or (found.more and found.cut is None):
        return Page(shown, question.token_after(shown[-1]))
    return Page(shown, None if found.cut is None else question.token_at(found.cut))


def parsed(request: SearchRuns) -> Search:
    """Return what is asked for. Raises InvalidParameterValue."""
    return parse(
        Query(
            vocabulary=RUNS,
            filter=request.filter or "",
            order_by=request.order_by or (),
            max_results=request.max_results,
            page_token=request.page_token or "",
            scope=f"{sorted(request.experiment_ids or ())} {request.run_view_type}",
            principal=identity.current().name,
            secret=page_secret.current,
        )
    )


def _messages(shown: Sequence[Run]) -> Iterator[dict[str, Any]]:
    """The Run messages. Datasets are loaded for some runs at a time: a full reply needs none of those behind it."""
    for at in range(0, len(shown), _SHOWN_AT_ONCE):
        together = shown[at : at + _SHOWN_AT_ONCE]
        known: dict[str, dict[str, DatasetItem]] = {}
        for experiment_id in {run.info.experiment_id for run in together}:
            used = [edge for run in together if run.info.experiment_id == experiment_id for edge in run.inputs]
            known[experiment_id] = datasets.of(experiment_id, used)
        yield from (run_replies.run(run, known[run.info.experiment_id]) for run in together)
