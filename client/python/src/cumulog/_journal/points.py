"""Points of metrics as a payload: time in ms, step, then value, length of the key and key of each."""

import struct
from collections.abc import Iterator
from typing import NamedTuple

STAMP = struct.Struct("<qq")
# Of a record with one point: its time, step and value.
ONE = struct.Struct("<qqd")
VALUE = struct.Struct("<d")
LENGTH = struct.Struct("<H")
_NAMED = struct.Struct("<dH")


class Point(NamedTuple):
    key: str
    value: float
    timestamp: int
    step: int


def named(key: str) -> bytes:
    """A key with its length, as it stands behind its value. Raises UnicodeEncodeError for half a surrogate pair."""
    text = key.encode()
    return LENGTH.pack(len(text)) + text


def unpacked(payload: bytes) -> Iterator[Point]:
    """The points of a payload."""
    timestamp, step = STAMP.unpack_from(payload)
    at = STAMP.size
    while at < len(payload):
        value, length = _NAMED.unpack_from(payload, at)
        at += _NAMED.size + length
        yield Point(payload[at - length : at].decode(), value, timestamp, step)
