"""moto without a search that takes a third of what these tests take.

For each attribute of each item in a reply moto looks for values of all ten types, under five names each. An attribute
has one value, under its own name.
"""

from typing import Any

from moto.core.serialize import ResponseSerializer

_serialize = ResponseSerializer._serialize_structure_member


def install() -> None:
    ResponseSerializer._serialize_structure_member = _only_what_is_there


def _only_what_is_there(self: ResponseSerializer, serialized: Any, value: Any, shape: Any, key: str) -> None:
    is_absent = shape.parent.name == "AttributeValue" and isinstance(value, dict) and key not in value
    if not is_absent:
        _serialize(self, serialized, value, shape, key)
