"""The wire form of a logged model."""

from collections.abc import Iterable

from chalicelib.edge.replies import Json, fitting, key_values
from chalicelib.storage.items import LoggedModel
from chalicelib.tracking.logged_models.model_metrics import Measured
from chalicelib.tracking.series.replies import metric


def logged_model(item: LoggedModel, points: Iterable[Measured] = ()) -> Json:
    """The LoggedModel message, with all these points or, if a reply cannot hold them, the most recently logged ones."""
    newest_first = [_metric(item.model_id, each) for each in points][::-1]
    data = {"params": key_values(item.params), "metrics": fitting(newest_first)[::-1]}
    return {"info": _info(item), "data": {name: messages for name, messages in data.items() if messages}}


def _info(item: LoggedModel) -> Json:
    info = {
        "model_id": item.model_id,
        "experiment_id": item.experiment_id,
        "name": item.name,
        "creation_timestamp_ms": int(item.created),
        "last_updated_timestamp_ms": int(item.updated),
        "artifact_uri": item.artifact_uri,
        "status": item.status,
        "model_type": item.model_type,
        "source_run_id": item.source_run_id,
    }
    return {**info, "tags": key_values(item.tags)} if item.tags else info


def _metric(model_id: str, measured: Measured) -> Json:
    origin = {name: text for name, text in measured.origin._asdict().items() if text}
    return {**metric(measured.point), "model_id": model_id, **origin}
