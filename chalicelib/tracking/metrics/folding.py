"""Fold and seal: the sweeper rewrites a run's log, so that the cost of reading depends on its size, not on its calls.

**Fold.** The log calls up to a watermark become parts of series (per metric) and a snapshot of the latest points, with
the lowest and the highest ones beside them: a reader who takes the latest of all, as earlier versions do, is right. The
log calls stay as they are, so a fold that dies half-way, or two concurrent folds, do no harm. Parts may hold a point
twice; readers drop the second. The snapshot is written last, only if nobody was faster, and says from where the log
still counts. Before it, the pyramids of long series are brought up to date (`pyramids.py`).

    time ──────────────────────────────────────────────►
    LOG    │ folded: SERIES parts, SNAP │ tail, read as it is │
                              watermark ┘          60 s       └ now

The watermark stays 60 seconds before now: a Lambda lives 30 seconds and clocks may differ by as much, so no call in
flight has a key below the watermark.

**Seal.** A run that ended or fell silent goes from open to closing, and 90 seconds later to sealed: completely folded,
with rows in its experiment's index and no longer listed as open. By then, calls that had read "open" are done; a call
that reads "closing" or "sealed" opens the run first. Each step may be repeated.

    open ── quiet ──► closing ── 90 s ──► sealed
      ▲───────────── a write ───┴────────────┘
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import chain, groupby

from chalicelib.edge.replies import bytes_in_reply
from chalicelib.storage import keys, tables
from chalicelib.storage.failures import ConditionFailed
from chalicelib.storage.items import LogCall, RunInfo, Snap, SnapPage
from chalicelib.tracking.metrics import history, parts, pyramids
from chalicelib.tracking.metrics.parts import Part
from chalicelib.tracking.runs import reading, recent_runs, sizes
from chalicelib.tracking.series import extremes, points
from chalicelib.tracking.series.packing import PART_BYTES, keys_in, pack, split, unpack
from chalicelib.tracking.series.points import Point
from chalicelib.tracking.series.portions import portions
from chalicelib.tracking.series.replies import metric

LAG_MS = 60_000

# What one fold holds in memory: some 400,000 points. A longer tail takes several folds.
_FOLD_BYTES = 4_000_000
# A tail of few calls is folded too if it is as long as the first of these and has a write unit's worth for each part
# that would be put, or as long as the second. Each reader of a tail of 256 KB takes 63 read units and some 40 ms, and
# folding it writes about as much as logging it did. With 1,000 metrics it would write four times as much, at 1 MB as
# much; and tails of 64 KB would have the pyramids written again four times as often.
_LONG_TAIL_BYTES = 256_000
_WORTH_A_PART_BYTES = 1_000
_LONGEST_TAIL_BYTES = 1_000_000


def fold(run_id: str, until_ms: int, least_calls: int = 1) -> None:
    """Fold the log calls received up to `until_ms` if there are `least_calls`, or long ones.

    Of two concurrent folds one counts.
    """
    pk = keys.run(run_id)
    snap = tables.get(Snap, pk, keys.SNAP)
    for calls in _portions(history.tail(pk, int(snap.watermark) if snap else 0, until_ms)):
        if len(calls) < least_calls and not _is_long(calls):
            return
        least_calls = 1
        snap = _fold(pk, snap, calls)
        if snap is None:
            return


def _is_long(calls: Sequence[LogCall]) -> bool:
    size = _bytes(calls)
    if not _LONG_TAIL_BYTES <= size < _LONGEST_TAIL_BYTES:
        return size >= _LONGEST_TAIL_BYTES
    return size >= _WORTH_A_PART_BYTES * len({key for call in calls for key in keys_in(call.points)})


def _fold(pk: str, snap: Snap | None, calls: Sequence[LogCall]) -> Snap | None:
    """Fold the calls and return the new snapshot; None if another sweeper was faster."""
    watermark = keys.log_position(calls[-1].sk)
    new = points.distinct(point for call in calls for point in unpack(call.points))
    new_parts = _parts(new, watermark)
    tables.put_all(part.item(pk) for series in new_parts.values() for part in series)
    before = reading.snapped(pk, snap)
    latest = points.latest([*before, *new])
    kept = points.distinct([*latest.values(), *_extremes(pk, snap, [*before, *new])])
    first, *others = split(kept, PART_BYTES) or [[]]
    tables.put_all(
        SnapPage(pk, keys.snap_page(watermark, number), points=pack(page)) for number, page in enumerate(others)
    )
    _note(pk, watermark, latest.values())
    recent_runs.forget(pk)
    # Only now, when every writer logs after the watermark: pyramids say that they have all up to there.
    counts = pyramids.counts_of(snap)
    known = {point.key for point in before}
    found = None if counts is None else pyramids.fold(pk, counts, new_parts, known)
    folded = Snap(
        pk,
        keys.SNAP,
        watermark=watermark,
        points=pack(first),
        pages=len(others),
        folds=(snap.folds if snap else 0) + 1,
        counts=pyramids.pack_counts(found),
        extremes=True,
    )
    return folded if _snapped(folded, snap) else None


def _extremes(pk: str, snap: Snap | None, held: Sequence[Point]) -> Iterator[Point]:
    """The extremes of all that is folded, the new parts included. After an earlier version they take all parts."""
    found = extremes.of(held)
    if not reading.has_extremes(snap):
        extremes.add(found, (point for part in parts.every(pk) for point in part.points))
    return extremes.points_of(found)


def _note(pk: str, watermark: int, latest: Iterable[Point]) -> None:
    """Record in INFO, which writers read, where the fold ends, and whether there is room for further metrics.

    Writers log after the end of the fold even if their clock goes back.
    """
    lower = RunInfo.floor.does_not_exist() | (RunInfo.floor < watermark)
    size = bytes_in_reply([metric(point) for point in latest])
    actions = [RunInfo.floor.set(watermark), RunInfo.metric_bytes.set(size)]
    with suppress(ConditionFailed):
        info = tables.update(RunInfo(pk, keys.INFO), actions, RunInfo.run_id.exists() & lower)
        full = sizes.is_full(info)
        if full != bool(info.full):
            tables.update(info, [RunInfo.full.set(full)], RunInfo.run_id.exists())


def _snapped(folded: Snap, before: Snap | None) -> bool:
    # Two sweepers may fold the same run: the snapshot must not return to an older watermark.
    unchanged = Snap.watermark == before.watermark if before else Snap.watermark.does_not_exist()
    try:
        tables.put(folded, unchanged)
    except ConditionFailed:
        return False
    if before is not None and before.pages:
        stale = (keys.snap_page(int(before.watermark), number) for number in range(int(before.pages)))
        tables.delete_all(SnapPage(folded.pk, sort_key) for sort_key in stale)
    return True


def _parts(new: Sequence[Point], watermark: int) -> dict[str, list[Part]]:
    by_key: dict[str, list[Point]] = defaultdict(list)
    for point in new:
        by_key[point.key].append(point)
    return {key: parts.cut(series, watermark) for key, series in by_key.items()}


def _portions(calls: Iterator[LogCall]) -> Iterator[list[LogCall]]:
    """Yield the calls in portions of about 4 MB, never cut inside a position: a watermark covers it completely."""
    together = (list(group) for _, group in groupby(calls, key=lambda call: keys.log_position(call.sk)))
    for portion in portions(together, _bytes, _FOLD_BYTES):
        yield list(chain.from_iterable(portion))


def _bytes(calls: Sequence[LogCall]) -> int:
    return sum(len(call.points) for call in calls)
