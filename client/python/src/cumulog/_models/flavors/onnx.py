"""ONNX: a model as a file of the onnx package, and run by onnxruntime."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cumulog._http.errors import CumulogError
from cumulog._models.flavors.kinds import Entries, Saved, Wish, library, within

NAME = "onnx"
_NAME = "model.onnx"
_PROVIDERS = ("CUDAExecutionProvider", "CPUExecutionProvider")
_SINGLE = "tensor(float)"


def is_of(model: Any) -> bool:
    found = sys.modules.get("onnx")
    return found is not None and isinstance(model, found.ModelProto)


def save(model: Any, folder: Path, _wish: Wish) -> Saved:
    onnx = library("onnx")
    onnx.checker.check_model(model)
    onnx.save_model(model, folder / _NAME)
    own = {
        "data": _NAME,
        "onnx_session_options": None,
        "onnx_version": onnx.__version__,
        "providers": list(_PROVIDERS),
    }
    return Saved({"data": _NAME, "loader_module": "mlflow.onnx"}, own, {"onnx", "onnxruntime", "numpy"})


def load(folder: Path, entries: Entries, _function: Entries, _trust: bool) -> Any:
    """An InferenceSession of onnxruntime, on what this machine has of the model's providers."""
    path = within(folder, entries.get("data"))
    return _session(str(path), entries.get("providers") or _PROVIDERS)


def predict(model: Any, data: Any, _params: Mapping[str, Any]) -> Any:
    """A dictionary of arrays by output; of a DataFrame, a DataFrame."""
    session = _session(model.SerializeToString(), _PROVIDERS) if is_of(model) else model
    inputs = {each.name: each.type for each in session.get_inputs()}
    names = [each.name for each in session.get_outputs()]
    feed = _feed(data, list(inputs))
    singles = {name for name, kind in inputs.items() if kind == _SINGLE}
    found = session.run(names, {name: _single(each) if name in singles else each for name, each in feed.items()})
    outputs = dict(zip(names, found, strict=True))
    pandas = sys.modules.get("pandas")
    if pandas is not None and isinstance(data, pandas.DataFrame):
        numpy = library("numpy")
        return pandas.DataFrame({name: numpy.asarray(each).reshape(-1) for name, each in outputs.items()})
    return outputs


def _session(model: str | bytes, providers: Any) -> Any:
    runtime = library("onnxruntime")
    available = runtime.get_available_providers()
    usable = [each for each in providers if isinstance(each, str) and each in available]
    return runtime.InferenceSession(model, providers=usable or ["CPUExecutionProvider"])


def _feed(data: Any, names: list[str]) -> dict[str, Any]:
    """The data by input. Raises CumulogError if it is not clear which is which."""
    if isinstance(data, Mapping):
        return dict(data)
    is_frame = hasattr(data, "columns")
    if len(names) == 1:
        return {names[0]: data.to_numpy() if is_frame else data}
    if is_frame:
        return {name: data[name].to_numpy() for name in names}
    raise CumulogError(f"The model has several inputs: pass a dictionary or a DataFrame with {', '.join(names)}.")


def _single(array: Any) -> Any:
    # Numbers of a table are doubles, and many a model takes single precision alone.
    return array.astype("float32") if str(getattr(array, "dtype", "")) == "float64" else array
