"""Metrics are an append-only log: one call, one put, whatever the number of keys.

Nothing is read back and nothing overwritten, so any number of writers to one run never conflict, and a batch is there
whole or not at all. A call that is sent again adds the same points again; readers drop the second ones, as MLflow does.
`folding.py` turns the log into what is cheap to read.
"""

from collections.abc import Sequence

from chalicelib import clock
from chalicelib.storage import keys, tables
from chalicelib.storage.items import LogCall, RunInfo
from chalicelib.tracking.logged_models import model_metrics
from chalicelib.tracking.metrics.schemas import LogBatch, LogMetric, Metric
from chalicelib.tracking.runs import params_and_tags, recent_runs, runs
from chalicelib.tracking.series.packing import PART_BYTES, pack, split
from chalicelib.tracking.series.points import Point


def log(run_id: str, metrics: Sequence[Metric | LogMetric]) -> None:
    """Log metrics of an active run. Raises BadRequest, before it stores any, for a model that does not exist."""
    info = recent_runs.recall(run_id, runs.load_for_writing)
    model_metrics.expect(metrics)
    append(info, metrics)


def log_batch(request: LogBatch) -> None:
    """Log params, tags and metrics of an active run. A refused param stores nothing; params and tags go first."""
    params = {param.key: param.value or "" for param in request.params or ()}
    tags = {tag.key: tag.value or "" for tag in request.tags or ()}
    metrics = request.metrics or ()
    if not params and not tags:
        log(request.run_id, metrics)
        return
    if any(metric.model_id for metric in metrics):
        # A run that cannot be written is told before a model that does not exist, as in MLflow.
        recent_runs.recall(request.run_id, runs.load_for_writing)
        model_metrics.expect(metrics)
    append(params_and_tags.log(request.run_id, params, tags), metrics)


def append(info: RunInfo, metrics: Sequence[Metric | LogMetric]) -> None:
    """Log points to a run that is open for writing, and those of logged models to these too.

    Parts of a call beyond the first, and what goes to models, are not one write with it: a crash in between leaves an
    unacknowledged call half logged, and sending it again completes it.
    """
    unique = clock.short_id()
    points = [Point(metric.key, metric.value, metric.timestamp, metric.step or 0) for metric in metrics]
    for number, part in enumerate(split(points, PART_BYTES)):
        # The time of this put, not of the request: the fold relies on a put being done soon after its key says. And
        # never a time that was folded: a clock that was ahead and is put right must not hide what comes after.
        received_ms = max(clock.now_ms(), int(info.floor or 0) + 1)
        sort_key = keys.log(received_ms, f"{unique}{number:02x}")
        tables.put(LogCall(info.pk, sort_key, points=pack(part)))
    model_metrics.append(info.run_id, metrics)
