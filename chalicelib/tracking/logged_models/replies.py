"""The wire form of a logged model."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from chalicelib.edge import cutting
from chalicelib.edge.replies import Json, filled, key_values
from chalicelib.storage.items import LoggedModel
from chalicelib.tracking.logged_models import registrations
from chalicelib.tracking.logged_models.model_metrics import Measured
from chalicelib.tracking.series.replies import metric


def logged_model(item: LoggedModel, points: Iterable[Measured] = ()) -> Json:
    """The LoggedModel message, with all these points or, if a reply cannot hold them, the most recently logged ones."""
    return shortened(_logged_model(item, points, registrations.readable_names([item])))


def logged_models(items: Sequence[LoggedModel], points: Mapping[str, Iterable[Measured]]) -> Iterator[Json]:
    """The messages of several logged models, whose points are given by model id."""
    names = registrations.readable_names(items)
    return (_logged_model(item, points[item.model_id], names) for item in items)


def shortened(message: Json) -> Json:
    """The LoggedModel message; if a reply cannot carry it, with the most recently logged points that fit."""
    return _turned(cutting.cut(_turned(message), (("data", "metrics"),), ("info", "tags")))


def _logged_model(item: LoggedModel, points: Iterable[Measured], names: Collection[str] | None) -> Json:
    metrics = [_metric(item.model_id, each) for each in points]
    data = filled(params=key_values(item.params), metrics=metrics)
    return {"info": _info(item, registrations.shown(item.tags, names)), "data": data}


def _turned(message: Json) -> Json:
    """The message with its metrics in the opposite order."""
    data = message["data"]
    return {**message, "data": {**data, "metrics": data["metrics"][::-1]}} if "metrics" in data else message


def _info(item: LoggedModel, tags: Mapping[str, str]) -> Json:
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
    return {**info, "tags": key_values(tags)} if tags else info


def _metric(model_id: str, measured: Measured) -> Json:
    origin = {name: text for name, text in measured.origin._asdict().items() if text}
    return {**metric(measured.point), "model_id": model_id, **origin}
