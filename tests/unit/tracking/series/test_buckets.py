"""Buckets hide nothing: whatever is merged, in whatever portions, each holds the extremes of its points."""

from collections.abc import Sequence
from math import inf, isnan, nan
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.tracking.series import buckets
from chalicelib.tracking.series.buckets import Axis, Bucket, merged, of_points, turned, width_for
from chalicelib.tracking.series.points import Point
from tests.unit.tracking.series.any_points import PLACES, axes, some_points

widths = st.integers(0, buckets.MOST_WIDTH)


def place(point: Point, axis: Axis) -> int:
    return point.step if axis == "step" else point.timestamp


def check(bucket: Bucket, held: Sequence[Point], axis: Axis) -> None:
    """That the bucket is what these points come to."""
    along = [place(point, axis) for point in held]
    across = [place(point, "time" if axis == "step" else "step") for point in held]
    numbers = [point.value for point in held if not isnan(point.value)] or [nan]
    assert (bucket.start, bucket.end, bucket.size) == (min(along), max(along), len(held))
    assert (bucket.across_start, bucket.across_end) == (min(across), max(across))
    assert repr([bucket.low + 0.0, bucket.high + 0.0]) == repr([min(numbers) + 0.0, max(numbers) + 0.0])
    assert repr(bucket.first) in {repr(point.value) for point in held if place(point, axis) == bucket.start}
    assert repr(bucket.last) in {repr(point.value) for point in held if place(point, axis) == bucket.end}


def by_cell(points: Sequence[Point], axis: Axis, width: int) -> dict[int, list[Point]]:
    found: dict[int, list[Point]] = {}
    for point in points:
        found.setdefault(place(point, axis) >> width, []).append(point)
    return found


@given(some_points, axes, widths)
def test_a_bucket_is_what_its_points_come_to(points: list[Point], axis: Axis, width: int) -> None:
    found = of_points(points, axis, width)

    cells = by_cell(points, axis, width)
    assert [bucket.start >> width for bucket in found] == sorted(cells)
    for bucket in found:
        check(bucket, cells[bucket.start >> width], axis)


@given(some_points, axes, widths, widths, st.randoms(use_true_random=False))
def test_merging_narrow_buckets_of_any_portions_gives_the_wide_ones(
    points: list[Point], axis: Axis, narrow: int, wide: int, random: Random
) -> None:
    narrow, wide = sorted((narrow, wide))
    portions: list[list[Point]] = [[] for _ in range(4)]
    for point in points:
        random.choice(portions).append(point)

    found = merged([bucket for some in portions for bucket in of_points(some, axis, narrow)], wide)

    cells = by_cell(points, axis, wide)
    assert [bucket.start >> wide for bucket in found] == sorted(cells)
    for bucket in found:
        check(bucket, cells[bucket.start >> wide], axis)


@given(some_points, axes, widths)
def test_merging_a_bucket_twice_changes_the_size_alone(points: list[Point], axis: Axis, width: int) -> None:
    once = of_points(points, axis, width)

    twice = merged([*once, *once], width)

    assert repr([bucket._replace(size=bucket.size // 2) for bucket in twice]) == repr(once)


@given(some_points, axes)
def test_a_turned_bucket_holds_the_same_points_on_the_other_axis(points: list[Point], axis: Axis) -> None:
    (bucket,) = merged(of_points(points, axis, 0), buckets.MOST_WIDTH)[:1]

    around = turned(bucket)

    assert turned(around) == bucket or isnan(sum(bucket))
    assert (around.start, around.end) == (bucket.across_start, bucket.across_end)


@given(st.lists(PLACES, max_size=50), st.integers(2, 20), st.integers(0, 10))
def test_the_width_is_the_smallest_with_few_enough_cells(starts: list[int], most: int, least: int) -> None:
    width = width_for(starts, most, least)

    assert len({start >> width for start in starts}) <= most
    assert width == least or len({start >> (width - 1) for start in starts}) > most


def test_nan_is_an_extreme_only_where_all_values_are_and_infinities_always_are() -> None:
    points = [Point("loss", value, 0, step) for step, value in enumerate([nan, 1.0, inf, -inf, nan, nan])]

    mixed, alone = of_points(points, "step", 2)

    assert (mixed.low, mixed.high) == (-inf, inf)
    assert (isnan(alone.low), isnan(alone.high)) == (True, True)
