"""The type of a value, as a signature's JSON has it: a scalar, an array, an object, or anything.

    {"type": "long"}
    {"type": "array", "items": …}
    {"type": "object", "properties": {name: {…, "required": true}}}

The rules are those of MLflow 3.17's `infer_signature`. numpy and pandas are looked at only where a caller uses them.
"""

import datetime
import sys
from collections.abc import Iterable, Mapping
from typing import Any

Type = dict[str, Any]

ANY: Type = {"type": "any"}
_SCALARS = {
    bool: "boolean",
    int: "long",
    float: "double",
    str: "string",
    bytes: "binary",
    bytearray: "binary",
    object: "string",
}
_NUMPY_SCALARS = {
    "bool": "boolean",
    "bool_": "boolean",
    "int64": "long",
    "int32": "integer",
    "float64": "double",
    "float32": "float",
    "str_": "string",
    "bytes_": "binary",
}


class NoType(TypeError):
    """No signature can say what this is."""


def of(value: Any) -> Type | None:
    """The type of a value; None for an array of numpy's that is empty. Raises NoType."""
    if is_missing(value) or (isinstance(value, list | dict) and not value):
        return ANY
    if isinstance(value, dict):
        return _object({name: of(each) for name, each in value.items()})
    if isinstance(value, list) or is_array(value):
        return of_items(value)
    return {"type": _scalar(value)}


def of_items(values: Iterable[Any]) -> Type | None:
    """The type of a list whose items have one type; None if nothing is known of any. Raises NoType."""
    items: Type | None = None
    for value in values:
        found = of(value)
        if found is not None:
            items = found if items is None else _with_item(items, found)
    return None if items is None else {"type": "array", "items": items}


def merged(one: Type, other: Type) -> Type:
    """The type of what may be of either: what only one has, or what may be missing, is not required. Raises NoType."""
    if one == ANY:
        return other if other == ANY or _is_scalar(other) else merged(other, one)
    if one["type"] == "object":
        return _merged_objects(one, other)
    if other == ANY or one == other:
        return one
    if one["type"] == other["type"] == "array":
        return {"type": "array", "items": _merged_items(one["items"], other["items"])}
    raise NoType(f"values are of several types: {one['type']} and {other['type']}")


def is_missing(value: Any) -> bool:
    """Whether it is None, NaN, or what pandas has for them."""
    if isinstance(value, float):
        return value != value
    pandas = sys.modules.get("pandas")
    return value is None or (pandas is not None and (value is pandas.NA or value is pandas.NaT))


def is_a(value: Any, module: str, name: str) -> bool:
    """Whether it is of a class of a library. Where nobody has imported the library, nothing is."""
    found = sys.modules.get(module)
    return found is not None and isinstance(value, getattr(found, name))


def is_array(value: Any) -> bool:
    return is_a(value, "numpy", "ndarray")


def is_numpys(value: Any) -> bool:
    """Whether it is an array or a number of numpy's."""
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(value, numpy.ndarray | numpy.generic)


def is_datetime(value: Any) -> bool:
    numpy, pandas = sys.modules.get("numpy"), sys.modules.get("pandas")
    return (
        isinstance(value, datetime.date)
        or (numpy is not None and isinstance(value, numpy.datetime64))
        or (pandas is not None and isinstance(value, pandas.Timestamp))
    )


def _scalar(value: Any) -> str:
    kind = type(value)
    name = _SCALARS.get(kind) or (_NUMPY_SCALARS.get(kind.__name__) if kind.__module__ == "numpy" else None)
    if name is None and is_datetime(value):
        name = "datetime"
    if name is None:
        raise NoType(f"a {kind.__name__} has no type in a signature")
    return name


def _object(types: Mapping[str, Type | None]) -> Type:
    properties = {}
    for name, kind in types.items():
        if kind is None or not isinstance(name, str):
            raise NoType("a dictionary needs texts as keys, and no empty arrays as values")
        properties[name] = {**kind, "required": kind != ANY}
    # MLflow keeps them in the order of their names.
    return {"type": "object", "properties": dict(sorted(properties.items()))}


def _with_item(items: Type, found: Type) -> Type:
    """The type of a list's items after one more."""
    if _is_scalar(items):
        if found not in (ANY, items):
            raise NoType(f"items of one list are of several types: {items['type']} and {found['type']}")
        return items
    return merged(items, found)


def _merged_items(one: Type, other: Type) -> Type:
    if _is_scalar(one):
        return _with_item(one, other)
    return merged(one, other)


def _merged_objects(one: Type, other: Type) -> Type:
    ours: dict[str, Type] = one["properties"]
    if other == ANY:
        return {"type": "object", "properties": {name: _optional(each) for name, each in ours.items()}}
    if other["type"] != "object":
        raise NoType(f"values are of several types: object and {other['type']}")
    theirs: dict[str, Type] = other["properties"]
    properties = {
        name: _merged_properties(ours[name], theirs[name])
        if name in ours and name in theirs
        else _optional(ours.get(name) or theirs[name])
        for name in sorted({*ours, *theirs})
    }
    return {"type": "object", "properties": properties}


def _merged_properties(one: Type, other: Type) -> Type:
    required = one["required"] and other["required"]
    kind = _merged_items(_bare(one), _bare(other))
    return {**kind, "required": required}


def _bare(prop: Type) -> Type:
    return {name: each for name, each in prop.items() if name != "required"}


def _optional(prop: Type) -> Type:
    return {**prop, "required": False}


def _is_scalar(kind: Type) -> bool:
    return kind["type"] not in ("array", "object", "any")
