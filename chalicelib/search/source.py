"""A text with a cursor: the grammar reads from it, and an error in it is shown at its place."""

import re
from typing import NamedTuple

from chalicelib.errors import InvalidParameterValue

MAX_LENGTH = 100_000
_SHOWN = 40


class Place(NamedTuple):
    """A position in a text of the request; `what` names the text ("filter", "order_by")."""

    what: str
    text: str
    at: int

    def fault(self, message: str) -> InvalidParameterValue:
        """The error to raise: the message, and below it the text around this place with a caret under it."""
        start = max(0, self.at - _SHOWN)
        excerpt = re.sub(r"\s", " ", self.text[start : self.at + _SHOWN])
        return InvalidParameterValue(f"Invalid {self.what}: {message}\n    {excerpt}\n    {' ' * (self.at - start)}^")


class Source:
    """The cursor. It only moves forward, so reading takes linear time."""

    def __init__(self, what: str, text: str) -> None:
        """Raises InvalidParameterValue for a text longer than MAX_LENGTH characters."""
        if len(text) > MAX_LENGTH:
            raise InvalidParameterValue(f"Invalid {what}: it is longer than {MAX_LENGTH} characters.")
        self._what = what
        self._text = text
        self._at = 0

    @property
    def place(self) -> Place:
        return Place(self._what, self._text, self._at)

    @property
    def at_end(self) -> bool:
        return self._at == len(self._text)

    def take(self, rule: re.Pattern[str]) -> str | None:
        """The text that `rule` matches here, which moves the cursor past it; None leaves the cursor where it is."""
        found = rule.match(self._text, self._at)
        if found is None:
            return None
        self._at = found.end()
        return found.group()

    def expect(self, rule: re.Pattern[str], expected: str) -> str:
        """As `take`; raises InvalidParameterValue, saying what was `expected`, where the rule does not match."""
        found = self.take(rule)
        if found is None:
            raise self.place.fault(f"expected {expected}.")
        return found
