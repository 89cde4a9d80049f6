"""A text that is decoded again and again."""

from urllib.parse import quote, unquote_plus

import pytest

from chalicelib.edge import encoded


@pytest.mark.parametrize(("text", "expected"), [("a", []), ("%2e", ["."]), ("%252e%252e", ["%2e%2e", ".."])])
def test_a_text_is_decoded_until_nothing_is_left_to_decode(text: str, expected: list[str]) -> None:
    assert list(encoded.decodings(text)) == expected
    assert encoded.innermost(text) == ([text, *expected])[-1]


def test_ten_rounds_are_the_most() -> None:
    text = "/"
    for _ in range(12):
        text = quote(text, safe="")

    assert len(list(encoded.decodings(text))) == encoded.MOST
    assert encoded.innermost(text) == "%252F"


def test_another_way_to_decode_may_be_given() -> None:
    assert encoded.innermost("a%2Bb", unquote_plus) == "a b"
