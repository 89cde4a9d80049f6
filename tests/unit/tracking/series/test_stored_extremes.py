from math import inf, nan

import pytest

from chalicelib.tracking.series import extremes, points, stored_extremes
from chalicelib.tracking.series.points import Point

HISTORIES = [
    [Point("loss", 1.0, 1, 1)],
    [Point("loss", 3.0, 1, 1), Point("loss", -inf, 2, 2), Point("loss", 2.0, 3, 3)],
    [Point("loss", 3.0, 1, 1), Point("loss", 1.0, 2, 2), Point("acc", 0.1, 1, 1), Point("acc", 0.2, 2, 2)],
    [Point("loss", nan, 1, 1), Point("acc", 0.2, 2, 2)],
    [Point("loss", 3.0, 1, 1), Point("loss", nan, 2, 2)],
]


@pytest.mark.parametrize("history", HISTORIES)
def test_what_is_stored_comes_back(history: list[Point]) -> None:
    latest, found = points.latest(history), extremes.of(history)

    back = stored_extremes.restored(latest, stored_extremes.content(latest, found))

    assert back is not None
    assert dict(back) == found
    assert len(back) == len(found)


def test_what_is_not_known_stays_unknown() -> None:
    assert stored_extremes.content({}, None) is None
    assert stored_extremes.restored({}, None) is None


def test_a_metric_of_one_point_takes_one_character() -> None:
    [point] = HISTORIES[0]

    assert stored_extremes.content({"loss": point}, extremes.of([point])) == [0]
