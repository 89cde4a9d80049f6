"""What all items are made of: pynamodb's models, read faster, and an attribute type that it does not have."""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple, TypeVar

from pynamodb.attributes import Attribute, UnicodeAttribute
from pynamodb.connection import TableConnection
from pynamodb.constants import MAP
from pynamodb.models import Model

from chalicelib.config import settings
from chalicelib.storage.connection import table_connection

AnyItem = TypeVar("AnyItem", bound="Item")


class Reader(NamedTuple):
    """How an attribute of an item is read: its name in Python, DynamoDB's type, and from there to Python's."""

    name: str
    kind: str
    read: Callable[[Any], Any]


class Item(Model):
    """Any item: two keys. All models share one connection."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)

    @classmethod
    def from_raw_data(cls: type[AnyItem], data: dict[str, Any]) -> AnyItem:
        """The item of a row, as pynamodb makes it, in two fifths of the time: searches make hundreds."""
        readers = _readers(cls)
        item = cls.__new__(cls)
        values = {name: default() if callable(default) else default for name, default in _defaults(cls)}
        for attribute, typed in data.items():
            reader = readers.get(attribute)
            if reader and reader.kind in typed:
                values[reader.name] = reader.read(typed[reader.kind])
            elif reader and "NULL" not in typed:
                return super().from_raw_data(data)  # says what is wrong
        item.attribute_values = values
        return item

    @classmethod
    def _get_connection(cls) -> TableConnection:
        return table_connection(cls.Meta.table_name)


@cache
def _readers(kind: type[Item]) -> dict[str, Reader]:
    attributes = kind.get_attributes()
    return {each.attr_name: Reader(name, each.attr_type, each.deserialize) for name, each in attributes.items()}


@cache
def _defaults(kind: type[Item]) -> tuple[tuple[str, Any], ...]:
    attributes = kind.get_attributes().items()
    return tuple((name, each.default) for name, each in attributes if each.default is not None)


class RunsItem(Item):
    class Meta:
        table_name = settings().runs_table


class LedgerItem(Item):
    class Meta:
        table_name = settings().ledger_table


class TextMap(Attribute[dict[str, str]]):
    """A map of text to text, whose entries an expression can reach one by one: `Item.params[key]`."""

    attr_type = MAP

    def serialize(self, value: dict[str, str]) -> dict[str, dict[str, str]]:
        return {key: {"S": text} for key, text in value.items()}

    def deserialize(self, value: dict[str, dict[str, Any]]) -> dict[str, str]:
        return {key: text["S"] for key, text in value.items()}
