"""Which point of a logged model's metric is the latest: not by the rule of runs."""

import itertools
import math

import pytest

from chalicelib.tracking.logged_models.model_metrics import Measured, Origin, latest
from chalicelib.tracking.series.points import Point


def point(value: float, timestamp: int, step: int, run_id: str = "b") -> Measured:
    return Measured(Point("acc", value, timestamp, step), Origin(run_id, None, None))


@pytest.mark.parametrize(
    "winner_first",
    [
        [point(0.1, 10, 1), point(0.9, 5, 9)],
        [point(0.1, 10, 2), point(0.9, 10, 1)],
        [point(0.1, 10, 1, "a"), point(0.9, 10, 1, "b")],
        [point(0.9, 10, 1), point(0.1, 10, 1), point(math.nan, 10, 1)],
        [point(-math.inf, 10, 1), point(math.nan, 10, 1)],
    ],
    ids=["timestamp", "step", "run", "value", "nan"],
)
def test_the_latest_goes_by_timestamp_then_step_then_run_then_value(winner_first: list[Measured]) -> None:
    for order in itertools.permutations(winner_first):
        assert latest(order) is winner_first[0]


def test_of_no_points_there_is_no_latest() -> None:
    assert latest([]) is None
