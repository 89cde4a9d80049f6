"""The bytes that DynamoDB bills for an item, from the raw attribute values of its API.

Rules: the developer guide, "DynamoDB item sizes and formats", and its page on storage, which adds a hundred bytes to
each stored item.
"""

import base64
from collections.abc import Mapping
from typing import Any

STORED_OVERHEAD = 100
_CONTAINER = 3
_ELEMENT = 1

Raw = Mapping[str, Any]


def stored_bytes(item: Raw) -> int:
    """An item's size in storage: names and values of its attributes, and the overhead."""
    return STORED_OVERHEAD + sum(len(name.encode()) + value_bytes(value) for name, value in item.items())


def value_bytes(value: Raw) -> int:
    """The size of one attribute value, `{"S": "text"}` and so on. Raises ValueError for a type that we never store."""
    ((kind, content),) = value.items()
    if kind == "S":
        return len(content.encode())
    if kind == "N":
        return _number_bytes(content)
    if kind == "B":
        return len(base64.b64decode(content) if isinstance(content, str) else content)
    if kind in ("BOOL", "NULL"):
        return 1
    if kind == "L":
        return _CONTAINER + sum(_ELEMENT + value_bytes(each) for each in content)
    if kind == "M":
        return _CONTAINER + sum(_ELEMENT + len(name.encode()) + value_bytes(each) for name, each in content.items())
    raise ValueError(f"Our items have no attributes of type {kind}.")


def _number_bytes(text: str) -> int:
    """About a byte for two significant digits, and one more; leading and trailing zeros do not count."""
    digits = text.lstrip("-").replace(".", "").strip("0")
    return -(-len(digits) // 2) + 1 + text.startswith("-")
