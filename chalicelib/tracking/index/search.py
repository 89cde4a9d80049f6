"""Searching runs. A search examines the open runs, finds the sealed ones through the index, and sorts both together.

The list of open runs is read first. A run that is not on it is sealed and has all its index rows, because opening and
sealing add the new entry before they remove the old one. An open run is not looked up in the index, where it may be out
of date.
"""

import time
from collections.abc import Iterator, Sequence
from typing import Any

from chalicelib.access import identity
from chalicelib.edge import replies
from chalicelib.search.hunt import Found, Limits, hunt
from chalicelib.search.search import Page, Query, Search, parse
from chalicelib.storage import capacity, page_secret, parallel
from chalicelib.tracking.experiments import experiments, recent_experiments, resources
from chalicelib.tracking.experiments.lifecycle import VIEWED_STAGES
from chalicelib.tracking.index import open_runs
from chalicelib.tracking.index.run_index import RunIndex
from chalicelib.tracking.index.run_records import Stages
from chalicelib.tracking.index.schemas import SearchRuns
from chalicelib.tracking.index.vocabulary import RUNS
from chalicelib.tracking.runs import inputs
from chalicelib.tracking.runs import replies as run_replies
from chalicelib.tracking.runs.reading import Run

# API Gateway gives up after 29 seconds. After this time a page ends where it is, with a token.
_SECONDS = 20.0


def search(request: SearchRuns) -> dict[str, Any]:
    """Return one page of the experiments' matching runs. Raises InvalidParameterValue before it reads anything."""
    experiment_ids = [str(int(each)) for each in request.experiment_ids or ()]
    question = _parsed(request, experiment_ids)
    deadline = time.monotonic() + _SECONDS
    reading = recent_experiments.reading()
    # The experiments' items give the stages of their runs; the open runs can be listed at the same time.
    existing, open_ids = parallel.both(
        lambda: experiments.load_several(experiment_ids), lambda: open_runs.ids_of(experiment_ids)
    )
    existing = [item for item in existing if resources.is_readable(item)]
    # The replies take each run's lifecycle stage from the cached experiment.
    recent_experiments.keep(reading, existing)
    stages = Stages(existing, VIEWED_STAGES[request.run_view_type])
    looked_at = open_runs.search(question, open_ids, stages)
    index = RunIndex(existing, stages)
    found = hunt(question, index, open_ids, Limits(question.max_results, replies.MOST_BYTES, deadline))
    capacity.tell(f"{len(open_ids)} open; {found.plan}")
    runs = {**index.runs, **{record.id: run for record, run in looked_at}}
    page = _page(question, found, [record for record, _ in looked_at])
    shown = [runs[each.id] for each in page.records]
    # A dataset's schema may be of any size.
    plain = not any(run.inputs or run.model_inputs or run.outputs for run in shown)
    small = plain and replies.is_small(sum(each.size for each in page.records))
    return replies.page("runs", question, page, _messages(shown), small)


def _page(question: Search, found: Found, others: Sequence[Any]) -> Page:
    together = sorted([*found.records, *others], key=question.key)
    end = found.cut or (question.ordering.position(found.records[-1]) if found.more else None)
    if end is not None:
        # After it there may be sealed runs that were not examined.
        last = question.ordering.key(end)
        together = [each for each in together if question.key(each) <= last]
    shown = together[: question.max_results]
    if len(shown) < len(together) or (found.more and found.cut is None):
        return Page(shown, question.token_after(shown[-1]))
    return Page(shown, None if found.cut is None else question.token_at(found.cut))


def _parsed(request: SearchRuns, experiment_ids: Sequence[str]) -> Search:
    return parse(
        Query(
            vocabulary=RUNS,
            filter=request.filter or "",
            order_by=request.order_by or (),
            max_results=request.max_results,
            page_token=request.page_token or "",
            scope=f"{sorted(set(experiment_ids))} {request.run_view_type}",
            principal=identity.current().name,
            secret=page_secret.current,
        )
    )


def _messages(shown: Sequence[Run]) -> Iterator[dict[str, Any]]:
    datasets: dict[str, Any] = {}
    for experiment_id in {run.info.experiment_id for run in shown}:
        edges = [edge for run in shown if run.info.experiment_id == experiment_id for edge in run.inputs]
        datasets[experiment_id] = inputs.datasets_of(experiment_id, edges)
    for run in shown:
        yield run_replies.run(run, datasets[run.info.experiment_id])
