import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.search.order import Ordering, Position
from chalicelib.search.record import Record
from chalicelib.search.resolve import ordering
from chalicelib.tracking.index.vocabulary import RUNS

NUMBERS = [-math.inf, -1e300, -1.0, 0.0, 5e-324, 1.0, 1e300, math.inf]


def by_metric(direction: str) -> Ordering:
    return ordering(RUNS, [f"metrics.m {direction}"])


def record(identifier: str, value: float | None, start: int = 0) -> Record:
    metrics = {} if value is None else {"m": value}
    return Record(identifier, {"run_id": identifier, "start_time": start}, metrics)


def sorted_ids(order: Ordering, records: list[Record]) -> list[str]:
    return [each.id for each in sorted(records, key=lambda each: order.key(order.position(each)))]


@pytest.mark.parametrize(("direction", "numbers"), [("ASC", NUMBERS), ("DESC", NUMBERS[::-1])])
def test_nan_stands_behind_every_number_and_before_the_missing(direction: str, numbers: list[float]) -> None:
    values = [None, math.nan, *NUMBERS]

    ids = sorted_ids(by_metric(direction), [record(str(value), value) for value in values])

    assert ids == [str(value) for value in [*numbers, math.nan, None]]


@pytest.mark.parametrize("value", [1.0, math.nan, None])
def test_ties_go_to_the_younger_run_and_then_to_the_smaller_id(value: float | None) -> None:
    records = [record("c", value, 1), record("b", value, 2), record("a", value, 1)]

    assert sorted_ids(by_metric("DESC"), records) == ["b", "a", "c"]


def test_minus_zero_ties_with_zero() -> None:
    assert sorted_ids(by_metric("ASC"), [record("b", -0.0), record("a", 0.0)]) == ["a", "b"]


def test_falling_texts_put_the_longer_one_first() -> None:
    order = ordering(RUNS, ["tags.t DESC"])
    records = [Record(text, {"run_id": text}, tags={"t": text}) for text in ["a", "ab", "", "b"]]

    assert sorted_ids(order, records) == ["b", "ab", "a", ""]


positions = st.tuples(st.none() | st.floats(), st.none() | st.integers(0, 2), st.sampled_from("abc"))


@given(first=positions, second=positions, direction=st.sampled_from(["ASC", "DESC"]))
def test_two_positions_are_equal_or_one_is_before_the_other(first: Position, second: Position, direction: str) -> None:
    a, b = (by_metric(direction).key(position) for position in (first, second))

    assert [a < b, a == b, a > b].count(True) == 1


@given(
    values=st.lists(st.none() | st.sampled_from([0.0, 1.0, 2.0, math.nan])),
    most=st.integers(1, 5),
    direction=st.sampled_from(["ASC", "DESC"]),
)
def test_the_first_records_are_those_that_sorting_all_puts_first(
    values: list[float | None], most: int, direction: str
) -> None:
    order = by_metric(direction)
    records = [record(f"{number:02}", value, number % 3) for number, value in enumerate(values)]

    assert [each.id for each in order.first(iter(records), most)] == sorted_ids(order, records)[:most]
