"""The history of a metric: its folded parts and the log's unfolded tail, each point once."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from chalicelib.storage import keys, parallel, tables
from chalicelib.storage.items import LogCall, RunInfo, SeriesPart, Snap
from chalicelib.tracking.feed import reading as feed
from chalicelib.tracking.runs import runs
from chalicelib.tracking.series import points
from chalicelib.tracking.series.packing import unpack, unpack_one
from chalicelib.tracking.series.points import Point


def of_metric(run_id: str, key: str) -> list[Point]:
    """Return all points of one run's metric, in history order; none if the run or the metric does not exist."""
    pk = keys.run(run_id)
    rows = tables.get_run_rows([(pk, keys.INFO), (pk, keys.SNAP)])
    info, snap = rows.get((pk, keys.INFO)), rows.get((pk, keys.SNAP))
    if not isinstance(info, RunInfo):
        return []
    found: list[Point] = []
    if isinstance(snap, Snap):
        found += folded(pk, key)
    calls = unfolded(info, snap if isinstance(snap, Snap) else None)
    found += [point for call in calls for point in unpack_one(call.points, key)]
    return points.in_history_order(points.distinct(found))


def of_runs(run_ids: Sequence[str], key: str) -> dict[str, list[Point]]:
    """Return the points of one metric for each of several runs."""
    wanted = list(dict.fromkeys(run_ids))
    return dict(zip(wanted, parallel.each(lambda run_id: of_metric(run_id, key), wanted), strict=True))


def folded(pk: str, key: str) -> Iterator[Point]:
    """Yield the points of a metric's folded parts; some may come twice."""
    for part in tables.query(SeriesPart, pk, SeriesPart.sk.startswith(keys.series(key))):
        yield from unpack(part.points)


class Call(NamedTuple):
    """What is logged and not folded: a key of its own, when the last of it came (ms), and its points, packed."""

    key: str
    received_ms: int
    points: bytes


def unfolded(info: RunInfo, snap: Snap | None) -> Iterator[Call]:
    """Yield all calls that are not in folded parts, some twice: the log's tail and the feed."""
    if info.phase == runs.SEALED:
        return
    # The feed first: what is moved meanwhile is in the log then.
    for entry in feed.entries_of(info):
        if entry.points is not None:
            yield Call(entry.key, entry.received_ms, entry.points)
    for call in tail(info.pk, int(snap.watermark) if snap else 0):
        yield Call(call.sk, int(call.last or keys.log_position(call.sk)), call.points)


def tail(pk: str, watermark: int, until: int | None = None) -> Iterator[LogCall]:
    """Return the log's items after the watermark, up to a position (inclusive) or all."""
    if until is not None and until <= watermark:
        # A sweeper whose clock is ahead folded them; DynamoDB refuses a range that ends before it begins.
        return iter(())
    end = keys.LOG + keys.AFTER_ALL if until is None else keys.log_after(until)
    return tables.query(LogCall, pk, LogCall.sk.between(keys.log_after(watermark), end))
