"""Points of metrics as a payload: time in ms, step, then value, length of the key and key of each."""

import struct
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

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


class Shape:
    """The names of points that are often logged together, to pack all of them by one call."""

    def __init__(self, names: Sequence[bytes]) -> None:
        self._row: list[Any] = [part for name in names for part in (0.0, name)]
        self._pack = struct.Struct("<qq" + "".join(f"d{len(name)}s" for name in names)).pack

    def packed(self, timestamp: int, step: int, values: Iterable[float]) -> bytes:
        """The payload of these points. Raises struct.error if something is no number."""
        row = self._row.copy()
        row[::2] = values
        return self._pack(timestamp, step, *row)


def unpacked(payload: bytes) -> Iterator[Point]:
    """The points of a payload."""
    timestamp, step = STAMP.unpack_from(payload)
    at = STAMP.size
    while at < len(payload):
        value, length = _NAMED.unpack_from(payload, at)
        at += _NAMED.size + length
        yield Point(payload[at - length : at].decode(), value, timestamp, step)
