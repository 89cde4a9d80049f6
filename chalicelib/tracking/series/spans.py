"""What each folded part of a series holds, so that a reader who wants a range knows which parts to read."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from chalicelib.tracking.series.buckets import STEP, Axis
from chalicelib.tracking.series.points import Point


class Span(NamedTuple):
    """A part by its watermark and number, how many points it has, and between which steps and times (ms) they lie."""

    watermark: int
    number: int
    size: int
    first_step: int
    last_step: int
    first_time: int
    last_time: int

    def along(self, axis: Axis) -> tuple[int, int]:
        """The first and the last place on an axis."""
        return (self.first_step, self.last_step) if axis == STEP else (self.first_time, self.last_time)


def of_part(watermark: int, number: int, points: Sequence[Point]) -> Span:
    """The span of a part that is not empty."""
    steps = [point.step for point in points]
    times = [point.timestamp for point in points]
    return Span(watermark, number, len(points), min(steps), max(steps), min(times), max(times))


def to_merge(spans: Iterable[Span], few: int) -> list[list[Span]]:
    """Groups of parts that should be fewer: neighbours in time that overlap, or of which each has less than `few`."""
    groups: list[list[Span]] = []
    end = -1
    for span in sorted(spans, key=lambda span: (span.first_time, span.last_time)):
        if groups and (span.first_time < end or (span.size < few and groups[-1][-1].size < few)):
            groups[-1].append(span)
        else:
            groups.append([span])
        end = max(end, span.last_time)
    return [group for group in groups if len(group) > 1]
