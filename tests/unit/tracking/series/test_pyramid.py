"""A pyramid that grows by any portions shows what all points show at once."""

from math import isnan

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.tracking.series import pyramid, stored_pyramid
from chalicelib.tracking.series.points import Point
from chalicelib.tracking.series.pyramid import LEVELS, Pyramid
from tests.unit.tracking.series.any_points import some_points
from tests.unit.tracking.series.test_buckets import by_cell, check


def grown(portions: list[list[Point]]) -> Pyramid:
    found = pyramid.empty(portions[0])
    for portion in portions:
        found = pyramid.extended(found, portion)
    return found


@given(st.lists(some_points, min_size=1, max_size=4))
def test_every_level_has_every_point_and_no_other(portions: list[list[Point]]) -> None:
    finest = grown(portions)

    points = [point for portion in portions for point in portion]
    for level, most in zip(pyramid.levels(finest), LEVELS, strict=True):
        cells = by_cell(points, level.axis, level.width)
        assert len(level.buckets) == len(cells) <= most
        for bucket in level.buckets:
            check(bucket, cells[bucket.start >> level.width], level.axis)


@given(st.lists(some_points, min_size=1, max_size=4))
def test_a_level_is_the_same_after_it_was_stored(portions: list[list[Point]]) -> None:
    finest = grown(portions)

    assert repr(stored_pyramid.unpack(stored_pyramid.pack(finest))) == repr(finest)


def test_a_long_series_fills_the_finest_level_and_keeps_its_one_spike() -> None:
    points = [Point("loss", 1.0 if step != 77_777 else 1e9, step * 10, step) for step in range(270_000)]

    levels = pyramid.levels(grown([points[:100_000], points[100_000:]]))

    for level, most in zip(levels, LEVELS, strict=True):
        assert most / 4 < len(level.buckets) <= most
        assert [bucket.high for bucket in level.buckets].count(1e9) == 1


def test_a_series_whose_points_share_their_step_lies_along_time() -> None:
    points = [Point("loss", float(time), time, 0) for time in range(1_000)]

    found = grown([points])

    assert (found.axis, len(found.buckets) > 1) == ("time", True)
    assert len(found.along("step")) == len(found.buckets)


def test_one_point_far_away_costs_the_others_nothing() -> None:
    points = [Point("loss", 1.0, step, step) for step in range(10_000)]

    near, far = grown([points]), grown([points, [Point("loss", 2.0, 0, 2**62)]])

    assert len(far.buckets) >= len(near.buckets) / 2
    assert not any(isnan(bucket.low) for bucket in far.buckets)


def test_a_chart_reads_the_smallest_level_that_has_enough() -> None:
    assert [pyramid.level_for(most) for most in (2, 64, 65, 512, 513, 2048)] == [2, 2, 1, 1, 0, 0]
