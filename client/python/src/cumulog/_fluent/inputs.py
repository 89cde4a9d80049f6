"""Datasets that a run used."""

from collections.abc import Mapping
from typing import Any

from cumulog._fluent.face import run_to_log_to
from cumulog._fluent.runs import once

_FIELDS = ("name", "digest", "source_type", "source", "schema", "profile")


def log_input(dataset: Any, context: str | None = None, tags: Mapping[str, Any] | None = None) -> None:
    """Log a dataset as an input of the run: one of MLflow's, or a dictionary.

    A dictionary has `name`, `digest`, `source_type` and `source`, and may have `schema` and `profile`.
    """
    run = run_to_log_to()
    fields = _fields(dataset)
    if not all(fields.get(name) for name in _FIELDS[:4]):
        once("A dataset was not logged: it needs name, digest, source_type and source.")
        return
    marks = {**({"mlflow.data.context": context} if context else {}), **(tags or {})}
    entries = [{"key": str(key), "value": str(value)} for key, value in marks.items()]
    run.call("/runs/log-inputs", {"run_id": run.info.run_id, "datasets": [{"tags": entries, "dataset": fields}]})


def _fields(dataset: Any) -> dict[str, str]:
    """The fields on the wire of MLflow's class, which knows them only by a private method, or of a dictionary."""
    if not isinstance(dataset, Mapping):
        entity = dataset._to_mlflow_entity() if hasattr(dataset, "_to_mlflow_entity") else None
        dataset = {name: getattr(entity, name, None) for name in _FIELDS}
    return {name: str(dataset[name]) for name in _FIELDS if dataset.get(name)}
