import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.search.like import like

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
@settings(deadline=None, max_examples=300)
def test_it_agrees_with_the_regular_expression(pattern: str, text: str, ignore_case: bool) -> None:
    flags = re.DOTALL | (re.IGNORECASE if ignore_case else 0)
    expected = re.fullmatch(pattern.replace("%", ".*").replace("_", "."), text, flags) is not None

    assert like(pattern, ignore_case)(text) is expected


def test_no_pattern_is_slow() -> None:
    fits = like("%a" * 1000 + "%b", ignore_case=True)

    started = time.process_time()
    assert not fits("a" * 8000)

    assert time.process_time() - started < 1
