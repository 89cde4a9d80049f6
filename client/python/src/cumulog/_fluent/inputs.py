"""Datasets that a run used."""

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from cumulog._fluent.face import run_to_log_to
from cumulog._fluent.measured import complete_fields
from cumulog._fluent.measured import log_inputs as _journal
from cumulog._fluent.quiet import quiet
from cumulog._http.wire import Json


@quiet
def log_input(
    dataset: Any = None, context: str | None = None, tags: Mapping[str, Any] | None = None, model: Any = None
) -> None:
    """Log a dataset as an input of the run, one of MLflow's or a dictionary, or a logged model by its `model_id`.

    A dictionary has `name`, `digest`, `source_type` and `source`, and may have `schema` and `profile`.
    """
    datasets = [] if dataset is None else _entries(dataset, context, tags)
    _journal(run_to_log_to(), datasets, [str(model.model_id)] if model else [])


@quiet
def log_inputs(
    datasets: Sequence[Any] | None = None,
    contexts: Sequence[str | None] | None = None,
    tags_list: Sequence[Mapping[str, Any] | None] | None = None,
) -> None:
    """Log several datasets as inputs of the run, each with its context and tags; see `log_input`."""
    several = zip_longest(datasets or (), contexts or (), tags_list or ())
    found = [each for one in several if one[0] is not None for each in _entries(*one)]
    _journal(run_to_log_to(), found, [])


def _entries(dataset: Any, context: str | None, tags: Mapping[str, Any] | None) -> list[Json]:
    """A dataset as on the wire; none, and a message, if it lacks something."""
    fields = complete_fields(dataset)
    if not fields:
        return []
    marks = {**({"mlflow.data.context": context} if context else {}), **(tags or {})}
    return [{"tags": [{"key": str(key), "value": str(value)} for key, value in marks.items()], "dataset": fields}]
