from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.tracking.series import last_values, points
from chalicelib.tracking.series.last_values import LastValues
from chalicelib.tracking.series.packing import pack
from chalicelib.tracking.series.points import Point

logged = st.lists(
    st.builds(Point, st.sampled_from("abc"), st.floats(allow_nan=False), st.integers(0, 3), st.integers(-3, 3))
)


@given(logged, st.lists(logged, max_size=6), st.integers(0))
def test_values_are_those_of_the_latest_points_whenever_somebody_asks(
    known: list[Point], calls: list[list[Point]], seed: int
) -> None:
    chance = Random(seed)
    packed = tuple(map(pack, calls))
    values = LastValues(points.latest(known), ())

    for count in range(len(packed) + 1):
        values = LastValues(points.latest(known), packed[:count], values)
        if chance.random() < 0.5:
            values.get("a")

    latest = points.latest([*known, *(point for call in calls for point in call)])
    assert dict(values) == {key: point.value for key, point in latest.items()}
    assert values.get("nothing") is None


def test_what_was_taken_out_of_a_call_is_not_taken_out_again(monkeypatch: pytest.MonkeyPatch) -> None:
    call = pack([Point("loss", 1.0, 1, 1)])
    before = LastValues({}, (call,))
    asked = before.get("loss")
    monkeypatch.setattr(last_values, "unpack_one", None)

    assert asked == LastValues({}, (call,), before).get("loss") == 1.0
