"""Records of numbers as bytes, column by column: the content of a pyramid's items.

version    1 byte
body       deflated: for each column of int64, the differences from the number before, modulo 2 ** 64; then each
           column of float64, bit for bit. Numbers have 8 bytes, lowest first, and lie in planes: all lowest bytes
           of a column, then all second-lowest bytes, and so on, so that what is alike stands together.
"""

import struct
import zlib
from collections.abc import Sequence
from itertools import accumulate
from operator import sub

from chalicelib.tracking.series import planes

_VERSION = b"\1"
_WORD = 1 << 64
_SIGN = 1 << 63


class UnknownVersion(ValueError):
    """These bytes were written by a version unknown here, or are damaged."""


def pack(integers: Sequence[Sequence[int]], floats: Sequence[Sequence[float]]) -> bytes:
    """Columns as bytes, all of the same length."""
    words = [struct.pack(f"<{len(column)}q", *_differences(column)) for column in integers]
    doubles = [struct.pack(f"<{len(column)}d", *column) for column in floats]
    return _VERSION + zlib.compress(b"".join(map(planes.split, [*words, *doubles])), 6)


def unpack(packed: bytes, integers: int, floats: int) -> tuple[list[list[int]], list[tuple[float, ...]]]:
    """So many columns of each kind, as `pack` was given them. Raises UnknownVersion."""
    if packed[:1] != _VERSION:
        raise UnknownVersion(f"columns of version {packed[:1]!r}; known is {_VERSION!r}")
    try:
        body = zlib.decompress(packed[1:])
    except zlib.error as error:
        raise UnknownVersion("columns are damaged") from error
    size = len(body) // (integers + floats)
    columns = [planes.joined(body[at : at + size]) for at in range(0, len(body), size or 1)] or [b""] * (
        integers + floats
    )
    words = [all_wrapped(list(accumulate(struct.unpack(f"<{size // 8}q", column)))) for column in columns[:integers]]
    return words, [struct.unpack(f"<{size // 8}d", column) for column in columns[integers:]]


def all_wrapped(numbers: list[int]) -> list[int]:
    """The int64 that are equal to the numbers modulo 2 ** 64."""
    if not numbers or (min(numbers) >= -_SIGN and max(numbers) < _SIGN):
        return numbers
    return [((number + _SIGN) % _WORD) - _SIGN for number in numbers]


def _differences(numbers: Sequence[int]) -> list[int]:
    return all_wrapped(list(map(sub, numbers, (0, *numbers))))
