"""What a clause or an order_by entry is about: a typed value that can be read from a Record."""

from collections.abc import Callable
from enum import Enum, auto
from typing import NamedTuple

from chalicelib.search.record import DatasetRecord, Record

Value = str | int | float
Reader = Callable[[Record], Value | None]


class Entity(Enum):
    ATTRIBUTE = "attribute"
    METRIC = "metric"
    LOGGED_METRIC = "logged metric"
    """A metric of which a clause tests every value that was logged, not only the latest."""
    PARAM = "parameter"
    TAG = "tag"
    DATASET = "dataset"


class Kind(Enum):
    """How values are written in a filter and compared."""

    TEXT = auto()
    """By code points, as SQLite does."""
    FLOAT = auto()
    INTEGER = auto()
    INTEGER_TEXT = auto()
    """An integer that the protocol carries as text: written in quotes, compared as a number."""


class Field(NamedTuple):
    entity: Entity
    key: str
    kind: Kind


def reader(field: Field) -> Reader:
    """The function that reads the field's value from a record, None if it is missing. Not for fields with several."""
    key = field.key
    if field.kind is Kind.INTEGER_TEXT:
        return lambda record: _as_integer(record.attributes.get(key))
    if field.entity is Entity.METRIC:
        return lambda record: record.metrics.get(key)
    if field.entity is Entity.PARAM:
        return lambda record: record.params.get(key)
    if field.entity is Entity.TAG:
        return lambda record: record.tags.get(key)
    return lambda record: record.attributes.get(key)


def _as_integer(value: str | int | None) -> int | None:
    return None if value is None else int(value)


DATASET_READERS: dict[str, Callable[[DatasetRecord], str | None]] = {
    "name": lambda edge: edge.name,
    "digest": lambda edge: edge.digest,
    "context": lambda edge: edge.context,
}
"""By the key of a dataset clause. A run has several edges, so a clause tests each of them."""
