"""The folded parts of a series: how points are cut into parts, and how parts are put, found and read."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from chalicelib.storage import keys, tables
from chalicelib.storage.items import SeriesPart
from chalicelib.tracking.series import points, spans
from chalicelib.tracking.series.packing import PART_BYTES, pack, split, unpack
from chalicelib.tracking.series.points import Point
from chalicelib.tracking.series.spans import Span

# Some 50 KB, so that a reader who wants a hundredth of a long series reads little more than that. The most that so many
# points can take fits into an item, so that they are packed once.
MOST_POINTS = 8_000


class Part(NamedTuple):
    """A part of a series by its watermark and number, with its points in history order."""

    watermark: int
    number: int
    points: Sequence[Point]

    @property
    def span(self) -> Span:
        return spans.of_part(self.watermark, self.number, self.points)

    def item(self, pk: str) -> SeriesPart:
        sort_key = keys.series_part(self.points[0].key, self.watermark, self.number)
        return SeriesPart(pk, sort_key, points=pack(self.points))


def cut(series: Sequence[Point], watermark: int, first: int = 0) -> list[Part]:
    """The points of one metric as parts that fit into items, numbered from `first`."""
    ordered = points.in_history_order(series)
    pieces = max(1, -(-len(ordered) // MOST_POINTS))
    size = -(-len(ordered) // pieces)
    fitting = [part for at in range(0, len(ordered), size or 1) for part in split(ordered[at : at + size], PART_BYTES)]
    return [Part(watermark, number, part) for number, part in enumerate(fitting, first)]


def beyond(pk: str, key: str, watermark: int, until: int | None = None) -> Iterator[Part]:
    """The parts of a metric that were folded after a watermark, up to a later one (exclusive) or all."""
    start, end = keys.series_after(key, watermark), keys.series(key) + keys.AFTER_ALL
    if until is not None:
        if until <= watermark + 1:
            return
        end = keys.series_after(key, until - 1)
    yield from map(_part, tables.query(SeriesPart, pk, SeriesPart.sk.between(start, end)))


def every(pk: str) -> Iterator[Part]:
    """All parts of a run."""
    yield from map(_part, tables.query(SeriesPart, pk, SeriesPart.sk.startswith(keys.SERIES)))


def by_metric(pk: str, without: Iterable[str]) -> Iterator[tuple[str, list[Part]]]:
    """All parts of a run, metric by metric, but for some metrics, whose parts are not read."""
    start = keys.SERIES
    for after in sorted(map(keys.series, without), key=str.encode):
        yield from _between(pk, start, after)
        start = after + keys.AFTER_ALL
    yield from _between(pk, start, keys.SERIES + keys.AFTER_ALL)


def _between(pk: str, start: str, end: str) -> Iterator[tuple[str, list[Part]]]:
    items = tables.query(SeriesPart, pk, SeriesPart.sk.between(start, end))
    for key, series in groupby(items, key=lambda item: keys.series_metric(item.sk)):
        yield key, list(map(_part, series))


def named(pk: str, key: str, wanted: Iterable[Span]) -> list[Part]:
    """Those of these parts that are still there, in no order."""
    return list(map(_part, tables.get_many(SeriesPart, pk, [sort_key(key, span) for span in wanted])))


def sort_key(key: str, span: Span) -> str:
    return keys.series_part(key, span.watermark, span.number)


def _part(item: SeriesPart) -> Part:
    return Part(*keys.series_place(item.sk), unpack(item.points))
