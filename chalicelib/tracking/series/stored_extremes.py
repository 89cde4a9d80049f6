"""Extremes beside the latest points, as JSON: what is the latest point too takes one character.

For each metric, in the order of the latest points, there is a list of the lowest and the highest point, each as value,
timestamp and step, or 0 for the latest point; and 0 for both of them, which is all that a metric of one point needs.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chalicelib.tracking.series.extremes import Extremes
from chalicelib.tracking.series.points import Point

_LATEST = 0
# A metric of nothing but NaN.
_NONE = None


def content(metrics: Mapping[str, Point], extremes: Mapping[str, Extremes] | None) -> list[Any] | None:
    """What to store; None if the extremes are not known."""
    if extremes is None:
        return None
    return [_pair(point, extremes.get(key)) for key, point in metrics.items()]


def restored(metrics: Mapping[str, Point], stored: Sequence[Any] | None) -> Mapping[str, Extremes] | None:
    """The extremes of these metrics; None if they were not stored."""
    return None if stored is None else _Stored(metrics, dict(zip(metrics, stored, strict=True)))


class _Stored(Mapping[str, Extremes]):
    """Searches read hundreds of runs and ask for no extremes, so each is made when it is asked for."""

    def __init__(self, metrics: Mapping[str, Point], stored: Mapping[str, Any]) -> None:
        self._metrics = metrics
        self._stored = stored

    def __getitem__(self, key: str) -> Extremes:
        pair, latest = self._stored[key], self._metrics[key]
        if pair is _NONE:
            raise KeyError(key)
        return (
            Extremes(latest, latest) if pair == _LATEST else Extremes(_point(pair[0], latest), _point(pair[1], latest))
        )

    def __iter__(self) -> Iterator[str]:
        return (key for key, pair in self._stored.items() if pair is not _NONE)

    def __len__(self) -> int:
        return sum(pair is not _NONE for pair in self._stored.values())


def _pair(latest: Point, extremes: Extremes | None) -> Any:
    if extremes is None:
        return _NONE
    pair = [_LATEST if point == latest else [point.value, point.timestamp, point.step] for point in extremes]
    return _LATEST if pair == [_LATEST, _LATEST] else pair


def _point(stored: Any, latest: Point) -> Point:
    return latest if stored == _LATEST else Point(latest.key, *stored)
