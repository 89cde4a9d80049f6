"""Metrics are an append-only log: one call is one put, with any number of keys.

A call reads nothing back and overwrites nothing. So any number of writers to one run never conflict, and a batch is
stored whole or not at all. A call that is sent again adds the same points again; readers drop repeats, as MLflow does.
A call goes into the feed of the run's experiment and is moved into the run's own log later (`tracking/feed/`);
`folding.py` turns that into a form that is cheap to read.
"""

from collections.abc import Sequence

from chalicelib.storage.items import RunInfo
from chalicelib.tracking.feed import writing
from chalicelib.tracking.logged_models import model_metrics
from chalicelib.tracking.metrics import fullness
from chalicelib.tracking.metrics.schemas import LogBatch, LogMetric, Metric
from chalicelib.tracking.runs import params_and_tags, recent_runs, runs
from chalicelib.tracking.series.packing import PART_BYTES, pack, split
from chalicelib.tracking.series.points import Point


def log(run_id: str, metrics: Sequence[Metric | LogMetric]) -> None:
    """Log metrics of an active run.

    Raises, before storing any, BadRequest if a model does not exist, InvalidParameterValue if there is no room.
    """
    info = recent_runs.recall(run_id, runs.load_for_writing)
    fullness.check(info, metrics)
    model_metrics.expect(metrics)
    append(info, metrics)


def log_batch(request: LogBatch) -> None:
    """Log params and tags of an active run, then its metrics. If a param is refused, nothing is stored."""
    params = {param.key: param.value or "" for param in request.params or ()}
    tags = {tag.key: tag.value or "" for tag in request.tags or ()}
    metrics = request.metrics or ()
    if not params and not tags:
        log(request.run_id, metrics)
        return
    if any(metric.model_id for metric in metrics):
        # An error about the run comes before an error about a model, as in MLflow.
        recent_runs.recall(request.run_id, runs.load_for_writing)
        model_metrics.expect(metrics)
    info = params_and_tags.store(request.run_id, params, tags, lambda info: fullness.check(info, metrics))
    append(info, metrics, writing.CHANGED)


def append(info: RunInfo, metrics: Sequence[Metric | LogMetric], news: str | None = None) -> None:
    """Log points to a run that is open for writing, and also to the logged models that they name.

    The first part, any further parts and the models' points are separate writes: a crash in between leaves an
    unacknowledged call half logged, and sending it again completes it.
    """
    points = [Point(metric.key, metric.value, metric.timestamp, metric.step or 0) for metric in metrics]
    parts = split(points, PART_BYTES)
    for part in parts:
        writing.log(info, pack(part), news)
    if news and not parts:
        writing.tell(info)
    model_metrics.append(info.run_id, metrics)
