"""Page tokens: the position of the last row that was given, and the question that it was given for.

A token holds values, not a count, so pages neither repeat nor skip a row when others come and go between them.
"""

import base64
import hashlib
import json
from collections.abc import Sequence
from typing import Any

from chalicelib.errors import InvalidParameterValue
from chalicelib.search.field import Kind, Value
from chalicelib.search.order import Position


def question_digest(*parts: str | Sequence[str]) -> str:
    """24 hexadecimal digits that tell this question from others."""
    return hashlib.sha256(_compact(parts)).hexdigest()[:24]


def mint(digest: str, position: Position) -> str:
    """The token that continues behind `position`, in letters, digits, '-' and '_'."""
    return _seal(_compact({"q": digest, "after": [_to_json(value) for value in position]}))


def redeem(token: str, digest: str, kinds: Sequence[Kind]) -> Position:
    """The position in `token`, with values of these kinds.

    Raises InvalidParameterValue for whatever `mint` did not make for this question.
    """
    content = _content(token)
    if content.get("q") != digest:
        raise InvalidParameterValue("Invalid page_token: it belongs to another search.")
    after = content.get("after")
    if not isinstance(after, list) or len(after) != len(kinds):
        raise _garbage()
    return tuple(map(_from_json, after, kinds))


def _seal(payload: bytes) -> str:
    """Only the form so far: here, and in `_opened`, is the place to authenticate a token."""
    return base64.urlsafe_b64encode(payload).decode("ascii").rstrip("=")


def _opened(token: str) -> bytes:
    return base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)


def _content(token: str) -> dict[str, Any]:
    try:
        content = json.loads(_opened(token))
    except (ValueError, RecursionError):  # RecursionError: json on a deep nest of brackets
        raise _garbage() from None
    if not isinstance(content, dict):
        raise _garbage()
    return content


def _to_json(value: Value | None) -> str | int | None:
    """Floats as C99 hexadecimal: exact, and NaN, infinities and -0.0 have a form too."""
    return value.hex() if isinstance(value, float) else value


def _from_json(value: object, kind: Kind) -> Value | None:
    if value is None:
        return None
    if kind is Kind.FLOAT and isinstance(value, str):
        return _float(value)
    if kind is Kind.TEXT and isinstance(value, str):
        return value
    if kind is not Kind.TEXT and type(value) is int:
        return value
    raise _garbage()


def _float(text: str) -> float:
    try:
        return float.fromhex(text)
    except (ValueError, OverflowError):
        raise _garbage() from None


def _garbage() -> InvalidParameterValue:
    return InvalidParameterValue("Invalid page_token: it was not made by this server.")


def _compact(content: object) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode("ascii")
