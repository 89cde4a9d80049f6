"""The total order of the results: every entry of order_by, then the tie-breakers, the id last."""

import math
from collections.abc import Sequence
from functools import total_ordering
from typing import NamedTuple

from chalicelib.search.field import Field, Value, reader
from chalicelib.search.record import Record

Position = tuple[Value | None, ...]
"""The values of one record in the fields of an ordering: its place among all records, even if it is gone."""


class Term(NamedTuple):
    field: Field
    ascending: bool


class Ordering:
    """Sorts records, and compares them with positions of records that may be gone."""

    def __init__(self, terms: Sequence[Term]) -> None:
        """`terms` must distinguish any two records."""
        self.terms = tuple(terms)
        self._readers = [reader(term.field) for term in terms]
        self._ascending = [term.ascending for term in terms]
        self.kinds = tuple(term.field.kind for term in terms)

    def position(self, record: Record) -> Position:
        return tuple([read(record) for read in self._readers])

    def key(self, position: Position) -> tuple[object, ...]:
        """A key that Python's `<` and `sorted` put in the wanted order."""
        return tuple(map(_key, position, self._ascending))


# In both directions: numbers and texts, then NaN, then what is missing.
_PRESENT, _NAN, _MISSING = range(3)


def _key(value: Value | None, ascending: bool) -> tuple[object, ...]:
    if value is None:
        return (_MISSING,)
    if isinstance(value, float) and math.isnan(value):
        return (_NAN,)
    if ascending:
        return (_PRESENT, value)
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
