"""LIKE and ILIKE: `%` matches any text, `_` one character, and there is no escape."""

import re
from collections.abc import Callable, Sequence


def like(pattern: str, ignore_case: bool) -> Callable[[str], bool]:
    """The test of one pattern.

    The pieces between the `%` are searched from left to right, each at its first match: no pattern causes backtracking,
    as a regular expression with many `.*` would. Case is folded for all of Unicode, character by character (among
    MLflow's databases, SQLite folds only ASCII).
    """
    flags = re.DOTALL | re.IGNORECASE if ignore_case else re.DOTALL
    pieces = [re.compile(re.escape(piece).replace("_", "."), flags) for piece in pattern.split("%")]
    lengths = [len(piece) for piece in pattern.split("%")]
    if len(pieces) == 1:
        return lambda text: pieces[0].fullmatch(text) is not None
    return lambda text: _fits(text, pieces, lengths[-1])


def _fits(text: str, pieces: Sequence[re.Pattern[str]], last_length: int) -> bool:
    """Whether the first piece begins the text, the last one ends it, and the others follow each other between."""
    first, *middle, last = pieces
    found = first.match(text)
    for piece in middle:
        if found is None:
            return False
        found = piece.search(text, found.end())
    if found is None:
        return False
    end = len(text) - last_length
    return end >= found.end() and last.match(text, end) is not None
