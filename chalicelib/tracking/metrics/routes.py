"""The endpoints that log metrics and read histories, of MLflow's REST protocol, of its user interface and our own."""

from typing import Any

from chalice.app import Blueprint

from chalicelib.access.levels import EDIT, READ
from chalicelib.access.requires import filtered, requires
from chalicelib.edge import mounts
from chalicelib.tracking.logged_models.resources import MEASURED_MODELS
from chalicelib.tracking.metrics import curve_replies, history_replies, metric_log, schemas
from chalicelib.tracking.runs.resources import ALL_RUNS, EACH_RUN, RUN

Reply = dict[str, Any] | None

blueprint = Blueprint(__name__)
mlflow = mounts.mlflow(blueprint)
ajax = mounts.mlflow_page(blueprint)
cumulog = mounts.cumulog(blueprint, "/metrics")


@mlflow.endpoint("POST", "/runs/log-metric")
@requires(EDIT, RUN, remembered=True)
@requires(EDIT, MEASURED_MODELS, remembered=True)
def log_metric(request: schemas.LogMetric) -> Reply:
    """Log one point of a metric."""
    metric_log.log(request.run_id, [request])
    return None


@mlflow.endpoint("POST", "/runs/log-batch")
@requires(EDIT, RUN, remembered=True)
@requires(EDIT, MEASURED_MODELS, remembered=True)
def log_batch(request: schemas.LogBatch) -> Reply:
    """Log up to 1,000 metrics, params and tags, of them at most 100 params and 100 tags."""
    metric_log.log_batch(request)
    return None


@mlflow.endpoint("GET", "/metrics/get-history")
@requires(READ, RUN)
def get_metric_history(request: schemas.GetMetricHistory) -> Reply:
    """The history of a metric of one run, in pages."""
    return history_replies.of_one(request)


@ajax.endpoint("GET", "/metrics/get-history-bulk")
@requires(READ, EACH_RUN)
def get_metric_history_bulk(request: schemas.GetMetricHistoryBulk) -> Reply:
    """The history of a metric of several runs."""
    return history_replies.of_several(request)


@mlflow.endpoint("GET", "/metrics/get-history-bulk-interval")
@requires(READ, ALL_RUNS)
def get_metric_history_bulk_interval(request: schemas.GetMetricHistoryBulkInterval) -> Reply:
    """The history of a metric of several runs, sampled evenly for a chart."""
    return history_replies.sampled(request)


@cumulog.columns("POST", "/series")
@filtered
def get_metric_series(request: schemas.MetricSeries) -> curve_replies.SeriesReply:
    """Curves of up to 100 runs × 50 metrics for a chart, each as up to 2,048 points, or buckets with min and max."""
    return curve_replies.series(request)
