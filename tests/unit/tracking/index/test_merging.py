"""Many partitions as one stream: in order, and asking only those that may have the next key."""

import time
from collections.abc import Iterator, Sequence
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.errors import InvalidParameterValue
from chalicelib.storage.parallel import Deadline
from chalicelib.tracking.index.merging import Stream, merged

NEVER = Deadline(float("inf"))
KEYS = st.lists(st.lists(st.text("abc", min_size=1, max_size=4), unique=True), max_size=50)


def streams(partitions: Sequence[Sequence[str]], asked: list[int], bounded: bool = True) -> list[Stream]:
    """A stream of each, which notes that it was asked; every second one has no known bound."""

    def keys(number: int) -> Iterator[str]:
        asked.append(number)
        yield from partitions[number]

    return [
        Stream(min(each, default="zz") if bounded and number % 2 else "", keys(number))
        for number, each in enumerate(partitions)
    ]


@given(KEYS)
def test_all_keys_come_in_order(partitions: list[list[str]]) -> None:
    rising = [sorted(each) for each in partitions]
    falling = [sorted(each, reverse=True) for each in partitions]
    every = sorted(key for each in partitions for key in each)

    assert list(merged(streams(rising, []), forward=True, deadline=NEVER)) == every
    assert list(merged(streams(falling, [], bounded=False), forward=False, deadline=NEVER)) == every[::-1]


def test_a_partition_is_asked_only_when_its_first_key_may_be_the_next() -> None:
    asked: list[int] = []
    partitions = [[f"{number:04d}"] for number in range(1000)]
    bounded = [Stream(each[0], iter_noting(number, each, asked)) for number, each in enumerate(partitions)]

    first = list(islice(merged(bounded, forward=True, deadline=NEVER), 20))

    assert first == [f"{number:04d}" for number in range(20)]
    assert len(asked) <= 32


def test_when_time_is_up_no_further_partition_is_asked() -> None:
    asked: list[int] = []
    late = Deadline(time.monotonic() - 60)

    for forward in (True, False):
        with pytest.raises(InvalidParameterValue, match="name fewer experiments"):
            list(merged(streams([["a"], ["b"]], asked), forward, late))

    assert asked == []


def iter_noting(number: int, keys: Sequence[str], asked: list[int]) -> Iterator[str]:
    asked.append(number)
    yield from keys
