"""Runs in the wanted order, from index rows alone where these suffice.

The rows of the order's first field come in its order. Runs of equal value come in the default order there (the last
started first, then by id). If only the tie-breakers are left, that is the wanted order. Otherwise the runs of equal
value form a group, which is sorted by reading the runs, or, if there are many, by a walk over the next field's rows
that passes over all others. After the last value come the runs that lack the field: a walk over the next field again.

    order_by metrics.a DESC, metrics.b      rows of a, backward      0.9  0.7 ┬ group by b   0.5 … NaN   those without a
                                                                          0.7 ┘
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from typing import NamedTuple

from chalicelib.search import codes
from chalicelib.search.field import Entity, Field, Kind, Value
from chalicelib.search.intervals import EVERYTHING, NANS, NUMBERS, START_TIME, Interval, Range, indexed, overlap
from chalicelib.search.order import Position, Term
from chalicelib.search.rows import Index, Row

RUN_ID = Field(Entity.ATTRIBUTE, "run_id", Kind.TEXT)

# Up to this many runs of equal value are read and sorted; more are found in the rows of the next field.
MOST_IN_GROUP = 1000
# Up to this many rows of equal value are reversed in memory when a field is walked backward; more are read once more,
# forward.
_REVERSED = 64

# Fields that no run lacks.
_ALWAYS_THERE = frozenset(
    {RUN_ID, *(Field(Entity.ATTRIBUTE, key, Kind.TEXT) for key in ("status", "artifact_uri")), START_TIME}
)

Held = tuple[tuple[Field, str | None], ...]
Admits = Callable[[Row], bool]


class Candidate(NamedTuple):
    """A run that belongs here if it still has these codes; None for a field that it must lack."""

    row: Row
    held: Held = ()


Piece = Candidate | list[Candidate]
"""The next run in the order, or several that come next in an order yet to be determined."""


def is_row_order(terms: Sequence[Term], fixed: frozenset[Field] = frozenset()) -> bool:
    """Whether runs that are equal in the fixed fields come in this order in every field's rows."""
    left = [term for term in terms if term.field not in fixed]
    if RUN_ID in fixed or not left:
        return True
    wanted = [] if START_TIME in fixed else [Term(START_TIME, ascending=False)]
    return left[: len(wanted) + 1] == [*wanted, Term(RUN_ID, ascending=True)]


def place_of(terms: Sequence[Term], after: Position) -> str | None:
    """A position's place in the default order; None if the terms do not determine it."""
    values = {term.field: value for term, value in zip(terms, after, strict=True)}
    start, run_id = values.get(START_TIME), values.get(RUN_ID)
    return None if start is None or run_id is None else codes.falling(int(start)) + str(run_id)


class _Level(NamedTuple):
    """A walk over the rows of the first of `terms`, within what outer levels hold and admit."""

    terms: Sequence[Term]
    after: Position | None
    held: Held = ()
    admits: Admits | None = None
    fixed: frozenset[Field] = frozenset()

    @property
    def field(self) -> Field:
        return indexed(self.terms[0].field)

    @property
    def forward(self) -> bool:
        """Whether rows are read forward. The listing's rows descend as their values ascend."""
        return self.terms[0].ascending != (self.field == START_TIME)

    def code(self, value: Value) -> str:
        return codes.falling(int(value)) if self.field == START_TIME else codes.code(self.field.kind, value)

    def code_of(self, row: Row) -> str:
        return row.start if self.field == START_TIME else row.code

    @property
    def start(self) -> Value | None:
        return self.after[0] if self.after else None

    def is_simple(self, code: str) -> bool:
        """Whether the rows with this code are already in order."""
        return not codes.is_cut(code) and is_row_order(self.terms[1:], self.fixed | {self.field})

    def seek(self, code: str) -> str:
        """The least key with this code that can come after `after`."""
        if self.after is None or self.start is None or self.code(self.start) != code or not self.is_simple(code):
            return code
        place = place_of(self.terms, self.after)
        if place is None:
            return code
        return (place if self.field == START_TIME else code + place) + codes.AFTER

    def candidate(self, row: Row) -> Candidate:
        own: Held = () if self.field == START_TIME else ((self.field, row.code),)
        return Candidate(row, self.held + own)

    def inner(self, code: str | None, admits: Admits) -> "_Level":
        """The level of the next field, among the runs that hold this code, or lack the field."""
        start = self.start
        same = self.after is not None and (code is None if start is None else self.code(start) == code)
        held: Held = () if self.field == START_TIME else ((self.field, code),)
        outer = self.admits
        both = admits if outer is None else lambda row: admits(row) and outer(row)
        after = self.after[1:] if self.after and same else None
        return _Level(self.terms[1:], after, self.held + held, both, self.fixed | {self.field})


class Walk:
    """The walk of one search: over `index`, whose rows outside of the `bounds` of their field cannot match."""

    def __init__(self, index: Index, bounds: Mapping[Field, Range], at_once: int) -> None:
        self._index = index
        self._bounds = bounds
        self._at_once = at_once

    def pieces(self, terms: Sequence[Term], after: Position | None) -> Iterator[Piece]:
        """Every run after `after` (and perhaps a few before), each at the place that its rows give it."""
        return self._level(_Level(terms, after))

    def _level(self, level: _Level) -> Iterator[Piece]:
        if is_row_order(level.terms, level.fixed):
            yield from self._listing(level)
            return
        seen: set[str] | None = set() if self._may_be_missing(level.field) else None
        if level.after is None or level.start is not None:
            yield from self._present(level, seen)
        if seen is not None:
            yield from self._missing(level, seen)

    def _listing(self, level: _Level) -> Iterator[Piece]:
        place = place_of(level.terms, level.after) if level.after else None
        later = Interval(place + codes.AFTER, None) if place else EVERYTHING
        for interval in self._intervals(START_TIME, later):
            for row in self._index.rows(START_TIME, interval, at_once=self._at_once):
                if level.admits is None or level.admits(row):
                    yield Candidate(row, level.held)

    def _present(self, level: _Level, seen: set[str] | None) -> Iterator[Piece]:
        at_nan = level.start is not None and level.code(level.start) == codes.NAN
        if not (at_nan and level.field.kind is Kind.FLOAT):
            yield from self._values(level, seen)
        if level.field.kind is Kind.FLOAT:
            for interval in self._intervals(level.field, NANS):
                low = max(interval.low, level.seek(codes.NAN))
                yield from self._forward(level, Interval(low, interval.high), seen)

    def _values(self, level: _Level, seen: set[str] | None) -> Iterator[Piece]:
        span = NUMBERS if level.field.kind is Kind.FLOAT else EVERYTHING
        if level.start is not None:
            code = level.code(level.start)
            later = Interval(level.seek(code), None) if level.forward else Interval("", code + codes.AFTER)
            span = overlap(span, later) or Interval(code, code)
        intervals = self._intervals(level.field, span)
        for interval in intervals if level.forward else reversed(intervals):
            yield from (self._forward if level.forward else self._backward)(level, interval, seen)

    def _forward(self, level: _Level, interval: Interval, seen: set[str] | None) -> Iterator[Piece]:
        rows = self._rows(level, interval, True, seen)
        for code, alike in groupby(rows, key=level.code_of):
            yield from self._alike(level, code, alike)

    def _backward(self, level: _Level, interval: Interval, seen: set[str] | None) -> Iterator[Piece]:
        end = interval.high
        while True:
            rows = self._rows(level, Interval(interval.low, end), False, seen)
            for code, alike in groupby(rows, key=level.code_of):
                few = list(islice(alike, _REVERSED + 1))
                if len(few) <= _REVERSED:
                    yield from self._alike(level, code, iter(few[::-1]))
                    continue
                yield from self._forward(level, Interval(level.seek(code), code + codes.AFTER), seen)
                end = code
                break
            else:
                return

    def _alike(self, level: _Level, code: str, rows: Iterator[Row]) -> Iterator[Piece]:
        bounds = self._bounds.get(level.field)
        if bounds and not bounds.admits(code):
            return
        admitted = (row for row in rows if level.admits is None or level.admits(row))
        if level.is_simple(code):
            yield from map(level.candidate, admitted)
            return
        group = list(admitted) if codes.is_cut(code) else list(islice(admitted, MOST_IN_GROUP + 1))
        if len(group) <= MOST_IN_GROUP or codes.is_cut(code):
            yield [level.candidate(row) for row in group]
            return
        ids = {row.run_id for row in group} | {row.run_id for row in admitted}
        yield from self._level(level.inner(code, lambda row: row.run_id in ids))

    def _missing(self, level: _Level, seen: set[str]) -> Iterator[Piece]:
        if level.after is not None:
            # This walk has not seen the runs of earlier pages.
            seen |= {row.run_id for row in self._index.rows(level.field, EVERYTHING, at_once=self._at_once)}
        yield from self._level(level.inner(None, lambda row: row.run_id not in seen))

    def _rows(self, level: _Level, interval: Interval, forward: bool, seen: set[str] | None) -> Iterator[Row]:
        for row in self._index.rows(level.field, interval, forward, self._at_once):
            if seen is not None:
                seen.add(row.run_id)
            yield row

    def _intervals(self, field: Field, span: Interval) -> list[Interval]:
        bounds = self._bounds.get(field)
        found = (overlap(each, span) for each in (bounds.intervals if bounds else (EVERYTHING,)))
        return [interval for interval in found if interval is not None]

    def _may_be_missing(self, field: Field) -> bool:
        return field not in _ALWAYS_THERE and field not in self._bounds
