import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.search.like import _fits, like
from tests.sampling import examples

CASES = [
    ("", "", True),
    ("", "a", False),
    ("%", "", True),
    ("_", "", False),
    ("%%", "a\nb", True),
    ("a%", "abc", True),
    ("a%a", "a", False),
    ("a%a", "aa", True),
    ("%ab%ab%", "aab", False),
    ("a.c", "abc", False),
    ("_日_", "x日y", True),
    ("100\\%", "100\\x", True),
]


@pytest.mark.parametrize(("pattern", "text", "expected"), CASES)
def test_a_pattern_fits_the_whole_text_or_does_not(pattern: str, text: str, expected: bool) -> None:
    assert like(pattern, ignore_case=False)(text) is expected


def test_case_is_ignored_only_when_asked_to() -> None:
    assert like("É%", ignore_case=True)("été")
    assert not like("É%", ignore_case=False)("été")


@given(pattern=st.text("aAb%_\n", max_size=8), text=st.text("aAb\n", max_size=10), ignore_case=st.booleans())
@settings(deadline=None, max_examples=examples(300))
def test_it_agrees_with_the_regular_expression(pattern: str, text: str, ignore_case: bool) -> None:
    flags = re.DOTALL | (re.IGNORECASE if ignore_case else 0)
    expected = re.fullmatch(pattern.replace("%", ".*").replace("_", "."), text, flags) is not None

    assert like(pattern, ignore_case)(text) is expected


class Counted:
    """A piece of a pattern that counts how often it is looked for."""

    def __init__(self, piece: str) -> None:
        self.piece = re.compile(piece)
        self.looks = 0

    def match(self, *where: Any) -> re.Match[str] | None:
        self.looks += 1
        return self.piece.match(*where)

    def search(self, *where: Any) -> re.Match[str] | None:
        self.looks += 1
        return self.piece.search(*where)


def test_no_piece_of_a_pattern_is_looked_for_twice() -> None:
    # What a regular expression with a thousand `.*` would try in more ways than there are atoms.
    pieces: list[Any] = [Counted(piece) for piece in ["", *["a"] * 1000, "b"]]

    assert not _fits("a" * 8000, pieces, last_length=1)

    assert {piece.looks for piece in pieces} == {1}
