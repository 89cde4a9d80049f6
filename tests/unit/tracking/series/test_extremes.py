from math import inf, isnan, nan
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.tracking.series import extremes
from chalicelib.tracking.series.extremes import Extremes
from chalicelib.tracking.series.points import Point

VALUES = st.sampled_from([0.0, -0.0, 1.0, -1.0, 1e308, inf, -inf, nan])
SMALL = st.integers(0, 2)
POINTS = st.lists(st.builds(Point, st.sampled_from(["a", "b"]), VALUES, SMALL, SMALL))


@given(POINTS, st.integers(0, 20), st.randoms(use_true_random=False))
def test_they_depend_on_the_points_alone_however_these_come(points: list[Point], cut: int, chance: Random) -> None:
    mixed = points + points[: cut // 2]
    chance.shuffle(mixed)

    found = extremes.merge(extremes.of(mixed[:cut]), extremes.of(mixed[cut:]))

    for key in ("a", "b"):
        numbers = [point for point in points if point.key == key and not isnan(point.value)]
        assert (key in found) == bool(numbers)
        if numbers:
            lowest = min(numbers, key=lambda point: (point.value, point.step, point.timestamp))
            highest = min(numbers, key=lambda point: (-point.value, point.step, point.timestamp))
            assert found[key] == Extremes(lowest, highest)
    assert extremes.of(extremes.points_of(found)) == found


def test_of_equal_values_the_one_at_the_lowest_step_counts() -> None:
    late, early = Point("loss", 1.0, 5, 9), Point("loss", 1.0, 8, 2)

    assert extremes.of([late, early])["loss"] == Extremes(early, early)
