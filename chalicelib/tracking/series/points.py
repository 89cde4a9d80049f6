"""A metric point, and the rules for many points: which are equal, which is the latest, how they are ordered.

Points arrive in any order, in batches cut anywhere, some of them twice (a retried call). So each rule depends on the
set of points alone. The rules are those of MLflow 3.17's SQL store, which stores NaN as the value 0 with a flag.
"""

import struct
import zlib
from base64 import b64decode, urlsafe_b64encode
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from math import copysign, isnan
from typing import NamedTuple

from chalicelib.errors import InvalidParameterValue

# Place and check together take 27 bytes, so that the base64 of a token needs no padding.
_PLACE = struct.Struct(">qqd")
_CHECK_BYTES = 3


class Point(NamedTuple):
    """One value of one metric: `timestamp` in ms since 1970 (int64, ≥ 0), `step` any int64, `value` any float64."""

    key: str
    value: float
    timestamp: int
    step: int


class Page(NamedTuple):
    """Some points of a history, and the token for the next page (None on the last page)."""

    points: Sequence[Point]
    token: str | None


def identity(point: Point) -> tuple[str, float | None, int, int]:
    """Return a key that is equal for two points exactly if they are the same point: NaN equals NaN, -0.0 equals 0.0."""
    return point if not isnan(point.value) else (point.key, None, point.timestamp, point.step)


def distinct(points: Iterable[Point]) -> list[Point]:
    """Return the points without repeats, each at its first position."""
    # Python finds equal points by itself, and many times faster, except where a value is NaN.
    found = dict.fromkeys(points)
    if not any(isnan(point.value) for point in found):
        return list(found)
    first: dict[tuple[str, float | None, int, int], Point] = {}
    for point in found:
        first.setdefault(identity(point), point)
    return list(first.values())


def newer(a: Point, b: Point) -> bool:
    """Whether `a` replaces `b` as the latest point of their key: by step, then timestamp, then value.

    Of NaN and 0.0 at the same step and time, MLflow keeps the one that came first; here NaN wins, because every order
    sorts it after 0.0.
    """
    if a.step != b.step:
        return a.step > b.step
    if a.timestamp != b.timestamp:
        return a.timestamp > b.timestamp
    # The sign decides between 0.0 and -0.0: they are one point, but a reader sees which of the two was kept.
    return (_weight(a.value), copysign(1.0, a.value)) > (_weight(b.value), copysign(1.0, b.value))


def latest(points: Iterable[Point]) -> dict[str, Point]:
    """The latest point of each key."""
    found: dict[str, Point] = {}
    add_latest(found, points)
    return found


def merge(*parts: Mapping[str, Point]) -> dict[str, Point]:
    """Return what `latest` would return for all the points that the parts were made from."""
    found = dict(parts[0])
    for part in parts[1:]:
        add_latest(found, part.values())
    return found


def add_latest(found: dict[str, Point], points: Iterable[Point]) -> None:
    """Bring the latest points up to date with further ones."""
    for point in points:
        key, _, _, step = point
        best = found.get(key)
        # Nearly always the step decides.
        if best is None or step > best[3] or (step == best[3] and newer(point, best)):
            found[key] = point


def in_history_order(points: Iterable[Point]) -> list[Point]:
    """Sort by (timestamp, step, value), NaN just after 0.0: the order of get-history and get-history-bulk."""
    return sorted(points, key=_history_place)


def in_step_order(points: Iterable[Point]) -> list[Point]:
    """Sort by (step, timestamp, value), NaN just after 0.0: the order of get-history-bulk-interval."""
    return sorted(points, key=_step_place)


def page(history: Sequence[Point], max_results: int | None, page_token: str | None) -> Page:
    """Return the next `max_results` points of one key's history (all remaining ones if None), after the token's place.

    `history` is distinct and in history order. A token names the last point sent, not a count, so points logged between
    two pages make no point appear twice or go missing. Raises InvalidParameterValue.
    """
    if max_results is not None and max_results <= 0:
        raise InvalidParameterValue(
            f"Invalid value {max_results} for parameter 'max_results' supplied. It must be a positive integer."
        )
    start = bisect_right(history, _read_token(page_token), key=_history_place) if page_token else 0
    end = len(history) if max_results is None else start + max_results
    return Page(history[start:end], _token(history[end - 1]) if end < len(history) else None)


def _weight(value: float) -> tuple[float, bool]:
    return (0.0, True) if isnan(value) else (value, False)


def _history_place(point: Point) -> tuple[int, int, float, bool]:
    return (point.timestamp, point.step, *_weight(point.value))


def _step_place(point: Point) -> tuple[int, int, float, bool]:
    return (point.step, point.timestamp, *_weight(point.value))


def _token(last: Point) -> str:
    place = _PLACE.pack(last.timestamp, last.step, last.value)
    return urlsafe_b64encode(place + _check(place)).decode()


def _read_token(token: str) -> tuple[int, int, float, bool]:
    try:
        raw = b64decode(token, altchars=b"-_", validate=True)
    except ValueError:
        raw = b""
    place, check = raw[: _PLACE.size], raw[_PLACE.size :]
    if check != _check(place):
        raise InvalidParameterValue("Invalid page token: this server did not issue it.")
    timestamp, step, value = _PLACE.unpack(place)
    return (timestamp, step, *_weight(value))


def _check(place: bytes) -> bytes:
    # Guards against accidents, not attackers: a forged token only picks a place in a list that the caller may read.
    return zlib.crc32(place).to_bytes(4, "big")[:_CHECK_BYTES]
