"""Points as bytes, column by column: the content of a LOG item and of a SERIES item.

    version    1 byte
    coding     1 byte: 0 = the body is plain, 1 = it is deflated
    check      4 bytes, CRC-32 of the body, seeded with the coding: a damaged item is refused, never partly used
    body       key lengths · keys · key numbers · step changes · timestamp changes · values

A column of numbers is its length in bytes, followed by varints (7 bits a byte, lowest first). Changes are the
differences from the number before, in zigzag (0, -1, 1, -2 become 0, 1, 2, 3): a regular series takes one or two bytes
a point, and the full int64 range, whose differences need 65 bits, fits too. Values are float64, bit for bit, as eight
planes: all lowest bytes, then all second-lowest bytes, and so on. Neighbouring values share their high bytes, and a
value that was a float32 has zeros in its low bytes. So deflating saves a third of a batch of random numbers and two
thirds of a batch of float32 losses, for 0.1 to 0.2 ms per 1,000 points.
"""

import re
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import accumulate, compress, islice
from operator import sub

from chalicelib.tracking.series import planes
from chalicelib.tracking.series.points import Point

# An item holds 400 KB. A thousand metrics with the longest keys need several items; a series part of 10,000 points
# takes about 100 KB.
PART_BYTES = 300_000

_VERSION = 1
_PLAIN, _DEFLATED = 0, 1
_HEADER = struct.Struct("<BBI")
# The keys of a call that are worth remembering take at most so many bytes.
_USUAL_BYTES = 2_000
# Deflating does not make a single point smaller; it does for twenty.
_WORTH_DEFLATING = 200
_DEFLATE_LEVEL = 1
_DOUBLE = struct.Struct("<d")
_VARINTS = re.compile(rb"[\x80-\xff]*[\x00-\x7f]")
_MOST_BYTES_AROUND = _HEADER.size + 4 * 5
# 8 for the value, 10 for each change, 3 for the key's number.
_MOST_BYTES_PER_POINT = 31
_MOST_BYTES_PER_CHARACTER = 4
_MOST_BYTES_PER_KEY_LENGTH = 3
# What Point._make does, for a third of its time: a search makes thousands.
_made = partial(tuple.__new__, Point)


class PackingError(ValueError):
    """These bytes are damaged, or a version of `pack` unknown here wrote them."""


def pack(points: Sequence[Point]) -> bytes:
    """Return the points as bytes, in order. Takes any int64 steps and timestamps, any keys without lone surrogates."""
    coding, body = _PLAIN, _body(points)
    if len(body) >= _WORTH_DEFLATING:
        deflated = zlib.compress(body, _DEFLATE_LEVEL)
        if len(deflated) * 10 < len(body) * 9:
            coding, body = _DEFLATED, deflated
    return _HEADER.pack(_VERSION, coding, zlib.crc32(body, coding)) + body


def unpack(packed: bytes) -> list[Point]:
    """Return the points that `pack` was given, in the same order, each value bit for bit. Raises PackingError."""
    return _points(_checked(packed))


def unpack_one(packed: bytes, key: str) -> list[Point]:
    """Return only the points of one key, in the same order: no others are made. Raises PackingError."""
    return _points_of(_checked(packed), key)


def keys_in(packed: bytes) -> list[str]:
    """Return the keys that the points have, each once. Raises PackingError."""
    body = _checked(packed)
    return list(_texts(_Reader(body))) if body else []


def split(points: Sequence[Point], limit_bytes: int) -> list[Sequence[Point]]:
    """Halve the points, in order, until every part packs into `limit_bytes`.

    For almost every call an upper bound shows that the points fit, without packing them. Raises ValueError if a single
    point does not fit.
    """
    if _most_bytes(points) <= limit_bytes or len(pack(points)) <= limit_bytes:
        return [points] if points else []
    if len(points) == 1:
        raise ValueError(f"a point of {len(pack(points))} bytes does not fit into {limit_bytes}")
    middle = len(points) // 2
    return split(points[:middle], limit_bytes) + split(points[middle:], limit_bytes)


def _checked(packed: bytes) -> bytes:
    """The body, inflated."""
    if len(packed) < _HEADER.size:
        raise PackingError(
            f"packed points begin with {_HEADER.size} bytes of header; these are {len(packed)} bytes in all"
        )
    version, coding, check = _HEADER.unpack_from(packed)
    if version != _VERSION or coding not in (_PLAIN, _DEFLATED):
        raise PackingError(f"packed points of version {version}, coding {coding}; known is version {_VERSION}")
    body = packed[_HEADER.size :]
    if zlib.crc32(body, coding) != check:
        raise PackingError("packed points are damaged: their checksum does not match")
    return zlib.decompress(body) if coding == _DEFLATED else body


def _most_bytes(points: Sequence[Point]) -> int:
    keys = {point.key for point in points}
    keys_bytes = sum(map(len, keys)) * _MOST_BYTES_PER_CHARACTER + len(keys) * _MOST_BYTES_PER_KEY_LENGTH
    return _MOST_BYTES_AROUND + len(points) * _MOST_BYTES_PER_POINT + keys_bytes


def _body(points: Sequence[Point]) -> bytes:
    if not points:
        return b""
    keys, values, timestamps, steps = zip(*points, strict=True)
    number = {key: i for i, key in enumerate(dict.fromkeys(keys))}
    texts = [key.encode() for key in number]
    return b"".join(
        (
            _column([len(text) for text in texts]),
            *texts,
            _column([number[key] for key in keys]),
            _column(_changes(steps)),
            _column(_changes(timestamps)),
            _doubles(values),
        )
    )


def _points(body: bytes) -> list[Point]:
    if not body:
        return []
    read = _Reader(body)
    texts = _texts(read)
    keys = [texts[number] for number in read.numbers()]
    steps = read.sums()
    timestamps = read.sums()
    return list(map(_made, zip(keys, _values(read.rest()), timestamps, steps, strict=True)))


def _points_of(body: bytes, key: str) -> list[Point]:
    if not body:
        return []
    read = _Reader(body)
    texts = _texts(read)
    if key not in texts:
        return []
    if len(texts) == 1:
        return _points(body)
    number = texts.index(key)
    numbers = list(read.numbers())
    if numbers.count(number) == 1:
        return [_point_at(numbers.index(number), len(numbers), key, read)]
    chosen = [each == number for each in numbers]
    # Each number is the one before and a change, so all are summed; only the chosen ones become points.
    steps, timestamps = (compress(read.sums(), chosen) for _ in range(2))
    values = compress(_values(read.rest()), chosen)
    return [
        Point(key, value, timestamp, step) for value, timestamp, step in zip(values, timestamps, steps, strict=True)
    ]


def _point_at(place: int, count: int, key: str, read: "_Reader") -> Point:
    """The one point at a place among so many; what is read are the columns after the keys' numbers."""
    step, timestamp = (next(islice(read.sums(), place, None)) for _ in range(2))
    (value,) = _DOUBLE.unpack(read.rest()[place::count])
    return Point(key, value, timestamp, step)


def _texts(read: "_Reader") -> Sequence[str]:
    lengths = read.column()
    texts = read.take(sum(_numbers(lengths)))
    # A training loop logs the same keys again and again.
    return _usual_texts(lengths, texts) if len(texts) <= _USUAL_BYTES else _divided(lengths, texts)


@lru_cache(maxsize=1_000)
def _usual_texts(lengths: bytes, texts: bytes) -> Sequence[str]:
    return _divided(lengths, texts)


def _divided(lengths: bytes, texts: bytes) -> Sequence[str]:
    ends = list(accumulate(_numbers(lengths)))
    return tuple(texts[start:end].decode() for start, end in zip([0, *ends], ends, strict=False))


class _Reader:
    """A position in a body that advances with each read. The checksum matched, so the body is as it was written."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._at = 0

    def take(self, length: int) -> bytes:
        start, self._at = self._at, self._at + length
        return self._body[start : self._at]

    def numbers(self) -> Iterable[int]:
        return _numbers(self.column())

    def sums(self) -> Iterator[int]:
        return _summed(self.column())

    def column(self) -> bytes:
        length = self._byte()
        if length > 127:
            length, shift, more = length & 127, 7, True
            while more:
                byte = self._byte()
                length |= (byte & 127) << shift
                shift += 7
                more = byte > 127
        return self.take(length)

    def rest(self) -> bytes:
        return self._body[self._at :]

    def _byte(self) -> int:
        self._at += 1
        return self._body[self._at - 1]


def _column(numbers: Sequence[int]) -> bytes:
    packed = _varints(numbers)
    return _varints([len(packed)]) + packed


def _varints(numbers: Sequence[int]) -> bytes:
    if max(numbers) < 128:
        return bytes(numbers)
    packed = bytearray()
    append = packed.append
    for number in numbers:
        while number > 127:
            append(number & 127 | 128)
            number >>= 7
        append(number)
    return bytes(packed)


def _numbers(packed: bytes) -> Iterable[int]:
    return packed if packed.isascii() else map(_number, _VARINTS.findall(packed))


# Those of one and two bytes fit, which are nearly all: to look one up takes a quarter of the time.
@lru_cache(maxsize=1 << 15)
def _number(varint: bytes) -> int:
    number = 0
    for byte in reversed(varint):
        number = number << 7 | byte & 127
    return number


def _changes(numbers: Sequence[int]) -> list[int]:
    return [change << 1 if change >= 0 else ~(change << 1) for change in map(sub, numbers, (0, *numbers))]


def _summed(packed: bytes) -> Iterator[int]:
    small = packed.isascii()
    return accumulate(map(_CHANGES.__getitem__, packed) if small else map(_change, _VARINTS.findall(packed)))


@lru_cache(maxsize=1 << 15)
def _change(varint: bytes) -> int:
    return _unzigzagged(_number(varint))


def _unzigzagged(zigzag: int) -> int:
    return (zigzag >> 1) ^ -(zigzag & 1)


# Those of one byte.
_CHANGES = [_unzigzagged(zigzag) for zigzag in range(128)]


def _doubles(values: Sequence[float]) -> bytes:
    return planes.split(struct.pack(f"<{len(values)}d", *values))


def _values(packed: bytes) -> tuple[float, ...]:
    return struct.unpack(f"<{len(packed) // 8}d", planes.joined(packed))
