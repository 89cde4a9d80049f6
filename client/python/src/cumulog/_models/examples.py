"""The input example of a model: as JSON in its folder, and as the body of a request to a server of MLflow's.

The forms are those of MLflow 3.17 (`mlflow/models/utils.py`): what it writes, its own loader reads.
"""

import base64
import datetime
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from cumulog._http.errors import CumulogError
from cumulog._models import types

_LARGE = 1 << 20
_FILE, _SERVING = "input_example.json", "serving_input_example.json"


class Example(NamedTuple):
    """`data` is what a model takes. A pair of data and params may be given."""

    data: Any
    params: Mapping[str, Any] | None = None


def of(given: Any) -> Example | None:
    """The example that a caller gave: data, or a pair of data and params."""
    if given is None:
        return None
    is_pair = isinstance(given, tuple) and len(given) == 2 and isinstance(given[1], Mapping)
    return Example(*given) if is_pair else Example(given)


def write(example: Example, folder: Path) -> dict[str, str]:
    """Write an example to a model's folder; returns what the MLmodel says of it. Raises CumulogError."""
    kind, stored, serving = _forms(example.data)
    info = {"artifact_path": _FILE, "serving_input_path": _SERVING, **kind}
    if example.params is not None:
        stored = {"inputs": stored, "params": example.params}
        serving = {**serving, "params": example.params}
        info["params"] = "true"
    try:
        text = json.dumps(stored, default=_plain)
        # An indent takes Python's own encoder, which is slow: a large example has none.
        texts = text, json.dumps(serving, default=_plain, indent=2 if len(text) < _LARGE else None)
    except (TypeError, ValueError) as error:
        raise CumulogError(f"The input example cannot be written as JSON: {error}") from error
    for name, text in zip((_FILE, _SERVING), texts, strict=True):
        (folder / name).write_text(text, encoding="utf-8")
    return info


def _forms(data: Any) -> tuple[dict[str, str], Any, dict[str, Any]]:
    """What the MLmodel says of some data, the data as JSON has it, and as a request to a server has it."""
    if types.is_a(data, "pandas", "DataFrame"):
        split = _split(data)
        return (
            {"type": "dataframe", "pandas_orient": "split" if "columns" in split else "values"},
            split,
            {"dataframe_split": split},
        )
    if types.is_array(data):
        array = _array(data)
        return {"type": "ndarray"}, array, {"inputs": array}
    if isinstance(data, Mapping) and any(map(types.is_array, data.values())):
        arrays = {name: _array(each) for name, each in data.items()}
        return {"type": "ndarray"}, arrays, {"inputs": arrays}
    if types.is_a(data, "scipy.sparse", "csr_matrix") or types.is_a(data, "scipy.sparse", "csc_matrix"):
        parts = {name: getattr(data, name).tolist() for name in ("data", "indices", "indptr")}
        kind = f"sparse_matrix_{data.format}"
        return {"type": kind}, {**parts, "shape": list(data.shape)}, {"inputs": data.toarray().tolist()}
    if types.is_a(data, "pandas", "Series"):
        raise CumulogError("An input example cannot be a Series: pass a DataFrame, data.to_frame().")
    return {"type": "json_object"}, data, {"inputs": data}


def _split(frame: Any) -> dict[str, Any]:
    """A frame as columns and rows. Columns that are just numbered are left out."""
    rows = [[_cell(value) for value in row] for row in frame.itertuples(index=False, name=None)]
    columns = list(frame.columns)
    return {"data": rows} if columns == list(range(len(columns))) else {"columns": columns, "data": rows}


def _cell(value: Any) -> Any:
    return None if types.is_missing(value) else value


def _array(array: Any) -> Any:
    if not types.is_array(array):
        return array
    if array.dtype.kind in "biu" or (array.dtype.kind == "f" and not (array != array).any()):
        return array.tolist()
    return _without_nan(array.tolist())


def _without_nan(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_nan(each) for each in value]
    return None if isinstance(value, float) and math.isnan(value) else value


def _plain(value: Any) -> Any:
    """What JSON has no form for."""
    if isinstance(value, bytes | bytearray):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if types.is_numpys(value):
        plain = value.tolist()
        return plain if isinstance(plain, int | float | str | bool | list) else _plain(plain)
    if hasattr(value, "model_dump"):
        return value.model_dump()
    instead = ": pass to_pandas() of it" if hasattr(value, "to_pandas") else ""
    raise TypeError(f"a {type(value).__name__} has no form in JSON{instead}")
