"""What was measured of logged models: an append-only log in each model's partition, like the one of runs.

A point that is logged with a `model_id` is stored twice: as the run's, and here with the run's id and the dataset that
it was measured on. Nothing folds this log: it has a few points a model, and is read only with its model.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol

from chalicelib import clock, errors
from chalicelib.edge.checks import SHOWN, check_length
from chalicelib.storage import keys, tables
from chalicelib.storage.items import LoggedModel, ModelLogCall
from chalicelib.tracking.logged_models import logged_models
from chalicelib.tracking.runs.rules import DATASET
from chalicelib.tracking.series.packing import PART_BYTES, pack, split, unpack
from chalicelib.tracking.series.points import Point, identity

_MOST_REMEMBERED = 10_000

# Models that are known to exist and to be looked at for points. Neither ever becomes untrue.
_expected: set[str] = set()


class Metric(Protocol):
    """A point as a request names it."""

    key: str
    value: float
    timestamp: int
    step: int
    model_id: str | None
    dataset_name: str | None
    dataset_digest: str | None


class Origin(NamedTuple):
    """Where a point of a model comes from: the run that measured it, and the dataset that it was measured on."""

    run_id: str
    dataset_name: str | None
    dataset_digest: str | None


class Measured(NamedTuple):
    """A point of a model."""

    point: Point
    origin: Origin


def expect(metrics: Iterable[Metric]) -> None:
    """See to it that the models which the metrics name can take points: to be called before anything is stored.

    Raises BadRequest, as MLflow does, for one that does not exist, InvalidParameterValue for a long dataset name.
    """
    linked = [metric for metric in metrics if metric.model_id]
    for metric in linked:
        check_length("dataset_name", metric.dataset_name or "", DATASET["name"])
        check_length("dataset_digest", metric.dataset_digest or "", DATASET["digest"])
    # One that is remembered costs nothing; log calls come often.
    if unknown := {metric.model_id or "" for metric in linked} - _expected:
        _expect(unknown)


def append(run_id: str, metrics: Iterable[Metric]) -> None:
    """Log those of a run's metrics that name a model, which must have been expected: one item a model and dataset."""
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
    """All points of a model as they came in, each once."""
    if not model.measured:
        return []
    rows = tables.query(ModelLogCall, model.pk, ModelLogCall.sk.startswith(keys.LOG))
    found: dict[tuple[object, Origin], Measured] = {}
    for row in rows:
        origin = Origin(row.run_id, row.dataset_name, row.dataset_digest)
        for point in unpack(row.points):
            # A log call that was sent again.
            found.setdefault((identity(point), origin), Measured(point, origin))
    return list(found.values())


def latest(points: Iterable[Measured]) -> Measured | None:
    """The point that MLflow orders a model by: the latest by timestamp, then step, then of the first run by its id."""
    # Unlike a run's latest point, for which the step counts first. NaN, which has no order, loses against any number.
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
    found = {item.model_id: item for item in logged_models.load_several(model_ids)}
    if missing := sorted(model_ids - found.keys()):
        raise errors.BadRequest(f"Logged model with id='{missing[0][:SHOWN]}' does not exist.")
    for item in found.values():
        if not item.measured:
            logged_models.expect_points(item.model_id)
    if len(_expected) >= _MOST_REMEMBERED:
        _expected.clear()
    _expected.update(found)


def _items(model_id: str, origin: Origin, points: Sequence[Point]) -> Iterator[ModelLogCall]:
    received_ms = clock.now_ms()
    for part in split(points, PART_BYTES):
        sort_key = keys.log(received_ms, clock.short_id())
        yield ModelLogCall(keys.logged_model(model_id), sort_key, points=pack(part), **origin._asdict())
