"""A sketch has every extreme of its range, at most as many buckets as asked for, and says when it has all points."""

from math import isnan

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.tracking.series import points as rules
from chalicelib.tracking.series import pyramid
from chalicelib.tracking.series.buckets import Axis
from chalicelib.tracking.series.points import Point
from chalicelib.tracking.series.sketch import Range, sketch
from tests.unit.tracking.series.any_points import PLACES, axes, some_points
from tests.unit.tracking.series.test_buckets import place

ends = st.none() | PLACES


@given(some_points, some_points, axes, ends, ends, st.integers(2, 40))
def test_no_extreme_of_the_range_is_lost(
    in_pyramid: list[Point], beside: list[Point], axis: Axis, start: int | None, end: int | None, most: int
) -> None:
    within = Range(axis, start, end)
    level = pyramid.levels(pyramid.extended(pyramid.empty(in_pyramid), in_pyramid))[-1]

    drawn = sketch(within, most, beside, level)

    inside = [point.value for point in within.of([*in_pyramid, *beside]) if not isnan(point.value)]
    assert len(drawn.buckets) <= most
    assert not drawn.is_exact
    if inside:
        assert min(bucket.low for bucket in drawn.buckets if not isnan(bucket.low)) <= min(inside)
        assert max(bucket.high for bucket in drawn.buckets if not isnan(bucket.high)) >= max(inside)
    every = {place(point, axis) for point in [*in_pyramid, *beside]}
    assert {bucket.start for bucket in drawn.buckets} | {bucket.end for bucket in drawn.buckets} <= every


@given(some_points, axes, ends, ends, st.integers(2, 200))
def test_points_alone_give_exactly_their_extremes_and_each_point_where_they_are_few(
    found: list[Point], axis: Axis, start: int | None, end: int | None, most: int
) -> None:
    within = Range(axis, start, end)

    drawn = sketch(within, most, [*found, *found], None)

    inside = rules.distinct(within.of(found))
    numbers = [point.value for point in inside if not isnan(point.value)]
    assert drawn.is_exact == (len(inside) <= most)
    assert sum(bucket.size for bucket in drawn.buckets) == len(inside)
    assert [bucket.start for bucket in drawn.buckets] == sorted(bucket.start for bucket in drawn.buckets)
    if numbers:
        assert min(bucket.low for bucket in drawn.buckets if not isnan(bucket.low)) == min(numbers)
        assert max(bucket.high for bucket in drawn.buckets if not isnan(bucket.high)) == max(numbers)
