"""The last values of a run's metrics, of which some are in calls that nobody has unpacked yet.

A search that compares one metric of a thousand running jobs takes that metric out of their calls, and leaves the rest.
"""

from collections.abc import Iterator, Mapping, Sequence

from chalicelib.tracking.series import points
from chalicelib.tracking.series.packing import keys_in, unpack_one
from chalicelib.tracking.series.points import Point


class LastValues(Mapping[str, float]):
    """The values of the points that are known, and of those in further calls. It does not change, but remembers."""

    __slots__ = ("_found", "_known", "calls")

    def __init__(self, known: Mapping[str, Point], calls: Sequence[bytes], before: "LastValues | None" = None) -> None:
        """`before` has the same known points, and the first of the calls."""
        self._known, self.calls = known, calls
        # By key: of how many of the calls the point is the last one.
        self._found: dict[str, tuple[int, Point | None]] = dict(before._found) if before else {}

    def get(self, key: str, default: float | None = None) -> float | None:  # type: ignore[override]
        looked_at, point = self._found.get(key) or (0, self._known.get(key))
        if looked_at < len(self.calls):
            point = self._after(point, key, self.calls[looked_at:])
            self._found[key] = len(self.calls), point
        return default if point is None else point.value

    def __getitem__(self, key: str) -> float:
        value = self.get(key)
        if value is None:
            raise KeyError(key)
        return value

    def __iter__(self) -> Iterator[str]:
        return iter({**self._known, **dict.fromkeys(key for call in self.calls for key in keys_in(call))})

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _after(self, point: Point | None, key: str, calls: Sequence[bytes]) -> Point | None:
        found = {} if point is None else {key: point}
        for call in calls:
            points.add_latest(found, unpack_one(call, key))
        return found.get(key)
