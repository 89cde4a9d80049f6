"""Checks that requests of several features share: lengths, repeated keys, and how much of a caller's text is shown."""

from collections.abc import Iterable

from chalicelib.edge.wire import invalid_value
from chalicelib.errors import InvalidParameterValue

# The most results that a search may be asked for.
SEARCH_PAGE = 50_000

# Characters of a caller's text that an error message repeats.
SHOWN = 300


def check_length(label: str, text: str, limit: int) -> None:
    """Raises InvalidParameterValue when the text has more characters than the limit."""
    if len(text) > limit:
        raise InvalidParameterValue(f"'{label}' exceeds the maximum length of {limit} characters")


def repeated(keys: Iterable[str]) -> list[str]:
    """The keys that occur more than once, in order, once for each further occurrence."""
    seen: set[str] = set()
    again = []
    for key in keys:
        if key in seen:
            again.append(key)
        seen.add(key)
    return again


def positive_page(count: int) -> int:
    """`max_results` of a search. Raises InvalidParameterValue unless it is positive."""
    if count < 1:
        raise InvalidParameterValue(f"{invalid_value('max_results', count)} It must be a positive integer")
    return count
