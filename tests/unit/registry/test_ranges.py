"""Sets of version numbers as short texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.registry import ranges


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ([], ""),
        ([7], "7"),
        ([1, 2], "1-2"),
        ([3, 1, 2, 7], "1-3,7"),
        ([1, 3, 5], "1,3,5"),
        ([9, 10, 11, 99, 100], "9-11,99-100"),
        ([2, 2, 2], "2"),
    ],
)
def test_numbers_are_written_as_few_runs_in_ascending_order(numbers: list[int], text: str) -> None:
    assert ranges.render(numbers) == text
    assert ranges.parse(text) == set(numbers)


@given(st.sets(st.integers(1, 9_999_999_999) | st.integers(1, 40)))
def test_what_is_written_is_read_again(numbers: set[int]) -> None:
    text = ranges.render(numbers)

    assert ranges.parse(text) == numbers
    assert ranges.last(text) == max(numbers, default=None)


def test_a_hundred_and_fifty_thousand_versions_in_one_stage_are_short() -> None:
    assert ranges.render(range(1, 150_001)) == "1-150000"
