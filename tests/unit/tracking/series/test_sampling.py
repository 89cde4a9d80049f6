from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.errors import InvalidParameterValue
from chalicelib.tracking.series.points import Point, in_step_order
from chalicelib.tracking.series.sampling import MOST_BULK_POINTS, MOST_POINTS_PER_RUN, between_steps, bulk, sample
from tests.sampling import examples

quickly = settings(deadline=None, max_examples=examples(60))


def steps(count: int, first: int = 0) -> list[Point]:
    return [Point("loss", float(step), 1000 + step, step) for step in range(first, first + count)]


@pytest.mark.parametrize(
    ("count", "max_results", "expected"),
    [
        (0, 3, []),
        (1, 1, [0]),
        (3, 3, [0, 1, 2]),
        (3, 2500, [0, 1, 2]),
        (5, 1, [4]),
        (7, 2, [0, 6]),
        (4, 3, [0, 2, 3]),
        (10, 3, [0, 4, 9]),
        (10, 4, [0, 3, 6, 9]),
        (10, 9, [0, 2, 3, 4, 5, 6, 7, 8, 9]),
        (20, 3, [0, 7, 19]),
    ],
)
def test_points_are_taken_evenly_with_the_first_and_the_last(count, max_results, expected):
    assert [point.step for point in sample(steps(count), max_results)] == expected


@quickly
@given(st.integers(1, 400), st.integers(2, 50))
def test_a_sample_is_full_spread_and_keeps_both_ends(count: int, max_results: int):
    taken = [point.step for point in sample(steps(count)[::-1], max_results)]

    gaps = [after - before for before, after in pairwise(taken)]
    assert len(taken) == min(count, max_results)
    assert (taken[0], taken[-1]) == (0, count - 1)
    # The last gap is wider, because it ends at the last point and not at the head of the last stretch.
    narrow = max(1, count // max_results)
    assert all(narrow <= gap <= narrow + 1 for gap in gaps[:-1])


def test_many_points_at_one_step_are_sampled_like_any_others():
    points = [Point("loss", float(value), 10, 0) for value in range(100)]

    assert [point.value for point in sample(points, 5)] == [0.0, 20.0, 40.0, 60.0, 99.0]


def test_a_sample_is_in_step_order_even_when_nothing_is_left_out():
    points = [Point("loss", 1.0, 10, 5), Point("loss", float("nan"), 5, 5), Point("loss", 1.0, 99, -5)]

    assert sample(points, 3) == in_step_order(points)


@pytest.mark.parametrize("max_results", [0, -1, MOST_POINTS_PER_RUN + 1])
def test_a_sample_size_out_of_range_is_refused(max_results):
    with pytest.raises(InvalidParameterValue, match="between 1 and 2500"):
        sample(steps(3), max_results)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (None, None, [-2, -1, 0, 1, 2]),
        (-1, 1, [-1, 0, 1]),
        (1, 1, [1]),
        (3, 9, []),
        (-(2**63), 2**63 - 1, [-2, -1, 0, 1, 2]),
    ],
)
def test_both_ends_of_the_steps_asked_for_belong_to_them(start, end, expected):
    assert [point.step for point in between_steps(steps(5, first=-2), start, end)] == expected


@pytest.mark.parametrize(("start", "end"), [(1, None), (None, 1), (2, 1)])
def test_half_a_range_of_steps_and_a_backward_one_are_refused(start, end):
    with pytest.raises(InvalidParameterValue):
        between_steps(steps(3), start, end)


def test_bulk_rows_stand_by_run_then_in_history_order():
    late_low, early_high = Point("loss", 1.0, 20, 0), Point("loss", 1.0, 10, 9)

    rows = bulk({"b": [late_low, early_high], "a": [late_low], "c": []}, 10)

    assert rows == [("a", late_low), ("b", early_high), ("b", late_low)]


@pytest.mark.parametrize(("max_results", "expected"), [(0, 0), (1, 1), (3, 3), (4, 4), (99, 4)])
def test_bulk_stops_at_the_number_asked_for(max_results, expected):
    points_by_run = {"a": steps(2), "b": steps(2)}

    assert bulk(points_by_run, max_results) == bulk(points_by_run, 4)[:expected]
    assert len(bulk(points_by_run, max_results)) == expected


@pytest.mark.slow
def test_bulk_never_gives_more_than_25000_rows():
    assert len(bulk({"a": steps(20_000), "b": steps(20_000)}, 40_000)) == MOST_BULK_POINTS == 25_000


def test_a_negative_bulk_size_is_refused():
    with pytest.raises(InvalidParameterValue, match="negative"):
        bulk({"a": steps(2)}, -3)
