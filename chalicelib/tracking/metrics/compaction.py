"""Compaction: a run that is sealed keeps few parts of each series, and a pyramid that has all of them.

Of a long series only those neighbours are merged that are small or overlap in time; the others stay as they are. New
parts come under names of their own, then the pyramid, and only then are the old parts deleted. So a reader, or a
compaction that dies half-way, meets a point twice rather than never.
"""

from collections.abc import Sequence
from contextlib import suppress

from chalicelib.storage import keys, tables
from chalicelib.storage.failures import ConditionFailed
from chalicelib.storage.items import SeriesPart, Snap
from chalicelib.tracking.metrics import parts, pyramids
from chalicelib.tracking.metrics.parts import Part
from chalicelib.tracking.metrics.pyramids import Series
from chalicelib.tracking.series import points, spans
from chalicelib.tracking.series.points import Point
from chalicelib.tracking.series.spans import Span

_FEW_POINTS = parts.MOST_POINTS // 2


def compact(run_id: str) -> None:
    """Merge parts of each series of a run, if there were several folds."""
    pk = keys.run(run_id)
    snap = tables.get(Snap, pk, keys.SNAP)
    if snap is None or snap.folds < 2:
        return
    watermark = int(snap.watermark)
    long = [key for key, (covered, _) in (pyramids.counts_of(snap) or {}).items() if covered]
    for key in long:
        series = pyramids.load(pk, key)
        _compact(pk, key, series, list(parts.beyond(pk, key, series.covered, watermark + 1)), watermark)
    # The others are read in one go: a run may have very many short series.
    for key, held in parts.by_metric(pk, long):
        _compact(pk, key, Series(0, None, {}), held, watermark)


def _compact(pk: str, key: str, series: Series, further: Sequence[Part], watermark: int) -> None:
    """Compact a series that has further parts beside those that it knows."""
    known = len(series.spans)
    pyramids.extend(series, further, watermark)
    groups = spans.to_merge(series.spans.values(), _FEW_POINTS)
    with suppress(_Overtaken):
        for group in groups:
            _merge(pk, series, _points(pk, key, group, further), group)
        if groups or len(series.spans) > known:
            tables.put_all(pyramids.items(pk, key, series))
        merged = [span for group in groups for span in group]
        tables.delete_all(SeriesPart(pk, parts.sort_key(key, span)) for span in merged)


def _points(pk: str, key: str, group: Sequence[Span], read: Sequence[Part]) -> list[Point]:
    """The points of some parts, each once; parts that were not read yet are read now."""
    here = {(part.watermark, part.number): part for part in read}
    others = parts.named(pk, key, [span for span in group if span[:2] not in here])
    old = [here[span[:2]] for span in group if span[:2] in here] + others
    if len(old) < len(group):
        raise _Overtaken
    return points.distinct(point for part in old for point in part.points)


def _merge(pk: str, series: Series, together: Sequence[Point], group: Sequence[Span]) -> None:
    """Put the points of some parts as new ones, and their spans in place of the old ones."""
    taken = [span.number for span in series.spans.values() if span.watermark == series.covered]
    new = parts.cut(together, series.covered, max(taken, default=-1) + 1)
    for part in new:
        _put(part.item(pk))
    for span in group:
        del series.spans[span.watermark, span.number]
    series.spans.update({(part.watermark, part.number): part.span for part in new})


def _put(item: SeriesPart) -> None:
    """Put a part whose name is free, or has these very points. Raises _Overtaken."""
    is_free = SeriesPart.points.does_not_exist()
    try:
        tables.put(item, is_free)
    except ConditionFailed:
        there = tables.get(SeriesPart, item.pk, item.sk)
        if there is None or there.points != item.points:
            raise _Overtaken from None


class _Overtaken(Exception):
    """Another sweeper compacts the same series: it goes on, and all that was put here may stay."""
