"""The pyramid of a series: its points as at most 2,048, 512 and 64 buckets, kept up to date without reading them again.

It lies along steps, unless most points share their steps: then along time. Its width grows as the series does.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.tracking.series import buckets
from chalicelib.tracking.series.buckets import STEP, TIME, Axis, Bucket
from chalicelib.tracking.series.points import Point

LEVELS = (2048, 512, 64)
# A bucket takes some 45 bytes and the points in it ten each: with so many of them the pyramid is small beside them.
_POINTS_PER_BUCKET = 256
# Steps that repeat more often than this say less than times do.
_POINTS_PER_STEP = 4


@dataclass(frozen=True)
class Pyramid:
    """One level: buckets along an axis, in order, each of a cell of 2 ** `width`."""

    axis: Axis
    width: int
    buckets: Sequence[Bucket]

    @property
    def count(self) -> int:
        return sum(bucket.size for bucket in self.buckets)

    def along(self, axis: Axis) -> list[Bucket]:
        """The buckets as seen along an axis, in no order."""
        return list(self.buckets) if axis == self.axis else [buckets.turned(bucket) for bucket in self.buckets]


def empty(points: Sequence[Point]) -> Pyramid:
    """A pyramid of nothing yet, along the axis that suits points like these."""
    steps = len({point.step for point in points})
    times = len({point.timestamp for point in points})
    return Pyramid(TIME if steps * _POINTS_PER_STEP < len(points) and steps < times else STEP, 0, ())


def extended(pyramid: Pyramid, points: Sequence[Point]) -> Pyramid:
    """The finest level with further points in it."""
    along = [point.step if pyramid.axis == STEP else point.timestamp for point in points]
    most = max(LEVELS[-1], min(LEVELS[0], (pyramid.count + len(points)) // _POINTS_PER_BUCKET))
    starts = [bucket.start for bucket in pyramid.buckets]
    width = buckets.width_for([*starts, *along], most, pyramid.width)
    added = buckets.of_points(points, pyramid.axis, width)
    return Pyramid(pyramid.axis, width, buckets.merged([*pyramid.buckets, *added], width))


def levels(finest: Pyramid) -> list[Pyramid]:
    """The finest level and those above it, as long as LEVELS says."""
    found = [finest]
    for most in LEVELS[1:]:
        found.append(_narrowed(found[-1], most))
    return found


def level_for(most: int) -> int:
    """The number of the smallest level that has enough for `most` buckets."""
    return max((number for number, buckets_in in enumerate(LEVELS) if buckets_in >= most), default=0)


def _narrowed(pyramid: Pyramid, most: int) -> Pyramid:
    width = buckets.width_for([bucket.start for bucket in pyramid.buckets], most, pyramid.width)
    return Pyramid(pyramid.axis, width, buckets.merged(pyramid.buckets, width))
