"""A sketch of a series: what a chart shows of it, as it is or as buckets along what the chart's x is."""

from collections.abc import Sequence
from math import inf
from typing import NamedTuple

from chalicelib.tracking.series import buckets, points
from chalicelib.tracking.series.buckets import STEP, Axis, Bucket
from chalicelib.tracking.series.points import Point
from chalicelib.tracking.series.pyramid import Pyramid


class Range(NamedTuple):
    """Places on an axis from `start` to `end`, both included; None leaves an end open."""

    axis: Axis
    start: int | None = None
    end: int | None = None

    @property
    def is_open(self) -> bool:
        return self.start is None and self.end is None

    def of(self, found: Sequence[Point]) -> Sequence[Point]:
        """The points that are in the range."""
        if self.is_open:
            return found
        start = -inf if self.start is None else self.start
        end = inf if self.end is None else self.end
        if self.axis == STEP:
            return [point for point in found if start <= point.step <= end]
        return [point for point in found if start <= point.timestamp <= end]

    def meets(self, first: int, last: int) -> bool:
        """Whether something from `first` to `last` reaches into the range."""
        return (self.end is None or first <= self.end) and (self.start is None or last >= self.start)


class Sketch(NamedTuple):
    """Buckets in the order of their starts. If it `is_exact`, each is a point, and all points of the range are here."""

    is_exact: bool
    buckets: Sequence[Bucket]


def sketch(within: Range, most: int, found: Sequence[Point], level: Pyramid | None = None) -> Sketch:
    """At most `most` buckets, at least two, of these points and of a level of a pyramid, as far as they are in a range.

    Buckets of the level at the ends of the range may reach beyond it. Points that come twice count once.
    """
    chosen = points.distinct(within.of(found))
    if level is None and len(chosen) <= most:
        return Sketch(True, buckets.each(chosen, within.axis))
    held = level.along(within.axis) if level else []
    if not within.is_open:
        held = [bucket for bucket in held if within.meets(bucket.start, bucket.end)]
    least = level.width if level and level.axis == within.axis else 0
    starts = [bucket.start for bucket in held]
    starts += [point.step if within.axis == STEP else point.timestamp for point in chosen]
    width = buckets.width_for(starts, most, least)
    return Sketch(False, buckets.merged([*held, *buckets.of_points(chosen, within.axis, width)], width))
