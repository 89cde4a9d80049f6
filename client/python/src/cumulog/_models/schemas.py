"""What a model takes and gives, as MLflow's schemas: columns with a type, or tensors with a dtype and a shape.

pandas, numpy and scipy are looked at only where a caller has used them. Spark's frames are not read.
"""

import sys
from collections.abc import Iterable, Mapping
from typing import Any

from cumulog._models import types
from cumulog._models.types import ANY, NoType, Type

Schema = list[dict[str, Any]]


def of(data: Any) -> Schema:
    """The schema of some data. Raises NoType if it can have none."""
    if types.is_a(data, "pandas", "DataFrame"):
        if not data.columns.is_unique:
            raise NoType("several columns have the same name")
        return _not_empty([_named(each, _column(data[each]), _is_whole(data[each])) for each in data.columns])
    if types.is_a(data, "pandas", "Series"):
        return [_named(data.name, _column(data), _is_whole(data))]
    if types.is_array(data):
        if not data.shape:
            raise NoType("an array without an axis has none")
        return [tensor(data.dtype, data.shape)]
    if _is_sparse(data):
        return [tensor(data.data.dtype, data.shape)]
    if isinstance(data, dict):
        return _of_dictionary(data)
    if isinstance(data, list):
        return _of_list(data)
    return [_named(None, _known(types.of(data)), True)]


def of_rows(array: Any) -> Schema:
    """The schema of an array that has a value for each row."""
    return [_named(None, {"type": of_dtype(array.dtype)}, True)]


def has_type(dtype: Any) -> bool:
    """Whether a column of this dtype has a type."""
    try:
        return bool(of_dtype(dtype))
    except NoType:
        return False


def any_data() -> Schema:
    """The schema of what has none: anything."""
    return [_named(None, ANY, True)]


def tensor(dtype: Any, shape: Iterable[int], name: str | None = None) -> dict[str, Any]:
    """A tensor, of which there may be any number along its first axis."""
    first = {"name": name} if name is not None else {}
    kind = {"U": "str", "S": "bytes"}.get(dtype.char, dtype.name)
    return {**first, "type": "tensor", "tensor-spec": {"dtype": kind, "shape": [-1, *list(shape)[1:]]}}


def of_dtype(dtype: Any) -> str:
    """The type of a column of this dtype. Raises NoType."""
    kind, size = dtype.kind, dtype.itemsize
    simple = {"b": "boolean", "U": "string", "S": "binary", "M": "datetime"}
    if kind in simple:
        return simple[kind]
    if kind in "iu" and (size < 4 or (kind == "i" and size == 4)):
        return "integer"
    if kind in "iu" and (size < 8 or (kind == "i" and size == 8)):
        return "long"
    if kind == "f" and size <= 8:
        return "float" if size <= 4 else "double"
    raise NoType(f"a column of {dtype} has no type in a signature")


def _of_dictionary(data: Mapping[Any, Any]) -> Schema:
    if all(map(types.is_array, data.values())):
        return _not_empty([tensor(array.dtype, array.shape, name) for name, array in data.items()])
    if not all(isinstance(name, str) for name in data):
        raise NoType("the keys of a dictionary have to be texts")
    return [_named(name, _known(types.of(value)), _is_whole(value)) for name, value in data.items()]


def _of_list(data: list[Any]) -> Schema:
    if not data:
        # As MLflow, since a time before lists.
        return [_named(None, {"type": "string"}, True)]
    if all(isinstance(row, dict) for row in data):
        names = dict.fromkeys(name for row in data for name in row)
        return _not_empty([_of_key(data, name) for name in names])
    return [_named(None, _item(data), True)]


def _of_key(rows: list[dict[str, Any]], name: str) -> dict[str, Any]:
    values = [row[name] for row in rows if name in row]
    return _named(name, _item(values), all(row.get(name) is not None for row in rows))


def _item(values: list[Any]) -> Type:
    """The type of the items of a list."""
    items: Type = _known(types.of_items(values))["items"]
    return items


def _known(kind: Type | None) -> Type:
    if kind is None:
        raise NoType("an array has to have an item that is not empty")
    return kind


def _not_empty(schema: Schema) -> Schema:
    if not schema:
        raise NoType("there is no column")
    return schema


def _named(name: Any, kind: Type, is_required: bool) -> dict[str, Any]:
    if name is None and not is_required:
        raise NoType("a column without a name cannot be optional")
    return {**kind, **({} if name is None else {"name": name}), "required": is_required}


def _column(series: Any) -> Type:
    """The type of a column of pandas'."""
    if series.dtype.kind == "O":
        series = series.infer_objects()
    if series.dtype.kind != "O":
        return {"type": of_dtype(series.dtype)}
    try:
        return _item(series.to_list())
    except (NoType, KeyError):
        if sys.modules["pandas"].api.types.is_string_dtype(series):
            return {"type": "string"}
        raise


def _is_whole(value: Any) -> bool:
    if isinstance(value, list) or types.is_a(value, "pandas", "Series"):
        return not any(map(types.is_missing, value))
    return not types.is_missing(value)


def _is_sparse(value: Any) -> bool:
    found = sys.modules.get("scipy.sparse")
    return found is not None and isinstance(value, found.csr_matrix | found.csc_matrix)
