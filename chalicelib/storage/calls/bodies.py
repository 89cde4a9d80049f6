"""DynamoDB's JSON: what a call sends, and what it gets. Bytes travel as base64.

botocore walks through a model of each operation for this. Only bytes need it, and these can be told by their form.
"""

import json
from base64 import b64encode
from binascii import a2b_base64
from typing import Any

Fields = dict[str, Any]


def packed(fields: Fields) -> bytes:
    """The body of a call with these parameters."""
    return json.dumps(fields, separators=(",", ":"), default=_text).encode()


def unpacked(body: bytes) -> Fields:
    """The fields of a reply. Raises ValueError if it is no JSON."""
    found = json.loads(body)
    if not isinstance(found, dict):
        raise ValueError("A reply is an object.")
    if b'"B' in body:
        for name, value in found.items():
            _restore_items(value) if name == "Items" else _restore(value)
    return found


def _text(value: object) -> str:
    if isinstance(value, bytes | bytearray):
        return b64encode(value).decode("ascii")
    raise TypeError(f"DynamoDB has no {type(value).__name__}.")


def _restore_items(items: list[Fields]) -> None:
    """What `_restore` does, sooner done where there are thousands of items whose attributes are texts and bytes."""
    for item in items:
        for attribute in item.values():
            if "B" in attribute:
                attribute["B"] = a2b_base64(attribute["B"])
            elif "S" not in attribute:
                _restore(attribute)


def _restore(value: Any) -> None:
    """Put bytes in place of their base64, at any depth."""
    if isinstance(value, list):
        for each in value:
            _restore(each)
    elif isinstance(value, dict):
        # An attribute may be called B or BS too, but then its value is an object.
        if isinstance(value.get("B"), str):
            value["B"] = a2b_base64(value["B"])
        elif _is_set(value.get("BS")):
            value["BS"] = [a2b_base64(each) for each in value["BS"]]
        for each in value.values():
            _restore(each)


def _is_set(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)
