"""The wire form of a metric point."""

from chalicelib.edge.replies import Json
from chalicelib.edge.wire import double
from chalicelib.tracking.series.points import Point


def metric(point: Point, run_id: str | None = None) -> Json:
    """The Metric message; with a run id, the message of a history over several runs."""
    message: Json = {
        "key": point.key,
        "value": double(point.value),
        "timestamp": point.timestamp,
        "step": point.step,
    }
    return message if run_id is None else {**message, "run_id": run_id}
