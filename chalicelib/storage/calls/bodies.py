"""DynamoDB's JSON: what a call sends, and what it gets. Bytes travel as base64.

botocore walks through a model of each operation for this. Only bytes need it, and these can be told by their form.
"""

import json
from base64 import b64decode, b64encode
from typing import Any

Fields = dict[str, Any]


def packed(fields: Fields) -> bytes:
    """The body of a call with these parameters."""
    return json.dumps(fields, separators=(",", ":"), default=_text).encode()


def unpacked(body: bytes) -> Fields:
    """The fields of a reply. Raises ValueError if it is no JSON."""
    found = json.loads(body, object_hook=_with_bytes) if b'"B' in body else json.loads(body)
    if not isinstance(found, dict):
        raise ValueError("A reply is an object.")
    return found


def _text(value: object) -> str:
    if isinstance(value, bytes | bytearray):
        return b64encode(value).decode("ascii")
    raise TypeError(f"DynamoDB has no {type(value).__name__}.")


def _with_bytes(found: Fields) -> Fields:
    # An attribute may be called B or BS too, but then its value is an object.
    one, several = found.get("B"), found.get("BS")
    if isinstance(one, str):
        found["B"] = b64decode(one)
    if isinstance(several, list):
        found["BS"] = [b64decode(each) if isinstance(each, str) else each for each in several]
    return found
