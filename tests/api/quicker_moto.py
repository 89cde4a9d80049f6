"""moto without what takes half of what these tests take, with the same answers.

For each attribute of each item in a reply moto looks for values of all ten types, under five names each. An attribute
has one value, under its own name. It compares two keys as if each might be a number, a set, a list or a map; keys are
strings. And for each call it looks through its own class for the methods that it has, and through the addresses of all
services for the one that is meant, which is nearly always DynamoDB.
"""

import functools
from typing import Any

from moto import backend_index
from moto.core import responses
from moto.core.serialize import ResponseSerializer
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table

_serialize = ResponseSerializer._serialize_structure_member
_serialize_structure = ResponseSerializer._serialize_type_structure
_value = DynamoType.cast_value.fget
_equal, _hash = DynamoType.__eq__, DynamoType.__hash__
# Values of these types are what they stand for.
_PLAIN = frozenset({"S", "B"})
# A reply holds them as moto does.
_TEXTS = frozenset({"S", "N"})


def install() -> None:
    ResponseSerializer._serialize_structure_member = _only_what_is_there
    ResponseSerializer._serialize_type_structure = _texts_as_they_are
    DynamoType.cast_value = property(lambda self: self.value if self.type in _PLAIN else _value(self))
    DynamoType.__eq__ = _equals
    DynamoType.__hash__ = lambda self: hash((self.type, self.value)) if self.type in _PLAIN else _hash(self)
    Table.all_items = _all_items
    # Sorting keeps the order of the others.
    backend_index.backend_url_patterns.sort(key=lambda entry: entry[0] != "dynamodb")
    responses.method_names_from_class = functools.cache(responses.method_names_from_class)


def _only_what_is_there(self: ResponseSerializer, serialized: Any, value: Any, shape: Any, key: str) -> None:
    is_absent = shape.parent.name == "AttributeValue" and isinstance(value, dict) and key not in value
    if not is_absent:
        _serialize(self, serialized, value, shape, key)


def _texts_as_they_are(self: ResponseSerializer, serialized: Any, value: Any, shape: Any, key: str) -> None:
    if shape.name == "AttributeValue" and isinstance(value, dict) and _TEXTS.issuperset(value):
        self._default_serialize(serialized, dict(value), shape, key)
    else:
        _serialize_structure(self, serialized, value, shape, key)


def _equals(self: DynamoType, other: DynamoType) -> bool:
    if self.type in _PLAIN:
        return bool(self.type == other.type and self.value == other.value)
    return bool(_equal(self, other))


def _all_items(self: Table) -> list[Any]:
    """All items by their two keys, which are strings."""
    found = [item for rows in self.items.values() for item in rows.values()]
    return sorted(found, key=lambda item: (item.hash_key.value, item.range_key.value))
