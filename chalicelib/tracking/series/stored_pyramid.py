"""A pyramid and the spans of a series' parts as bytes."""

from collections.abc import Sequence
from operator import add, sub
from typing import Any

from chalicelib.tracking.series import columns
from chalicelib.tracking.series.buckets import STEP, TIME, Bucket
from chalicelib.tracking.series.pyramid import Pyramid
from chalicelib.tracking.series.spans import Span

_AXES = (STEP, TIME)


def pack(level: Pyramid) -> bytes:
    """A level as bytes: axis and width, one byte each, then the columns of its buckets."""
    start, end, across_start, across_end, count, *values = _turned(level.buckets, len(Bucket._fields))
    # Lengths repeat themselves where a series is regular, ends do not.
    lengths, across = list(map(sub, end, start)), list(map(sub, across_end, across_start))
    packed = columns.pack([start, lengths, across_start, across, count], values)
    return bytes((_AXES.index(level.axis), level.width)) + packed


def unpack(packed: bytes) -> Pyramid:
    """The level that `pack` was given. Raises columns.UnknownVersion."""
    (start, lengths, across_start, across, count), values = columns.unpack(packed[2:], 5, 4)
    end = columns.all_wrapped(list(map(add, start, lengths)))
    across_end = columns.all_wrapped(list(map(add, across_start, across)))
    rows = zip(start, end, across_start, across_end, count, *values, strict=True)
    return Pyramid(_AXES[packed[0]], packed[1], list(map(Bucket._make, rows)))


def pack_spans(spans: Sequence[Span]) -> bytes:
    return columns.pack(_turned(spans, len(Span._fields)), ())


def unpack_spans(packed: bytes) -> list[Span]:
    """Raises columns.UnknownVersion."""
    found, _ = columns.unpack(packed, len(Span._fields), 0)
    return list(map(Span._make, zip(*found, strict=True)))


def _turned(rows: Sequence[tuple[float, ...]], width: int) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(width)]
