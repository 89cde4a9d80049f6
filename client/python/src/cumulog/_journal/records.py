"""Records: one for each logged line.

    magic 2 | CRC-32 of the rest 4 | kind 1 | empty 1 | payload's length 4 | sequence 8 | payload

A record is written by one call, so only the last one of a file can be incomplete. The magic lets a reader go on after
damage in the middle.
"""

import struct
from collections.abc import Iterator
from enum import IntEnum
from typing import NamedTuple
from zlib import crc32

MAGIC = b"\xc5\x4c"
_FRONT = struct.Struct("<2sI")
_front = _FRONT.pack
_rest = struct.Struct("<BxIQ").pack
_HEAD = struct.Struct("<2sIBxIQ")
HEAD_BYTES = _HEAD.size
# Larger records are refused at logging, so a length above this is damage.
MOST_PAYLOAD = 4 << 20


class Kind(IntEnum):
    OPEN = 1
    CREATE = 2
    METRICS = 3
    PARAMS = 4
    TAGS = 5
    CALL = 6
    FILE = 7
    MODEL = 8
    MODEL_FILES = 9


class Record(NamedTuple):
    """`end` is where the next record begins."""

    kind: int
    sequence: int
    payload: bytes
    end: int


def packed(kind: int, sequence: int, payload: bytes) -> bytes:
    """A record as bytes."""
    rest = _rest(kind, len(payload), sequence) + payload
    return _front(MAGIC, crc32(rest)) + rest


def whole(data: bytes, start: int = 0) -> Record | None:
    """The record that begins at `start`; None if it is incomplete or damaged."""
    if len(data) - start < HEAD_BYTES:
        return None
    magic, check, kind, length, sequence = _HEAD.unpack_from(data, start)
    end = start + HEAD_BYTES + length
    if magic != MAGIC or length > MOST_PAYLOAD or end > len(data):
        return None
    rest = memoryview(data)[start + _FRONT.size : end]
    return Record(kind, sequence, data[start + HEAD_BYTES : end], end) if crc32(rest) == check else None


def is_unfinished(data: bytes) -> bool:
    """Whether this is how a record begins, and no more of it: its process was killed while it wrote it."""
    if len(data) < HEAD_BYTES:
        return MAGIC.startswith(data[: len(MAGIC)])
    magic, _, kind, length, _ = _HEAD.unpack_from(data)
    is_sound = magic == MAGIC and kind in Kind._value2member_map_ and length <= MOST_PAYLOAD
    return is_sound and len(data) < HEAD_BYTES + length


def in_order(data: bytes) -> Iterator[Record]:
    """The records from the beginning, up to the first that is incomplete or damaged."""
    end = 0
    while record := whole(data, end):
        yield record
        end = record.end


def next_whole(data: bytes, start: int) -> int | None:
    """Where the first whole record after `start` begins; None if there is none."""
    found = data.find(MAGIC, start + 1)
    while found != -1 and whole(data, found) is None:
        found = data.find(MAGIC, found + 1)
    return None if found == -1 else found
