"""Percent-encoding that may hide what a text means: the text is decoded again and again."""

from collections.abc import Callable, Iterator
from urllib.parse import unquote

# No honest client encodes a text more often than this. MLflow also stops after ten rounds.
MOST = 10


def decodings(text: str, decode: Callable[[str], str] = unquote) -> Iterator[str]:
    """Yield what the text becomes each time it is decoded, until nothing is left to decode; at most ten times."""
    for _ in range(MOST):
        decoded = decode(text)
        if decoded == text:
            return
        text = decoded
        yield text


def innermost(text: str, decode: Callable[[str], str] = unquote) -> str:
    """Return the text with nothing left to decode, or as it is after ten times."""
    *_, last = text, *decodings(text, decode)
    return last
