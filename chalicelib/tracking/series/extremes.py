"""The lowest and the highest point of each metric. NaN is neither: a metric of nothing but NaN has no extremes."""

from collections.abc import Iterable, Iterator, Mapping
from math import isnan
from typing import NamedTuple

from chalicelib.tracking.series.points import Point


class Extremes(NamedTuple):
    """Of points with the same value, the one at the lowest step counts, and of these the earliest."""

    lowest: Point
    highest: Point


def of(points: Iterable[Point]) -> dict[str, Extremes]:
    """The extremes of each key."""
    found: dict[str, Extremes] = {}
    add(found, points)
    return found


def add(found: dict[str, Extremes], points: Iterable[Point]) -> None:
    """Bring extremes up to date with further points. A point that comes again changes nothing."""
    for point in points:
        key, value, _, _ = point
        known = found.get(key)
        if known is not None:
            lowest, highest = known
            # Nearly always.
            if lowest[1] < value < highest[1]:
                continue
            if _is_before(value < lowest.value, point, lowest):
                lowest = point
            if _is_before(value > highest.value, point, highest):
                highest = point
            found[key] = Extremes(lowest, highest)
        elif not isnan(value):
            found[key] = Extremes(point, point)


def merge(*several: Mapping[str, Extremes]) -> dict[str, Extremes]:
    """The extremes of all points that these are the extremes of."""
    found = dict(several[0])
    for further in several[1:]:
        add(found, points_of(further))
    return found


def points_of(extremes: Mapping[str, Extremes]) -> Iterator[Point]:
    """The points that are extremes, for `of` to find them again."""
    for pair in extremes.values():
        yield from pair


def _is_before(is_beyond: bool, point: Point, known: Point) -> bool:
    return is_beyond or (point.value == known.value and (point.step, point.timestamp) < (known.step, known.timestamp))
