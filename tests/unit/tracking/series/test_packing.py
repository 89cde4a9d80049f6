import math
import struct
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.tracking.series.packing import PackingError, keys_in, pack, split, unpack, unpack_one
from chalicelib.tracking.series.points import Point
from tests.sampling import examples

FIRST_INT64, LAST_INT64 = -(2**63), 2**63 - 1
START = 1_700_000_000_000
KEYS = [f"metric/k{number:02}" for number in range(10)]

bit_patterns = st.integers(0, 2**64 - 1).map(lambda bits: struct.unpack("<d", bits.to_bytes(8, "little"))[0])
some_points = st.builds(
    Point,
    key=st.text(min_size=1, max_size=12) | st.sampled_from(["loss", "größe/日本", "🦦" * 250]),
    value=st.floats() | bit_patterns | st.sampled_from([math.nan, -0.0, math.inf, -math.inf, 5e-324]),
    timestamp=st.integers(0, LAST_INT64) | st.sampled_from([0, START, LAST_INT64]),
    step=st.integers(FIRST_INT64, LAST_INT64) | st.sampled_from([FIRST_INT64, -1, 0, LAST_INT64]),
)
some_lists = st.lists(some_points, max_size=40)
quickly = settings(deadline=None, max_examples=examples(60))

# Written by version 1: what is stored for years must stay readable, whatever else changes.
PLAIN_POINTS = [Point("loss", 0.5, START, 0), Point("größe", -0.0, START + 250, -1)]
PLAIN = "0100b431fb8b0204076c6f73736772c3b6c39f650200010200010880a0abfef962f403000000000000000000000000e0003f80"
DEFLATED_POINTS = [Point("lr", 0.001, START + 1000 * step, step) for step in range(60)]
DEFLATED = (
    "010106e39a8e78016364ca29b261a000d83030910f6a1a16acfef733e902ff40c03f14809514808f14804b14005f0a401205"
    "208002604f010000514b50cc"
)


def exact(points: list[Point]) -> list[tuple[str, bytes, int, int]]:
    return [(p.key, struct.pack("<d", p.value), p.timestamp, p.step) for p in points]


def regular(length: int, key: str = "loss", seed: int = 0) -> list[Point]:
    chance = Random(seed)
    return [Point(key, chance.random(), START + 1000 * step, step) for step in range(length)]


def keys_in_turn(length: int) -> list[Point]:
    return [
        Point(KEYS[n % 10], math.exp(-n / 300) + math.sin(n), START + 1000 * (n // 10) + n % 7, n // 10)
        for n in range(length)
    ]


@quickly
@given(some_lists)
def test_unpacking_gives_back_the_same_points_bit_for_bit(points: list[Point]):
    assert exact(unpack(pack(points))) == exact(points)


@quickly
@given(some_lists)
def test_the_keys_of_packed_points_are_known_without_them(points: list[Point]):
    assert keys_in(pack(points)) == list(dict.fromkeys(point.key for point in points))


@quickly
@given(some_lists)
def test_one_key_unpacks_to_its_points_alone(points: list[Point]):
    for key in {point.key for point in points} | {"none has this key"}:
        of_key = [point for point in points if point.key == key]
        assert pack(unpack_one(pack(points), key)) == pack(of_key)


@quickly
@given(some_points, st.integers(1, 200))
def test_repeats_come_back_as_often_as_they_were_packed(point: Point, times: int):
    assert exact(unpack(pack([point] * times))) == exact([point] * times)


def test_unpacking_gives_points():
    (point,) = unpack(pack([Point("loss", 0.5, START, 3)]))

    assert isinstance(point, Point)
    assert (point.key, point.value, point.timestamp, point.step) == ("loss", 0.5, START, 3)


def test_changes_across_the_whole_of_int64_survive():
    there_and_back = [Point("loss", 0.0, 0, FIRST_INT64), Point("loss", 0.0, LAST_INT64, LAST_INT64)] * 3

    assert unpack(pack(there_and_back)) == there_and_back


def test_more_keys_than_two_bytes_can_number_survive():
    points = [Point(str(number), 0.0, 0, 0) for number in range(20_000)]

    assert unpack(pack(points)) == points


def test_the_plain_format_of_version_1_is_still_written_and_read():
    assert pack(PLAIN_POINTS).hex() == PLAIN
    assert exact(unpack(bytes.fromhex(PLAIN))) == exact(PLAIN_POINTS)


def test_the_deflated_format_of_version_1_is_still_read():
    assert exact(unpack(bytes.fromhex(DEFLATED))) == exact(DEFLATED_POINTS)


@pytest.mark.parametrize(
    ("points", "most_bytes"),
    [
        ([], 6),
        (regular(1), 40),
        (keys_in_turn(10), 300),
        (keys_in_turn(1000), 9_500),
        (regular(10_000), 75_000),
    ],
    ids=["none", "one", "a batch of 10 keys", "1,000 over 10 keys", "10,000 of one key"],
)
def test_packed_points_are_small(points, most_bytes):
    assert len(pack(points)) <= most_bytes


def test_values_that_were_float32_pack_to_half_their_size():
    halves = [point._replace(value=struct.unpack("<f", struct.pack("<f", point.value))[0]) for point in regular(1000)]

    assert len(pack(halves)) < 8 * 1000 / 2


@pytest.mark.parametrize("points", [regular(3), keys_in_turn(200)], ids=["plain", "deflated"])
def test_damage_of_any_byte_is_noticed(points):
    packed = pack(points)

    for place in range(len(packed)):
        damaged = bytearray(packed)
        damaged[place] ^= 1 << place % 8
        for read in (unpack, lambda packed: unpack_one(packed, "loss")):
            with pytest.raises(PackingError):
                read(bytes(damaged))


@pytest.mark.parametrize("points", [[], regular(3), keys_in_turn(200)], ids=["none", "plain", "deflated"])
def test_missing_and_surplus_bytes_are_noticed(points):
    packed = pack(points)

    for length in range(len(packed)):
        with pytest.raises(PackingError):
            unpack(packed[:length])
    with pytest.raises(PackingError):
        unpack(packed + b"\0")


def test_bytes_of_a_later_version_are_refused_by_name():
    packed = bytearray(pack(regular(3)))
    packed[0] = 2

    with pytest.raises(PackingError, match="version 2"):
        unpack(bytes(packed))


def test_a_packing_error_is_a_value_error():
    assert issubclass(PackingError, ValueError)


def test_a_small_batch_is_one_part():
    points = keys_in_turn(1000)

    assert split(points, 300_000) == [points]


def test_no_points_are_no_part():
    assert split([], 300_000) == []


def test_a_thousand_keys_of_250_wide_characters_are_cut_into_parts_under_the_limit():
    # A legal log-batch, and 2.5 times what an item holds; random keys do not deflate away.
    chance = Random(1)
    points = [
        Point("".join(chr(chance.randrange(0x20000, 0x2A6DF)) for _ in range(250)), 0.0, START, 0) for _ in range(1000)
    ]

    parts = split(points, 300_000)

    assert len(parts) > 1
    assert all(len(pack(part)) <= 300_000 for part in parts)
    assert [point for part in parts for point in part] == points


@quickly
@given(some_lists, st.integers(1_200, 3_000))
def test_parts_are_under_the_limit_and_in_order(points: list[Point], limit: int):
    parts = split(points, limit)

    assert all(parts)
    assert all(len(pack(part)) <= limit for part in parts)
    assert exact([point for part in parts for point in part]) == exact(points)


def test_points_that_pack_badly_are_cut_by_their_true_size():
    chance = Random(1)
    wild = [
        Point("loss", chance.random(), chance.randrange(LAST_INT64), chance.randrange(FIRST_INT64, LAST_INT64))
        for _ in range(1000)
    ]

    parts = split(wild, 20_000)

    assert len(parts) == 2
    assert all(len(pack(part)) <= 20_000 for part in parts)


def test_a_limit_below_a_single_point_is_refused():
    with pytest.raises(ValueError, match="does not fit"):
        split(regular(4), 20)
