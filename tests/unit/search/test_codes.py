import math
import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.search import codes
from chalicelib.search.field import Kind, Value

# Text as UTF-8 can carry it, often around the length at which codes are cut, and of characters that codes escape.
CHARACTERS = st.characters(exclude_categories=["Cs"])
ODD = st.sampled_from(
    ["\x00", "\x01", "\x02", "0", "f", "g", "}", "~", "\x7f", "\x80", "\ud7ff", "\ue000", "\U0010ffff"]
)
SHORT = st.text(ODD, max_size=4) | st.text(CHARACTERS, max_size=6)
TEXTS = SHORT | st.builds(lambda length, rest: "p" * length + rest, st.integers(120, 132), SHORT)
FLOATS = st.floats(allow_nan=False) | st.sampled_from([0.0, -0.0, 5e-324, -5e-324, 1e308, -1e308, math.inf, -math.inf])
INTEGERS = st.integers(-(2**63), 2**63 - 1)
# What a row's key has behind its code.
TAILS = st.text(string.hexdigits[:16], min_size=48, max_size=48)


def is_before(one: str, two: str) -> bool:
    """As DynamoDB sorts keys."""
    return one.encode() < two.encode()


def compared(one: Value, two: Value) -> int:
    return (one > two) - (one < two)  # type: ignore[operator]


@given(FLOATS, FLOATS, TAILS, TAILS)
@example(0.0, -0.0, "0" * 48, "f" * 48)
def test_numbers_sort_as_their_rows(one: float, two: float, tail: str, other_tail: str) -> None:
    a, b = codes.number(one), codes.number(two)

    assert compared(a, b) == compared(one, two)
    if one < two:
        assert is_before(a + tail, b + other_tail)


@given(FLOATS, TAILS)
def test_nan_sorts_behind_every_number(value: float, tail: str) -> None:
    assert is_before(codes.number(value) + tail, codes.number(math.nan))
    assert codes.number(-math.nan) == codes.number(math.nan) == codes.NAN


@given(INTEGERS, INTEGERS)
def test_integers_sort_and_fall(one: int, two: int) -> None:
    assert compared(codes.integer(one), codes.integer(two)) == compared(one, two)
    assert compared(codes.falling(one), codes.falling(two)) == compared(two, one)
    assert codes.from_falling(codes.falling(one)) == one
    assert len(codes.integer(one)) == len(codes.falling(one)) == 16


@given(TEXTS, TEXTS, TAILS, TAILS)
@example("p" * 128, "p" * 128 + "\x00", "f" * 48, "0" * 48)
@example("a", "a\x00", "f" * 48, "0" * 48)
def test_texts_sort_as_their_rows_unless_both_are_cut(one: str, two: str, tail: str, other_tail: str) -> None:
    a, b = codes.text(one), codes.text(two)

    if a == b:
        assert one == two or (codes.is_cut(a) and one[: codes.MOST_CHARACTERS] == two[: codes.MOST_CHARACTERS])
    else:
        assert is_before(a + tail, b + other_tail) == (one < two)


@given(TEXTS)
def test_a_text_is_cut_only_if_it_is_long(value: str) -> None:
    assert codes.is_cut(codes.text(value)) == (len(value) > codes.MOST_CHARACTERS)
    assert len(codes.text(value).encode()) + 48 <= 1024


@given(
    st.tuples(st.just(Kind.FLOAT), FLOATS)
    | st.tuples(st.just(Kind.INTEGER), INTEGERS)
    | st.tuples(st.just(Kind.TEXT), TEXTS)
)
def test_a_code_tells_its_value(given: tuple[Kind, Value]) -> None:
    kind, value = given
    code = codes.code(kind, value)

    assert codes.value_of(kind, code) == (None if codes.is_cut(code) and kind is Kind.TEXT else value)


def test_the_code_of_nan_tells_nan() -> None:
    value = codes.value_of(Kind.FLOAT, codes.NAN)

    assert isinstance(value, float)
    assert math.isnan(value)


@given(TEXTS, TEXTS, TAILS)
def test_behind_stands_between_a_code_and_the_next(one: str, two: str, tail: str) -> None:
    a, b = codes.text(one), codes.text(two)

    assert is_before(a, a + tail)
    assert is_before(a + tail, a + codes.AFTER)
    if a != b:
        assert is_before(a + codes.AFTER, b + tail) == (a < b)


@given(TEXTS, TEXTS, TAILS)
@example("a", "a\U0010ffff", "f" * 48)
@example("a\ud7ff", "a\ud7ff\U0010ffff", "f" * 48)
def test_a_beginning_bounds_all_texts_that_begin_so(start: str, value: str, tail: str) -> None:
    for text in (value, start + value):
        row, end = codes.text(text) + tail, codes.after_beginning(start)
        is_within = not is_before(row, codes.beginning(start)) and (end is None or is_before(row, end))

        assert is_within == (text[: codes.MOST_CHARACTERS].startswith(start[: codes.MOST_CHARACTERS]))


@pytest.mark.parametrize("start", ["", "\U0010ffff", "\U0010ffff" * 128, "\U0010ffff" * 200])
def test_nothing_is_behind_the_last_beginning(start: str) -> None:
    assert codes.after_beginning(start) is None
