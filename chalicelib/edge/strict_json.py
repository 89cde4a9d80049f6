"""JSON from untrusted callers: any bytes are either exactly one value or a 400, in linear time.

Python's parser accepts NaN, keeps the last of two equal keys, answers deep nesting with RecursionError, and turns the
escape of half a surrogate pair into text that is not UTF-8, which DynamoDB refuses. All of that is refused here.
"""

import json
import re
from itertools import accumulate
from typing import Any, NoReturn

from chalicelib.errors import InvalidParameterValue

MAX_DEPTH = 100

_STRUCTURE = b'"[]{}'
_NO_STRUCTURE = bytes(set(range(256)) - set(_STRUCTURE))
_STEP = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_SURROGATE_ESCAPE = re.compile(rb"\\u[dD][89a-fA-F]")


def parse_object(raw: bytes) -> dict[str, Any]:
    """The fields of a request body, without those that are null, at any depth: in proto-JSON, null means unset.

    An empty body and `null` have no fields. Old MLflow clients send a JSON string that holds the JSON; MLflow's
    `_get_normalized_request_json` unwraps it, once, and so does this. Raises InvalidParameterValue.
    """
    value = _parse(raw, _fields) if raw.strip() else None
    if isinstance(value, str):
        value = _parse(value.encode(), _fields)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise InvalidParameterValue("The request body must be a JSON object.")
    return value


def parse(raw: bytes) -> Any:
    """Any JSON value, with its nulls. Raises InvalidParameterValue."""
    return _parse(raw, _members)


def _parse(raw: bytes, build: Any) -> Any:
    if is_too_deep(raw):
        raise InvalidParameterValue(f"Malformed JSON: it is nested more than {MAX_DEPTH} levels deep.")
    try:
        # An integer of more than 4300 digits, whose conversion would take quadratic time, is a ValueError too.
        value = json.loads(raw.decode(), parse_constant=_refuse_constant, object_pairs_hook=build)
        if _SURROGATE_ESCAPE.search(raw):
            # Half a pair is a UnicodeEncodeError here; whole pairs have become one character by now.
            json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise InvalidParameterValue("Malformed JSON: a text has half of a surrogate pair.") from error
    except ValueError as error:
        raise InvalidParameterValue(f"Malformed JSON: {error}") from error
    return value


def is_too_deep(raw: bytes) -> bool:
    # Escaped backslashes go first, so that a quote which is still preceded by one is an escaped quote.
    quotes_and_brackets = raw.replace(rb"\\", b"").replace(rb"\"", b"").translate(None, _NO_STRUCTURE)
    outside_strings = b"".join(quotes_and_brackets.split(b'"')[::2])
    if outside_strings.count(b"[") + outside_strings.count(b"{") <= MAX_DEPTH:
        return False
    return any(depth > MAX_DEPTH for depth in accumulate(map(_STEP.__getitem__, outside_strings)))


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise InvalidParameterValue("Malformed JSON: an object has two members of the same name.")
    return members


def _fields(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = _members(pairs)
    if None in members.values():
        return {name: value for name, value in members.items() if value is not None}
    return members


def _refuse_constant(name: str) -> NoReturn:
    raise InvalidParameterValue(f'Malformed JSON: {name} is not a JSON number; send it as the string "{name}".')
