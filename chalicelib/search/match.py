"""Comparisons as one test of a Record."""

import operator
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from chalicelib.search.field import DATASET_READERS, Entity, Field, Value, reader
from chalicelib.search.like import like
from chalicelib.search.record import Record

Predicate = Callable[[Record], bool]

_RELATIONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Comparison(NamedTuple):
    """A clause with its meaning: value is None for IS [NOT] NULL, a tuple for [NOT] IN."""

    field: Field
    operator: str
    value: Value | tuple[Value, ...] | None


def predicate(comparisons: Sequence[Comparison]) -> Predicate:
    """Whether a record satisfies all of the comparisons.

    A missing value satisfies only IS NULL, not even `!=`; NaN satisfies only `!=` (IEEE 754, and MLflow's store).
    """
    tests = [_record_test(comparison) for comparison in comparisons]
    if len(tests) == 1:
        return tests[0]

    def all_hold(record: Record) -> bool:
        # A loop rather than all(): a search asks this of thousands of records.
        for test in tests:  # noqa: SIM110
            if not test(record):
                return False
        return True

    return all_hold


def _record_test(comparison: Comparison) -> Predicate:
    if comparison.field.entity is Entity.DATASET:
        return _dataset_test(comparison)
    if comparison.field.entity is Entity.LOGGED_METRIC:
        return _logged_test(comparison)
    read = reader(comparison.field)
    if comparison.operator == "IS NULL":
        return lambda record: read(record) is None
    if comparison.operator == "IS NOT NULL":
        return lambda record: read(record) is not None
    relation, wanted = _RELATIONS.get(comparison.operator), comparison.value
    if relation is not None:
        # One call less than by `value_test`, of each of thousands of records.
        return lambda record: (value := read(record)) is not None and relation(value, wanted)
    test = value_test(comparison)
    return lambda record: (value := read(record)) is not None and test(value)


def _dataset_test(comparison: Comparison) -> Predicate:
    """Whether any edge satisfies it. Another clause may match another edge, as each is a join of its own in MLflow."""
    read = DATASET_READERS[comparison.field.key]
    test = value_test(comparison)
    return lambda record: any((value := read(edge)) is not None and test(value) for edge in record.datasets)


def _logged_test(comparison: Comparison) -> Predicate:
    """Whether any logged value satisfies it. Another clause may match another value, as in MLflow."""
    key = comparison.field.key
    test = value_test(comparison)
    return lambda record: any(map(test, record.logged.get(key, ())))


def value_test(comparison: Comparison) -> Callable[[Any], bool]:
    """Whether a value that is present satisfies the comparison."""
    wanted = comparison.value
    if comparison.operator in _RELATIONS:
        relation = _RELATIONS[comparison.operator]
        return lambda value: relation(value, wanted)
    if isinstance(wanted, tuple):
        listed, included = frozenset(wanted), comparison.operator == "IN"
        return lambda value: (value in listed) is included
    return like(str(wanted), ignore_case=comparison.operator == "ILIKE")
