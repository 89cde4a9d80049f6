import base64
import struct
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.errors import InvalidParameterValue
from chalicelib.tracking.series.points import (
    Point,
    distinct,
    identity,
    in_history_order,
    in_step_order,
    latest,
    merge,
    newer,
    page,
)
from tests.sampling import examples

NAN = float("nan")
OTHER_NAN = struct.unpack("<d", b"\x01\x00\x00\x00\x00\x00\xf8\xff")[0]
INF = float("inf")
LAST_INT64 = 2**63 - 1

# Few keys, places and values, so that repeats and ties are common; and among them every kind of number there is.
some_values = st.sampled_from([NAN, 0.0, -0.0, 1.0, -1.0, INF, -INF, 5e-324, 1.7976931348623157e308]) | st.floats()
some_points = st.builds(
    Point,
    key=st.sampled_from(["loss", "acc", "größe/日本"]),
    value=some_values,
    timestamp=st.sampled_from([0, 10, 11, LAST_INT64]),
    step=st.sampled_from([-(2**63), -1, 0, 5, LAST_INT64]),
)
some_lists = st.lists(some_points, max_size=30)
quickly = settings(deadline=None, max_examples=examples(60))


def at(value: float, timestamp: int = 10, step: int = 5) -> Point:
    return Point("loss", value, timestamp, step)


def exact(points: list[Point]) -> list[tuple[str, bytes, int, int]]:
    """Points that compare equal only bit for bit, except that one NaN is as good as another."""
    return [(p.key, struct.pack("<d", NAN if p.value != p.value else p.value), p.timestamp, p.step) for p in points]


def all_pages(history: list[Point], size: int, token: str | None = None) -> list[Point]:
    sent: list[Point] = []
    while True:
        points, token = page(history, size, token)
        sent.extend(points)
        assert len(sent) <= len(history)
        if token is None:
            return sent


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (at(1.0), at(1.0), True),
        (at(NAN), at(NAN), True),
        (at(NAN), at(OTHER_NAN), True),
        (at(0.0), at(-0.0), True),
        (at(NAN), at(0.0), False),
        (at(INF), at(1.7976931348623157e308), False),
        (at(1.0), at(1.0, step=6), False),
        (at(1.0), at(1.0, timestamp=11), False),
        (at(NAN), at(NAN, step=6), False),
        (at(1.0), at(1.0)._replace(key="acc"), False),
    ],
)
def test_points_are_the_same_by_key_place_value_and_being_nan(one, other, same):
    assert (identity(one) == identity(other)) is same
    assert len(distinct([one, other])) == (1 if same else 2)


def test_the_first_of_the_same_points_is_kept_in_its_place():
    points = [at(2.0), at(-0.0), at(1.0), at(0.0), at(2.0)]

    kept = distinct(points)

    assert exact(kept) == exact([at(2.0), at(-0.0), at(1.0)])


@pytest.mark.parametrize(
    ("winner", "loser"),
    [
        (at(1.0, step=6), at(9.0, step=5)),
        (at(1.0, timestamp=10, step=5), at(2.0, timestamp=20, step=3)),
        (at(1.0, timestamp=11), at(9.0, timestamp=10)),
        (at(4.0), at(3.0)),
        (at(4.0), at(NAN)),
        (at(NAN), at(-4.0)),
        (at(5e-324), at(NAN)),
        (at(NAN), at(-5e-324)),
        (at(NAN, timestamp=99), at(4.0)),
        (at(NAN), at(0.0)),
        (at(0.0), at(-0.0)),
        (at(INF), at(1.7976931348623157e308)),
        (at(-1.7976931348623157e308), at(-INF)),
        (at(1.0, step=-1), at(2.0, step=-(2**63))),
        (at(1.0, step=LAST_INT64), at(2.0, step=LAST_INT64 - 1)),
    ],
)
def test_the_later_point_by_step_then_time_then_value_is_the_latest(winner, loser):
    assert newer(winner, loser)
    assert not newer(loser, winner)
    assert exact([latest([winner, loser])["loss"], latest([loser, winner])["loss"]]) == exact([winner, winner])


def test_a_point_does_not_replace_itself():
    assert not any(newer(at(value), at(value)) for value in (1.0, NAN, 0.0, INF))


@quickly
@given(some_lists, st.randoms(use_true_random=False), st.integers(1, 6))
def test_the_latest_depends_on_the_set_of_points_alone(points: list[Point], chance: Random, batches: int):
    expected = latest(points)

    shuffled = points + [point for point in points if chance.random() < 0.3]
    chance.shuffle(shuffled)
    parts = [latest(shuffled[batch::batches]) for batch in range(batches)]

    merged = merge(*parts)
    assert merged.keys() == expected.keys()
    assert exact([merged[key] for key in expected]) == exact(list(expected.values()))


def test_history_stands_by_time_then_step_then_value_and_nan_behind_zero():
    expected = [
        at(9.0, 9, 99),
        at(1.0, 10, 4),
        at(-INF),
        at(-3.0),
        at(0.0),
        at(NAN),
        at(3.0),
        at(INF),
        at(0.0, LAST_INT64, -1),
    ]

    assert in_history_order(reversed(expected)) == expected


def test_step_order_stands_by_step_then_time_then_value_and_nan_behind_zero():
    expected = [at(9.0, 99, -1), at(1.0, 10, 4), at(5.0, 9, 5), at(-3.0), at(0.0), at(NAN), at(3.0), at(0.0, 0, 6)]

    assert in_step_order(reversed(expected)) == expected


@quickly
@given(some_lists)
def test_the_order_of_a_history_does_not_depend_on_arrival(points: list[Point]):
    points = distinct(points)

    one_way = in_history_order(point._replace(key="loss") for point in points)
    other_way = in_history_order(point._replace(key="loss") for point in reversed(points))

    assert [identity(point) for point in one_way] == [identity(point) for point in other_way]


@quickly
@given(some_lists, st.integers(1, 40))
def test_the_pages_of_a_history_make_up_the_whole(points: list[Point], size: int):
    history = in_history_order(distinct(point._replace(key="loss") for point in points))

    sent = all_pages(history, size)

    assert exact(sent) == exact(history)


@quickly
@given(some_lists, some_lists, st.integers(1, 10))
def test_points_logged_between_two_pages_shift_nothing(before: list[Point], between: list[Point], size: int):
    before = distinct(point._replace(key="loss") for point in before)
    after = distinct([*before, *(point._replace(key="loss") for point in between)])

    first = page(in_history_order(before), size, None)
    rest = all_pages(in_history_order(after), size, first.token) if first.token else []

    sent = [identity(point) for point in [*first.points, *rest]]
    assert len(sent) == len(set(sent))
    assert set(sent) >= {identity(point) for point in before}


@pytest.mark.parametrize(("length", "size", "more"), [(0, 1, False), (3, 3, False), (3, 4, False), (4, 3, True)])
def test_only_a_page_with_more_behind_it_has_a_token(length, size, more):
    history = [at(0.0, timestamp) for timestamp in range(length)]

    points, token = page(history, size, None)

    assert points == history[:size]
    assert (token is not None) is more


def test_without_a_page_size_everything_left_is_one_page():
    history = [at(0.0, timestamp) for timestamp in range(5)]
    token = page(history, 2, None).token

    assert page(history, None, None) == (history, None)
    assert page(history, None, token) == (history[2:], None)


@pytest.mark.parametrize("size", [0, -1])
def test_a_page_of_no_points_is_refused(size):
    with pytest.raises(InvalidParameterValue, match="positive"):
        page([at(1.0)], size, None)


@pytest.mark.parametrize(
    "token",
    [
        "garbage",
        "%%%",
        "größe",
        "\ud800",
        "a",
        "A" * 36,
        "A" * 40,
        base64.b64encode(b'{"offset": 2}').decode(),
        base64.b64encode(b"[1]").decode(),
    ],
)
def test_a_token_that_this_server_did_not_issue_is_refused(token):
    with pytest.raises(InvalidParameterValue, match="page token"):
        page([at(1.0)], 1, token)


def test_a_token_with_one_letter_changed_is_refused():
    token = page([at(1.0), at(2.0)], 1, None).token
    assert token

    for place, letter in enumerate(token):
        with pytest.raises(InvalidParameterValue, match="page token"):
            page([at(1.0)], 1, token[:place] + ("A" if letter != "A" else "B") + token[place + 1 :])


@pytest.mark.parametrize("surplus", ["!", "\n", "A", "AAAA"])
def test_a_token_with_something_behind_it_is_refused(surplus):
    token = page([at(1.0), at(2.0)], 1, None).token
    assert token

    with pytest.raises(InvalidParameterValue, match="page token"):
        page([at(1.0)], 1, token + surplus)
