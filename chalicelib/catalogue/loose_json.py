"""JSON inside MLmodel, as MLflow writes it with Python's `json` and reads it again: NaN, Infinity and repeated members
are fine. What JSON on the wire cannot carry becomes text.
"""

import json
import math
import re
from typing import Any

from chalicelib.edge import strict_json

MAX_BYTES = 256 * 1024

# Python converts at most 4,300 digits, and hardly any reader of ours more than 17.
_MOST_DIGITS = 300
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")
_GAP = re.compile(r"[ \t\r\n]*")


class Unreadable(Exception):
    """The text is no JSON, or nested too deep."""


def parse(text: str) -> tuple[Any, bool]:
    """The value, and whether it was cut: of a list that is too long, the first members are kept. Raises Unreadable."""
    raw = text.encode()
    is_long = len(raw) > MAX_BYTES
    beginning = raw[:MAX_BYTES]
    if strict_json.is_too_deep(beginning):
        raise Unreadable("it is nested too deep")
    # A character that the limit cuts in two is left out.
    shown = beginning.decode(errors="ignore")
    try:
        value = _first_members(shown) if is_long else _DECODER.decode(shown)
    except ValueError as error:
        raise Unreadable(str(error)) from error
    return (_encodable(value) if _SURROGATE_ESCAPE.search(shown) else value), is_long


def _first_members(beginning: str) -> list[Any]:
    """The members of a list that are whole in its beginning."""
    at = _after_gap(beginning, 0)
    if beginning[at : at + 1] != "[":
        raise ValueError("it is too long")
    members: list[Any] = []
    while beginning[at : at + 1] in ("[", ","):
        try:
            member, end = _DECODER.raw_decode(beginning, _after_gap(beginning, at + 1))
        except ValueError:
            break
        at = _after_gap(beginning, end)
        if at < len(beginning):
            # Otherwise the rest of a number may be missing.
            members.append(member)
    return members


def _after_gap(text: str, at: int) -> int:
    found = _GAP.match(text, at)
    return found.end() if found else at


def _float(text: str) -> float | str:
    number = float(text)
    return number if math.isfinite(number) else _infinity(number)


def _infinity(number: float) -> str:
    return "Infinity" if number > 0 else "-Infinity"


def _int(text: str) -> int | str:
    return int(text) if len(text) <= _MOST_DIGITS else text


def _encodable(value: Any) -> Any:
    """The value with a question mark for each half of a surrogate pair, which no UTF-8 can carry."""
    return json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))


_DECODER = json.JSONDecoder(parse_constant=str, parse_float=_float, parse_int=_int)
