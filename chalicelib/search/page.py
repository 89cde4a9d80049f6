"""Page tokens: the position of the last row returned, and the question that it answered.

A token holds values, not a count, so pages neither repeat nor skip a row when others are added or removed in between.
Its first 16 bytes authenticate the rest: without the secret nobody can create a token, or change one.
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from chalicelib.errors import InvalidParameterValue
from chalicelib.search.field import Kind, Value
from chalicelib.search.order import Position

# Called only when a token is minted or redeemed, as the secret may have to be read first.
Secret = Callable[[], bytes]

_CODE_BYTES = 16
_FIELD = "page_token"


@cache
def of_this_process() -> bytes:
    """A secret of this process alone, for as long as it lives."""
    return secrets.token_bytes(32)


def question_digest(*parts: str | Sequence[str]) -> str:
    """24 hexadecimal digits that identify this question."""
    return hashlib.sha256(_compact(parts)).hexdigest()[:24]


def mint(digest: str, position: Position, secret: Secret) -> str:
    """The token that continues after `position`, in letters, digits, '-' and '_'."""
    return authenticated(_compact({"q": digest, "after": [_to_json(value) for value in position]}), secret)


def redeem(token: str, digest: str, kinds: Sequence[Kind], secret: Secret) -> Position:
    """The position in `token`, with values of these kinds.

    Raises InvalidParameterValue for anything that `mint` did not make for this question with this secret.
    """
    content = _content(opened(token, secret, _FIELD))
    if content.get("q") != digest:
        raise InvalidParameterValue("Invalid page_token: it belongs to another search.")
    after = content.get("after")
    if not isinstance(after, list) or len(after) != len(kinds):
        raise garbage(_FIELD)
    return tuple(map(_from_json, after, kinds))


def authenticated(payload: bytes, secret: Secret) -> str:
    """The payload as a token."""
    code = hmac.digest(secret(), payload, "sha256")[:_CODE_BYTES]
    return base64.urlsafe_b64encode(code + payload).decode("ascii").rstrip("=")


def opened(token: str, secret: Secret, field: str) -> bytes:
    """The payload of a token that came in a field. Raises InvalidParameterValue unless it was made with the secret."""
    try:
        payload = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)[_CODE_BYTES:]
    except ValueError:
        raise garbage(field) from None
    # The texts are compared, not their bytes: base64 has several texts for the same bytes.
    if not hmac.compare_digest(authenticated(payload, secret), token):
        raise garbage(field)
    return payload


def _content(payload: bytes) -> dict[str, Any]:
    """The content of the payload. It is our own, but perhaps an older version's: the secret outlives a deployment."""
    try:
        content = json.loads(payload)
    except ValueError:
        raise garbage(_FIELD) from None
    if not isinstance(content, dict):
        raise garbage(_FIELD)
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
    raise garbage(_FIELD)


def _float(text: str) -> float:
    try:
        return float.fromhex(text)
    except (ValueError, OverflowError):
        raise garbage(_FIELD) from None


def garbage(field: str) -> InvalidParameterValue:
    """The error for a text in a field that is none of our tokens."""
    return InvalidParameterValue(f"Invalid {field}: it was not made by this server.")


def _compact(content: object) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode("ascii")
