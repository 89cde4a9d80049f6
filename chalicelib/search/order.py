"""The total order of the results: every entry of order_by, then the tie-breakers, the id last."""

from collections.abc import Iterable, Sequence
from functools import total_ordering
from typing import Any, NamedTuple

from chalicelib.search.field import Field, Value, reader
from chalicelib.search.record import Record

Position = tuple[Value | None, ...]
"""The values of one record in the fields of an ordering: its place among all records, even if it is gone."""


Key = tuple[Any, ...]


class Term(NamedTuple):
    field: Field
    ascending: bool


class Ordering:
    """Sorts records, and compares them with positions of records that may be gone."""

    def __init__(self, terms: Sequence[Term]) -> None:
        """`terms` must distinguish any two records."""
        self.terms = tuple(terms)
        self._readers = [reader(term.field) for term in terms]
        self._keys = [_falling_key if not term.ascending else _key for term in terms]
        self.kinds = tuple(term.field.kind for term in terms)

    def position(self, record: Record) -> Position:
        return tuple([read(record) for read in self._readers])

    def key(self, position: Position) -> Key:
        """A key that Python's `<` and `sorted` put in the wanted order."""
        return tuple([key(value) for key, value in zip(self._keys, position, strict=True)])

    def first(self, records: Iterable[Record], most: int) -> list[Record]:
        """The first records in the wanted order."""
        several = list(records)
        if len(several) > most:
            # Of thousands, the whole key is worked out only of those that the first term does not rule out.
            read, key = self._readers[0], self._keys[0]
            keys = [key(read(record)) for record in several]
            last = sorted(keys)[most - 1]
            several = [record for record, each in zip(several, keys, strict=True) if not last < each]
        several.sort(key=lambda record: self.key(self.position(record)))
        return several[:most]


# In both directions: numbers and texts, then NaN, then what is missing.
_PRESENT, _NAN, _MISSING = range(3)


def _key(value: Value | None) -> Key:
    if value is None:
        return (_MISSING,)
    # NaN alone differs from itself.
    return (_PRESENT, value) if value == value else (_NAN,)


def _falling_key(value: Value | None) -> Key:
    if value is None or value != value:
        return _key(value)
    return (_PRESENT, _FallingText(value) if isinstance(value, str) else -value)


@total_ordering
class _FallingText:
    """A text that sorts before all smaller ones."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _FallingText) and self.text == other.text

    def __lt__(self, other: "_FallingText") -> bool:
        return self.text > other.text
