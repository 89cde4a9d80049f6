"""Buckets: many points of one metric as few records, of which none hides an extreme.

A bucket lies on an axis, step or time, and holds the points of one cell: the cells of a width are as long as a power of
two, and each begins at a multiple of its length. So cells nest. Merging the buckets of a narrow width gives exactly
what the points would have given at a wider one, in any order and in any portions, and merging a bucket twice changes
nothing but the size.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from math import isnan
from operator import itemgetter
from typing import Literal, NamedTuple

from chalicelib.tracking.series.points import Point

Axis = Literal["step", "time"]
STEP: Axis = "step"
TIME: Axis = "time"

# Cells as long as 2 ** 64 have at most two parts of the int64 range: what is negative, and the rest.
MOST_WIDTH = 64
# Two cells are always enough for any points.
LEAST_BUCKETS = 2

_START = itemgetter(0)


class Bucket(NamedTuple):
    """Some points: `start` and `end` are the least and greatest on the axis, the two `across` those on the other one.

    `first` and `last` are the values at `start` and at `end`; of several points there, any one's. `low` and `high` are
    the extremes, infinities included; NaN is one only where all values are. `size` counts a point as often as it came.
    """

    start: int
    end: int
    across_start: int
    across_end: int
    size: int
    first: float
    last: float
    low: float
    high: float


def of_points(points: Iterable[Point], axis: Axis, width: int) -> list[Bucket]:
    """The buckets of these points in the order of the axis, each of a cell of 2 ** `width`."""
    rows = _rows(points, axis)
    along = [row[0] for row in rows]
    found = []
    at = 0
    while at < len(rows):
        after = bisect_left(along, ((along[at] >> width) + 1) << width, at)
        found.append(_of_rows(rows[at:after]))
        at = after
    return found


def each(points: Iterable[Point], axis: Axis) -> list[Bucket]:
    """A bucket for each point, in the order of the axis."""
    return [_of_rows([row]) for row in _rows(points, axis)]


def merged(buckets: Iterable[Bucket], width: int) -> list[Bucket]:
    """The buckets in the order of their starts, those in one cell of 2 ** `width` as one."""
    ordered = sorted(buckets, key=_START)
    cells = [bucket.start >> width for bucket in ordered]
    found = []
    at = 0
    while at < len(ordered):
        after = bisect_right(cells, cells[at], at)
        found.append(_as_one(ordered[at:after]) if after > at + 1 else ordered[at])
        at = after
    return found


def turned(bucket: Bucket) -> Bucket:
    """The same bucket as seen along the other axis."""
    return bucket._replace(
        start=bucket.across_start, end=bucket.across_end, across_start=bucket.start, across_end=bucket.end
    )


def width_for(starts: Sequence[int], most: int, least: int = 0) -> int:
    """The smallest width, at least `least`, at which these places lie in at most `most` cells."""
    if not starts:
        return least
    reach = max(starts) - min(starts)
    width = max(least, min(MOST_WIDTH, (reach // most).bit_length()))
    while width < MOST_WIDTH and _cells(starts, width) > most:
        width += 1
    while width > least and _cells(starts, width - 1) <= most:
        width -= 1
    return width


def _cells(starts: Sequence[int], width: int) -> int:
    return len({start >> width for start in starts})


def _rows(points: Iterable[Point], axis: Axis) -> list[tuple[int, int, float]]:
    """The places along the axis and across, and the values, in the order of the axis."""
    # Fields of a point by their numbers, as nothing else is as fast: value 1, time 2, step 3.
    fields = itemgetter(3, 2, 1) if axis == STEP else itemgetter(2, 3, 1)
    return sorted(map(fields, points))


def _of_rows(rows: Sequence[tuple[int, int, float]]) -> Bucket:
    """The bucket of points (along, across, value) in the order of the axis."""
    if len(rows) == 1:
        along, across, value = rows[0]
        return Bucket(along, along, across, across, 1, value, value, value, value)
    _, across_all, values = zip(*rows, strict=True)
    numbers = _numbers(values)
    start, end, least, most = rows[0][0], rows[-1][0], min(across_all), max(across_all)
    return Bucket(start, end, least, most, len(rows), values[0], values[-1], min(numbers), max(numbers))


def _as_one(buckets: Sequence[Bucket]) -> Bucket:
    """Several buckets, in the order of their starts, as one."""
    starts, ends, across_starts, across_ends, sizes, firsts, lasts, lows, highs = zip(*buckets, strict=True)
    first, end = firsts[0], max(ends)
    if starts[1] == starts[0]:
        _, _, first = min(zip(starts, across_starts, firsts, strict=True))
    last = lasts[ends.index(end)]
    if ends.count(end) > 1:
        _, _, last = max(zip(ends, across_ends, lasts, strict=True))
    across = min(across_starts), max(across_ends)
    return Bucket(starts[0], end, *across, sum(sizes), first, last, min(_numbers(lows)), max(_numbers(highs)))


def _numbers(values: Sequence[float]) -> Sequence[float]:
    """The values without NaN, unless all are."""
    # A sum shows whether there may be a NaN among them; so do two infinities, which are looked at again.
    if not isnan(sum(values)):
        return values
    return [value for value in values if not isnan(value)] or values
