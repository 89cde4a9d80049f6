"""A metric point, and the rules for many: which are the same, which is the latest, in what order they stand.

Points arrive in any order, in batches cut anywhere, some of them twice (a retried call), so each rule is a function of
the set of points alone. The rules are those of MLflow 3.17's SQL store, to which NaN is a value of 0 with a mark.
"""

import struct
import zlib
from base64 import b64decode, urlsafe_b64encode
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from math import copysign, isnan
from typing import NamedTuple

from chalicelib.errors import InvalidParameterValue

# Both together are 27 bytes, so that the base64 of a token needs no padding.
_PLACE = struct.Struct(">qqd")
_CHECK_BYTES = 3


class Point(NamedTuple):
    """One value of one metric: `timestamp` in ms since 1970 (int64, ≥ 0), `step` any int64, `value` any float64."""

    key: str
    value: float
    timestamp: int
    step: int


class Page(NamedTuple):
    """Some points of a history, and the token that asks for the next ones (None when these are the last)."""

    points: Sequence[Point]
    token: str | None


def identity(point: Point) -> tuple[str, float | None, int, int]:
    """Equal for two points exactly if they are the same point: one NaN is as good as another, and -0.0 is 0.0."""
    return point if not isnan(point.value) else (point.key, None, point.timestamp, point.step)


def distinct(points: Iterable[Point]) -> list[Point]:
    """The points without repeats, each where it came first."""
    found: dict[tuple[str, float | None, int, int], Point] = {}
    for point in points:
        found.setdefault(identity(point), point)
    return list(found.values())


def newer(a: Point, b: Point) -> bool:
    """Whether `a` replaces `b` as the latest point of their key: by step, then timestamp, then value.

    Of NaN and 0.0 at one step and time MLflow keeps whichever came first; here NaN wins, because it stands behind 0.0
    in every order.
    """
    if a.step != b.step:
        return a.step > b.step
    if a.timestamp != b.timestamp:
        return a.timestamp > b.timestamp
    # The sign settles 0.0 against -0.0: they are one point, yet a reader sees which of the two was kept.
    return (_weight(a.value), copysign(1.0, a.value)) > (_weight(b.value), copysign(1.0, b.value))


def latest(points: Iterable[Point]) -> dict[str, Point]:
    """The latest point of each key."""
    found: dict[str, Point] = {}
    for point in points:
        best = found.get(point.key)
        if best is None or newer(point, best):
            found[point.key] = point
    return found


def merge(*parts: Mapping[str, Point]) -> dict[str, Point]:
    """What `latest` would say of all the points that the parts were made from."""
    return latest(chain.from_iterable(part.values() for part in parts))


def in_history_order(points: Iterable[Point]) -> list[Point]:
    """Sorted by (timestamp, step, value), NaN just behind 0.0: the order of get-history and get-history-bulk."""
    return sorted(points, key=_history_place)


def in_step_order(points: Iterable[Point]) -> list[Point]:
    """Sorted by (step, timestamp, value), NaN just behind 0.0: the order of get-history-bulk-interval."""
    return sorted(points, key=_step_place)


def page(history: Sequence[Point], max_results: int | None, page_token: str | None) -> Page:
    """The next `max_results` points of one key's history (all that are left if None), behind the token's place.

    `history` is distinct and in history order. A token names the last point that was sent, not a count, so no point is
    sent twice or left out because others were logged in between. Raises InvalidParameterValue.
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
    # Against accidents, not people: a forged token only picks a place in a list that its caller may read anyway.
    return zlib.crc32(place).to_bytes(4, "big")[:_CHECK_BYTES]
