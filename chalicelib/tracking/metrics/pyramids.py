"""The pyramid of each long series, kept beside its folded parts, so that a chart costs what it shows.

A pyramid says up to which watermark it has all that was folded, and a reader adds what was folded later. So nothing has
to happen at once: a fold puts parts as ever, and brings the pyramid up to date only when so many points wait that this
is worth its writes. Whatever is lost, late or written twice by two sweepers, every item is true by itself: its points
lie in parts up to its watermark, and it has all of those. A point that lies in two parts is counted twice.

The snapshot counts for each metric how many points are in the pyramid and how many wait. A snapshot of an earlier
version has no counts: then the next fold looks at all that there is.
"""

import json
import zlib
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from chalicelib.storage import keys, tables
from chalicelib.storage.items import PyramidItem, Snap
from chalicelib.tracking.metrics import parts
from chalicelib.tracking.metrics.parts import Part
from chalicelib.tracking.series import pyramid, stored_pyramid
from chalicelib.tracking.series.columns import UnknownVersion
from chalicelib.tracking.series.packing import PART_BYTES
from chalicelib.tracking.series.portions import portions
from chalicelib.tracking.series.pyramid import Pyramid
from chalicelib.tracking.series.spans import Span

# A shorter series is read as it is, and so many points may wait at most.
LEAST_POINTS = 16_384
MOST_WAITING = 65_536
# Points that are put into buckets together.
_AT_ONCE = 100_000
# Beside the latest points, in an item of 400 KB. A run of so many metrics is read without pyramids until it is sealed.
_MOST_COUNT_BYTES = 50_000

# Metrics of an earlier version that one fold looks at: each takes two trips. The next fold looks at others.
_MOST_UNCOUNTED = 50

# By metric, the points in its pyramid and those that wait.
Counts = dict[str, tuple[int, int]]


@dataclass
class Series:
    """The pyramid of a series and the spans of all parts that are in it: those up to `covered`."""

    covered: int
    finest: Pyramid | None
    spans: dict[tuple[int, int], Span]

    @property
    def count(self) -> int:
        return self.finest.count if self.finest else 0


def load(pk: str, key: str) -> Series:
    """What is stored of a series; nothing if any of it is missing or unknown here."""
    wanted = [keys.pyramid(key, 0), keys.pyramid_parts(key)]
    items = {item.sk: item for item in tables.get_many(PyramidItem, pk, wanted)}
    if len(items) == len(wanted):
        finest, spans = (items[sort_key] for sort_key in wanted)
        with suppress(UnknownVersion):
            held = stored_pyramid.unpack_spans(spans.packed)
            covered = min(int(finest.covered), int(spans.covered))
            return Series(covered, stored_pyramid.unpack(finest.packed), _by_place(held))
    return Series(0, None, {})


def fold(pk: str, counts: Counts, new: Mapping[str, Sequence[Part]], unknown: Container[str]) -> Counts:
    """Bring up to date the pyramids for which new parts, already put, make that worth its writes; the new counts.

    The metrics in `unknown` have parts that nobody has counted.
    """
    found = dict(counts)
    uncounted = {key: series for key, series in new.items() if key not in counts and key in unknown}
    for key, series in new.items():
        covered, waiting = counts.get(key, (0, 0))
        waiting += sum(len(part.points) for part in series)
        if waiting >= min(MOST_WAITING, max(LEAST_POINTS, covered // 2)):
            uncounted.pop(key, None)
            found[key] = _refreshed(pk, key, series)
        elif key not in uncounted:
            found[key] = (covered, waiting)
    for key, series in islice(uncounted.items(), _MOST_UNCOUNTED):
        found[key] = _refreshed(pk, key, series)
    return found


def extend(series: Series, further: Iterable[Part], covered: int) -> None:
    """Add parts to a series, which has all parts up to `covered` then."""
    for some in portions(further, lambda part: len(part.points), _AT_ONCE):
        points = [point for part in some for point in part.points]
        series.finest = pyramid.extended(series.finest or pyramid.empty(points), points)
        series.spans |= _by_place(part.span for part in some)
    series.covered = max(series.covered, covered)


def items(pk: str, key: str, series: Series) -> Iterator[PyramidItem]:
    """What to put of a series: nothing if it is short."""
    if series.finest is None or series.count < LEAST_POINTS:
        return
    for number, level in enumerate(pyramid.levels(series.finest)):
        yield _item(pk, keys.pyramid(key, number), series, stored_pyramid.pack(level))
    packed = stored_pyramid.pack_spans(sorted(series.spans.values()))
    if len(packed) <= PART_BYTES:
        yield _item(pk, keys.pyramid_parts(key), series, packed)


def counts_of(snap: Snap | None) -> Counts | None:
    """The counts of a snapshot, none if an earlier version made it; None if they are too many to be kept."""
    if snap is None or snap.counts is None:
        return {}
    stored = json.loads(zlib.decompress(snap.counts))
    return None if stored is None else {key: (covered, waiting) for key, (covered, waiting) in stored.items()}


def pack_counts(counts: Counts | None) -> bytes:
    """The counts as a snapshot has them."""
    packed = zlib.compress(json.dumps(counts, separators=(",", ":")).encode())
    return packed if len(packed) <= _MOST_COUNT_BYTES else pack_counts(None)


def _refreshed(pk: str, key: str, new: Sequence[Part]) -> tuple[int, int]:
    watermark = new[0].watermark
    series = load(pk, key)
    extend(series, parts.beyond(pk, key, series.covered, watermark), watermark)
    extend(series, new, watermark)
    put = list(items(pk, key, series))
    tables.put_all(put)
    return (series.count, 0) if put else (0, series.count)


def _item(pk: str, sort_key: str, series: Series, packed: bytes) -> PyramidItem:
    return PyramidItem(pk, sort_key, covered=series.covered, packed=packed)


def _by_place(spans: Iterable[Span]) -> dict[tuple[int, int], Span]:
    return {(span.watermark, span.number): span for span in spans}
