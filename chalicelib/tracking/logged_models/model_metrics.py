"""The metrics of logged models: an append-only log in each model's partition, like a run's.

A point logged with a `model_id` is stored twice: as the run's, and here with the run's id and the dataset that it was
measured on. Nothing folds this log: it has a few points per model and is read only together with its model.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol

from chalicelib import clock, errors
from chalicelib.edge.checks import SHOWN, check_length
from chalicelib.remembered import Remembered
from chalicelib.storage import keys, tables
from chalicelib.storage.items import LoggedModel, ModelLogCall
from chalicelib.tracking.logged_models import logged_models
from chalicelib.tracking.runs.rules import DATASET
from chalicelib.tracking.series.packing import PART_BYTES, pack, split, unpack
from chalicelib.tracking.series.points import Point, identity

# Models that exist and whose readers look for points. Neither ever stops being true.
_expected: Remembered[str, bool] = Remembered(most=10_000)


class Metric(Protocol):
    """A point as requests contain it."""

    key: str
    value: float
    timestamp: int
    step: int
    model_id: str | None
    dataset_name: str | None
    dataset_digest: str | None


class Origin(NamedTuple):
    """Where a model's point comes from: the run that measured it, and the dataset that it was measured on."""

    run_id: str
    dataset_name: str | None
    dataset_digest: str | None


class Measured(NamedTuple):
    """A point of a model."""

    point: Point
    origin: Origin


def expect(metrics: Iterable[Metric]) -> None:
    """Prepare the models that the metrics name to receive points. Call this before anything is stored.

    Raises BadRequest, as MLflow does, if a model does not exist, and InvalidParameterValue for a long dataset name.
    """
    linked = [metric for metric in metrics if metric.model_id]
    for metric in linked:
        check_length("dataset_name", metric.dataset_name or "", DATASET["name"])
        check_length("dataset_digest", metric.dataset_digest or "", DATASET["digest"])
    # A remembered model costs nothing; log calls are frequent.
    if unknown := {name for metric in linked if not _expected.get(name := metric.model_id or "")}:
        _expect(unknown)


def append(run_id: str, metrics: Iterable[Metric]) -> None:
    """Log the metrics of a run that name a model, one item per model and dataset. `expect` must have been called."""
    groups: dict[tuple[str, Origin], list[Point]] = {}
    for metric in metrics:
        if metric.model_id:
            origin = Origin(run_id, metric.dataset_name or None, metric.dataset_digest or None)
            point = Point(metric.key, metric.value, metric.timestamp, metric.step or 0)
            groups.setdefault((metric.model_id, origin), []).append(point)
    if groups:
        tables.put_all(
            [item for (model_id, origin), points in groups.items() for item in _items(model_id, origin, points)]
        )


def read(model: LoggedModel) -> list[Measured]:
    """Read all points of a model in order of arrival, each once."""
    if not model.measured:
        return []
    rows = tables.query(ModelLogCall, model.pk, ModelLogCall.sk.startswith(keys.LOG))
    found: dict[tuple[object, Origin], Measured] = {}
    for row in rows:
        origin = Origin(row.run_id, row.dataset_name, row.dataset_digest)
        for point in unpack(row.points):
            # Skips the points of a log call that was sent again.
            found.setdefault((identity(point), origin), Measured(point, origin))
    return list(found.values())


def latest(points: Iterable[Measured]) -> Measured | None:
    """Return the point that MLflow orders a model by: latest timestamp, then highest step, then first run id."""
    # For a run's latest point the step counts first. NaN, which has no order, loses to any number.
    return min(
        points,
        key=lambda each: (
            -each.point.timestamp,
            -each.point.step,
            each.origin.run_id,
            each.point.value != each.point.value,
            -each.point.value,
        ),
        default=None,
    )


def _expect(model_ids: set[str]) -> None:
    reading = _expected.begin()
    found = {item.model_id: item for item in logged_models.load_several(model_ids)}
    if missing := sorted(model_ids - found.keys()):
        raise errors.BadRequest(f"Logged model with id='{missing[0][:SHOWN]}' does not exist.")
    for item in found.values():
        if not item.measured:
            logged_models.expect_points(item.model_id)
        _expected.keep(reading, item.model_id, True)


def _items(model_id: str, origin: Origin, points: Sequence[Point]) -> Iterator[ModelLogCall]:
    received_ms = clock.now_ms()
    for part in split(points, PART_BYTES):
        sort_key = keys.log(received_ms, clock.short_id())
        yield ModelLogCall(keys.logged_model(model_id), sort_key, points=pack(part), **origin._asdict())
