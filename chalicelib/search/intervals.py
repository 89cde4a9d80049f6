"""From comparisons to intervals of index rows: the part of a field's rows that can satisfy a comparison.

An interval may hold more rows than that, but never fewer: `test` drops rows by their code where that is enough, and in
the end the run itself decides. A comparison that no interval can represent (IS NULL) has no Range.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from chalicelib.search import codes
from chalicelib.search.field import Entity, Field, Kind, Value
from chalicelib.search.match import Comparison, value_test

START_TIME = Field(Entity.ATTRIBUTE, "start_time", Kind.INTEGER)
_RUN_NAME = Field(Entity.ATTRIBUTE, "run_name", Kind.TEXT)
_RUN_NAME_TAG = Field(Entity.TAG, "mlflow.runName", Kind.TEXT)

# Of one comparison with a list; a longer list is tested on every row.
_MOST_POINTS = 50


class Interval(NamedTuple):
    """Keys of rows from `low` to `high`, which no key equals; None is the end of the partition."""

    low: str
    high: str | None


EVERYTHING = Interval("", None)
NUMBERS = Interval("", codes.NAN)
NANS = Interval(codes.NAN, None)


class Range(NamedTuple):
    """The rows of one field that comparisons leave over; `point` if all of them have the same value."""

    field: Field
    intervals: tuple[Interval, ...]
    test: Callable[[str], bool] | None = None
    point: bool = False

    def admits(self, code: str) -> bool:
        """Whether a row with this code may belong to a run that matches."""
        return self.test is None or self.test(code)


def indexed(field: Field) -> Field:
    """The field under which the values of this one are indexed: a run's name is its tag."""
    return _RUN_NAME_TAG if field == _RUN_NAME else field


def ranges(comparisons: Sequence[Comparison]) -> list[Range]:
    """One Range for each field that the comparisons bound (for each comparison of a dataset: a run has several)."""
    found: dict[Field, Range] = {}
    others: list[Range] = []
    for comparison in comparisons:
        each = _range(comparison)
        if each is None:
            continue
        if each.field.entity is Entity.DATASET:
            others.append(each)
        else:
            earlier = found.get(each.field)
            found[each.field] = _both(earlier, each) if earlier else each
    return [*found.values(), *others]


def _range(comparison: Comparison) -> Range | None:
    field, operator, wanted = indexed(comparison.field), comparison.operator, comparison.value
    if operator == "IS NULL":
        return None
    if operator == "IS NOT NULL":
        return Range(field, (EVERYTHING,))
    if isinstance(wanted, tuple):
        return _listed(field, operator, wanted, comparison)
    if field == START_TIME and operator == "!=":
        # Its rows have no code to test.
        return None
    if operator in ("!=", "ILIKE"):
        return Range(field, (EVERYTHING,), _test(field, comparison))
    if operator == "LIKE":
        return _like(field, str(wanted), comparison)
    assert wanted is not None
    if field.kind is Kind.TEXT:
        return Range(field, (_point(codes.text(str(wanted))),), point=True)
    if field.kind is Kind.FLOAT:
        return _numeric(field, operator, codes.number(float(wanted)))
    return _whole(field, operator, wanted)


def _listed(field: Field, operator: str, wanted: tuple[Value, ...], comparison: Comparison) -> Range:
    if operator == "NOT IN" or len(wanted) > _MOST_POINTS:
        return Range(field, (EVERYTHING,), _test(field, comparison))
    points = tuple(_point(each) for each in sorted({codes.text(str(value)) for value in wanted}))
    return Range(field, points, point=len(points) == 1)


def _like(field: Field, pattern: str, comparison: Comparison) -> Range:
    ends = [at for at in (pattern.find("%"), pattern.find("_")) if at >= 0]
    if not ends:
        return Range(field, (_point(codes.text(pattern)),), point=True)
    start = pattern[: min(ends)]
    return Range(field, (Interval(codes.beginning(start), codes.after_beginning(start)),), _test(field, comparison))


def _whole(field: Field, operator: str, wanted: Any) -> Range:
    """An int64 field compared with any number."""
    if math.isinf(wanted):
        everything = (wanted > 0) == (operator in ("<", "<="))
        return Range(field, (EVERYTHING,) if everything and operator != "=" else ())
    least, most = codes.INT64[0], codes.INT64[-1]
    if operator == "=":
        least = most = int(wanted)
        if least != wanted:
            return Range(field, ())
    elif operator in (">", ">="):
        least = math.floor(wanted) + 1 if operator == ">" else math.ceil(wanted)
    else:
        most = math.ceil(wanted) - 1 if operator == "<" else math.floor(wanted)
    least, most = max(least, codes.INT64[0]), min(most, codes.INT64[-1])
    if least > most:
        return Range(field, ())
    if field == START_TIME:
        # Its rows are the listing, in which the last started come first.
        return Range(field, (Interval(codes.falling(most), codes.falling(least) + codes.AFTER),), point=False)
    return Range(field, (Interval(codes.integer(least), codes.integer(most) + codes.AFTER),), point=least == most)


def _numeric(field: Field, operator: str, code: str) -> Range:
    if operator == "=":
        return Range(field, (_point(code),), point=True)
    interval = {
        ">": Interval(code + codes.AFTER, codes.NAN),
        ">=": Interval(code, codes.NAN),
        "<": Interval("", code),
        "<=": Interval("", code + codes.AFTER),
    }[operator]
    return Range(field, (interval,))


def _point(code: str) -> Interval:
    return Interval(code, code + codes.AFTER)


def _test(field: Field, comparison: Comparison) -> Callable[[str], bool]:
    test = value_test(comparison)

    def admits(code: str) -> bool:
        value = codes.value_of(field.kind, code)
        return value is None or test(value)

    return admits


def _both(one: Range, two: Range) -> Range:
    met = (overlap(a, b) for a in one.intervals for b in two.intervals)
    tests = [each.test for each in (one, two) if each.test]
    return Range(
        one.field,
        tuple(interval for interval in met if interval is not None),
        (lambda code: all(test(code) for test in tests)) if tests else None,
        one.point or two.point,
    )


def overlap(one: Interval, two: Interval) -> Interval | None:
    """What two intervals have in common; None for nothing."""
    low = max(one.low, two.low)
    highs = [high for high in (one.high, two.high) if high is not None]
    high = min(highs) if highs else None
    return Interval(low, high) if high is None or low < high else None
