"""Searching runs. In this version every run of the experiments is read; the matching and paging are `search/`'s."""

from collections.abc import Iterator, Sequence
from typing import Any

from chalicelib.search.record import DatasetRecord, Record
from chalicelib.search.search import Query, Search, parse
from chalicelib.search.vocabulary import RUNS
from chalicelib.storage import keys, parallel, tables
from chalicelib.storage.items import OpenRun, SealedRun
from chalicelib.tracking import experiment_marks, experiments, inputs, reading, replies, runs
from chalicelib.tracking.lifecycle import ACTIVE, DELETED
from chalicelib.tracking.reading import Run
from chalicelib.tracking.schemas import SearchRuns

_CONTEXT_TAG = "mlflow.data.context"
_STAGES = {"ACTIVE_ONLY": {ACTIVE}, "DELETED_ONLY": {DELETED}, "ALL": {ACTIVE, DELETED}}


def search(request: SearchRuns) -> dict[str, Any]:
    """One page of the experiments' runs that match. Raises InvalidParameterValue before anything is read."""
    experiment_ids = [str(int(each)) for each in request.experiment_ids or ()]
    question = _understood(request, experiment_ids)
    stages = _STAGES[request.run_view_type]
    found = {run.info.run_id: run for run in _runs_of(experiment_ids) if experiment_marks.run_stage(run.info) in stages}
    page = question.page(map(record, found.values()))
    return replies.page("runs", question, page, _messages([found[each.id] for each in page.records]))


def record(run: Run) -> Record:
    """A run as filters and order_by see it. Its name is its tag: that is what MLflow searches."""
    info = run.info
    return Record(
        id=info.run_id,
        attributes={
            "run_id": info.run_id,
            "run_name": run.tags.get(runs.RUN_NAME_TAG),
            "status": info.status,
            "user_id": info.user_id,
            "artifact_uri": info.artifact_uri,
            "start_time": None if info.start_time is None else int(info.start_time),
            "end_time": None if info.end_time is None else int(info.end_time),
        },
        metrics={key: point.value for key, point in run.metrics.items()},
        params=run.params,
        tags=run.tags,
        datasets=[DatasetRecord(edge.name, edge.digest, dict(edge.tags).get(_CONTEXT_TAG)) for edge in run.inputs],
    )


def run_ids_of(experiment_id: str) -> list[str]:
    """Every run of an experiment: the open and the sealed. A run on its way from one to the other is in both."""
    open_ids = [row.sk for row in tables.query(OpenRun, keys.open_runs(experiment_id))]
    sealed = tables.query(SealedRun, keys.sealed_runs(experiment_id))
    return list(dict.fromkeys([*open_ids, *(keys.sealed_run_id(row.sk) for row in sealed)]))


def _understood(request: SearchRuns, experiment_ids: Sequence[str]) -> Search:
    return parse(
        Query(
            vocabulary=RUNS,
            filter=request.filter or "",
            order_by=request.order_by or (),
            max_results=request.max_results,
            page_token=request.page_token or "",
            scope=f"{sorted(set(experiment_ids))} {request.run_view_type}",
        )
    )


def _runs_of(experiment_ids: Sequence[str]) -> list[Run]:
    existing = [item.experiment_id for item in experiments.load_several(experiment_ids)]
    listed = parallel.each(run_ids_of, existing)
    return reading.read_several([run_id for run_ids in listed for run_id in run_ids])


def _messages(shown: Sequence[Run]) -> Iterator[dict[str, Any]]:
    datasets: dict[str, Any] = {}
    for experiment_id in {run.info.experiment_id for run in shown}:
        edges = [edge for run in shown if run.info.experiment_id == experiment_id for edge in run.inputs]
        datasets[experiment_id] = inputs.datasets_of(experiment_id, edges)
    for run in shown:
        yield replies.run(run, datasets[run.info.experiment_id])
