"""Loads a Python model that `cumulog.save_model` wrote.

A copy of this file lies in the model's own folder, as `code/cumulog_python_model_1.py`: where the model is loaded,
neither cumulog nor mlflow has to be installed. So it uses the standard library alone.
"""

import importlib.util
import inspect
import json
import pickle
from pathlib import Path
from typing import Any

FORMAT = 1


class Context:
    """What a model gets that asks for a `context`: paths of its artifacts by name, and its configuration."""

    def __init__(self, artifacts: dict[str, str], model_config: dict[str, Any]) -> None:
        self.artifacts = artifacts
        self.model_config = model_config


class PythonModel:
    """A model that was loaded."""

    def __init__(self, model: Any, context: Context) -> None:
        self._model = model
        self._context = context

    def predict(self, model_input: Any, params: dict[str, Any] | None = None) -> Any:
        return predicted(self._model, self._context, model_input, params or {})

    def get_raw_model(self) -> Any:
        """The function or object that was saved."""
        return self._model


def loaded(folder: str | Path, model_config: dict[str, Any] | None = None) -> PythonModel:
    """Load the model of a folder. This runs its code. Raises ValueError for a format of a later version."""
    folder = Path(folder)
    facts = json.loads((folder / "model.json").read_text())
    if facts["format"] > FORMAT:
        raise ValueError(f"The model is of format {facts['format']}; this loader knows {FORMAT}.")
    artifacts = {name: str(folder / place) for name, place in facts["artifacts"].items()}
    context = Context(artifacts, dict(model_config or {}))
    path = folder / facts["model"]
    model = _of_source(path) if path.suffix == ".py" else _of_pickle(path)
    if callable(getattr(model, "load_context", None)):
        model.load_context(context)
    return PythonModel(model, context)


def predicted(model: Any, context: Context, model_input: Any, params: dict[str, Any]) -> Any:
    """Call a model: `f(input)`, `f(input, params)`, `predict(input)`, `predict(context, input)` and so on."""
    function = model.predict if callable(getattr(model, "predict", None)) else model
    try:
        names = list(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        # Those of C have none.
        names = []
    given = [context, model_input] if names[:1] == ["context"] else [model_input]
    return function(*given, params=params) if "params" in names else function(*given)


def _load_pyfunc(path: str, model_config: dict[str, Any] | None = None) -> PythonModel:
    """What MLflow calls."""
    return loaded(path, model_config)


def _of_pickle(path: Path) -> Any:
    with path.open("rb") as file:
        return pickle.load(file)  # noqa: S301 - who loads a model trusts it


def _of_source(path: Path) -> Any:
    """What a file defines as `model`, or its function `predict`."""
    spec = importlib.util.spec_from_file_location("cumulog_model", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in ("model", "predict"):
        if hasattr(module, name):
            return getattr(module, name)
    raise ValueError(f"{path.name} defines neither `model` nor `predict`.")
