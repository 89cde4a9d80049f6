"""What a chart reads of one series: a level of its pyramid, or the parts of a range, and what came later."""

from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

from chalicelib.storage import keys
from chalicelib.storage.items import PyramidItem
from chalicelib.storage.tables import Key
from chalicelib.tracking.metrics import parts, pyramids
from chalicelib.tracking.series import pyramid, stored_pyramid
from chalicelib.tracking.series.columns import UnknownVersion
from chalicelib.tracking.series.points import Point
from chalicelib.tracking.series.pyramid import Pyramid
from chalicelib.tracking.series.sketch import Range


class Folded(NamedTuple):
    """What was folded of a series: a level that stands for most of it, if that was read, and points."""

    level: Pyramid | None
    points: Sequence[Point]
    exists: bool


class Asked(NamedTuple):
    """The run's watermark when it was read, and how many buckets are wanted at most.

    Of a range, `most_read` points may be read where a pyramid would do too; of all of a series `most_whole`, where the
    pyramid is coarse.
    """

    watermark: int
    buckets: int
    most_read: int
    most_whole: int


def first_item(pk: str, key: str, within: Range, most: int) -> Key:
    """The key of what is read first of a series: the level for as many buckets, or what its parts hold."""
    return pk, keys.pyramid(key, pyramid.level_for(most)) if within.is_open else keys.pyramid_parts(key)


def read(pk: str, key: str, item: PyramidItem | None, within: Range, asked: Asked) -> Folded:
    """Read what was folded of a series, given its first item."""
    with suppress(UnknownVersion):
        if item is not None:
            return (_overview if within.is_open else _part_of)(pk, key, item, within, asked)
    return _whole(pk, key)


def later(pk: str, key: str, watermark: int) -> list[Point]:
    """The points of the parts that were folded beyond a watermark."""
    return [point for part in parts.beyond(pk, key, watermark) for point in part.points]


def _overview(pk: str, key: str, item: PyramidItem, _within: Range, asked: Asked) -> Folded:
    level = stored_pyramid.unpack(item.packed)
    if 2 * len(level.buckets) < asked.buckets and level.count <= min(asked.most_whole, pyramids.MOST_WAITING):
        # The pyramid of a series that is not much longer than one without has few buckets.
        return _whole(pk, key)
    return Folded(level, _waiting(pk, key, int(item.covered), asked), True)


def _part_of(pk: str, key: str, item: PyramidItem, within: Range, asked: Asked) -> Folded:
    """The points of a range; of a range that has too many, what the pyramid has."""
    spans = [span for span in stored_pyramid.unpack_spans(item.packed) if within.meets(*span.along(within.axis))]
    if sum(span.size for span in spans) > asked.most_read and (whole := pyramids.load(pk, key)).finest:
        return Folded(whole.finest, _waiting(pk, key, whole.covered, asked), True)
    found = parts.named(pk, key, spans)
    if len(found) < len(spans):
        # A compaction has replaced some of them.
        return _whole(pk, key)
    here = [point for part in found for point in part.points]
    return Folded(None, here + _waiting(pk, key, int(item.covered), asked), True)


def _waiting(pk: str, key: str, covered: int, asked: Asked) -> list[Point]:
    """The points that were folded and are not in the pyramid yet."""
    return later(pk, key, covered) if covered < asked.watermark else []


def _whole(pk: str, key: str) -> Folded:
    found = later(pk, key, -1)
    return Folded(None, found, bool(found))
