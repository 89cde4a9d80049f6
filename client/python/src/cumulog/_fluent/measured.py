"""Points of metrics that were measured on a dataset, or of a logged model: rare, so they are calls of their own."""

from collections.abc import Iterator, Mapping
from typing import Any

from cumulog._fluent.entities import DATASET_FIELDS
from cumulog._fluent.runs import Run, items, numbers, once, stamp_of
from cumulog._http.wire import Json, double
from cumulog._journal.points import STAMP

_MOST = 1000


def log_measured(
    run: Run,
    values: Mapping[str, float],
    at: tuple[int | None, int | None],
    model_id: str | None,
    dataset: Any,
) -> None:
    """Log points at (step, time) with what they measure, which becomes an input of the run, as in MLflow."""
    fields = complete_fields(dataset) if dataset is not None else {}
    name, digest = fields.get("name", ""), fields.get("digest", "")
    marks = {"model_id": model_id or "", "dataset_name": name, "dataset_digest": digest}
    points = [{**point, **{key: mark for key, mark in marks.items() if mark}} for point in _points(values, *at)]
    if (model_id or "", name, digest) not in run.measured:
        run.measured.add((model_id or "", name, digest))
        log_inputs(run, [{"tags": [], "dataset": fields}] if fields else [], [model_id or ""])
    for start in range(0, len(points), _MOST):
        body = {"run_id": run.info.run_id, "metrics": points[start : start + _MOST]}
        run.call("/runs/log-batch", body, names_others=bool(model_id))


def log_inputs(run: Run, datasets: list[Json], model_ids: list[str]) -> None:
    """Log what a run used: datasets as on the wire, and logged models by their ids. What it had already is one."""
    models = [{"model_id": each} for each in model_ids if each]
    parts: Json = {**({"datasets": datasets} if datasets else {}), **({"models": models} if models else {})}
    if parts:
        run.call("/runs/log-inputs", {"run_id": run.info.run_id, **parts}, names_others=bool(models))


def complete_fields(dataset: Any) -> dict[str, str]:
    """The fields on the wire of MLflow's class, which knows them only by a private method, or of a dictionary.

    None, and a message, if some are missing that the server asks for.
    """
    if not isinstance(dataset, Mapping):
        entity = dataset._to_mlflow_entity() if hasattr(dataset, "_to_mlflow_entity") else dataset
        dataset = {name: getattr(entity, name, None) for name in DATASET_FIELDS}
    if not all(dataset.get(name) for name in DATASET_FIELDS[:4]):
        once("A dataset was not logged: it needs name, digest, source_type and source.")
        return {}
    return {name: str(dataset[name]) for name in DATASET_FIELDS if dataset.get(name)}


def _points(values: Mapping[str, float], step: int | None, timestamp: int | None) -> Iterator[Json]:
    """The points that can be logged, as on the wire; the others are said, as those of the journal are."""
    pairs = items(values)
    if stamp := stamp_of([key for key, _ in pairs], step, timestamp):
        moment, at = STAMP.unpack(stamp)
        for key, number in numbers(pairs):
            yield {"key": key, "value": double(number), "timestamp": moment, "step": at}
