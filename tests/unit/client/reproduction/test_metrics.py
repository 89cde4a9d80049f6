"""Metrics of two runs are compared point by point."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cumulog._reproduction.comparing.metrics import Metric, Point, Tolerance, compared, is_near, is_same

EXACT = Tolerance()
numbers = st.floats(allow_nan=True, allow_infinity=True)


def of(*values: float) -> list[Point]:
    return [Point(step, value) for step, value in enumerate(values)]


def only(old: list[Point], new: list[Point], allowed: Tolerance = EXACT) -> Metric:
    (found,) = compared({"loss": old} if old else {}, {"loss": new} if new else {}, allowed)
    return found


def test_the_same_points_are_equal_whatever_they_are() -> None:
    values = of(1.0, math.nan, math.inf, -math.inf, 5e-324)

    assert only(values, list(values)) == Metric("loss", "equal", 5, old=5e-324, new=5e-324)


def test_a_difference_is_told_with_its_first_step_and_the_largest() -> None:
    found = only(of(1.0, 2.0, 3.0), of(1.0, 2.5, 1.0))

    assert (found.verdict, found.first_step, found.largest) == ("different", 1, 2.0)


def test_the_last_bit_counts_unless_a_tolerance_is_given() -> None:
    old, new = of(1.0), of(math.nextafter(1.0, 2.0))

    assert only(old, new).verdict == "different"
    assert only(old, new, Tolerance(relative=1e-12)).verdict == "within"
    assert only(old, new, Tolerance(absolute=1e-12)).verdict == "within"


@pytest.mark.parametrize(
    ("old", "new", "step"), [(of(1.0, 2.0), of(1.0), 1), ([Point(0, 1.0), Point(2, 2.0)], of(1.0, 2.0), 2)]
)
def test_points_at_other_steps_are_a_difference(old: list[Point], new: list[Point], step: int) -> None:
    found = only(old, new, Tolerance(1.0, 1.0))

    assert (found.verdict, found.first_step) == ("different", step)
    assert found.why


def test_a_metric_that_only_one_run_has_is_missing_or_extra() -> None:
    assert only(of(1.0), []) == Metric("loss", "missing", old=1.0)
    assert only([], of(1.0)) == Metric("loss", "extra", new=1.0)


def test_what_is_not_a_number_is_near_no_number() -> None:
    assert not is_near(1.0, math.nan, Tolerance(1e9, 1e9))
    assert not is_near(math.inf, 1.0, Tolerance(1e9, 1e9))
    assert not is_same(0.0, -0.0)
    assert is_near(0.0, -0.0, EXACT)


@given(numbers, numbers, st.floats(0, 1e6), st.floats(0, 1e6))
def test_a_wider_tolerance_takes_whatever_a_narrow_one_takes(one: float, two: float, first: float, more: float) -> None:
    if is_near(one, two, Tolerance(absolute=first)):
        assert is_near(one, two, Tolerance(absolute=first + more))
