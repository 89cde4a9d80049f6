"""Reading a run: INFO and SNAP in one call, then the log's unfolded tail and what outgrew INFO in one query.

Of an open run, the feed of its experiment holds the calls that are not in its log yet (`tracking/feed/`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from chalicelib import errors
from chalicelib.storage import keys, parallel, tables
from chalicelib.storage.items import InputEdge, LogCall, ModelEdge, MoreParam, MoreTag, RunInfo, Snap, SnapPage
from chalicelib.storage.models import RunsItem
from chalicelib.tracking.feed import reading as feed
from chalicelib.tracking.runs import runs
from chalicelib.tracking.series import extremes, points
from chalicelib.tracking.series.extremes import Extremes
from chalicelib.tracking.series.packing import unpack
from chalicelib.tracking.series.points import Point


@dataclass
class Run:
    """A run as a reader sees it: its info, the latest point of each metric, params, tags, inputs and outputs.

    `extremes` are those of each metric; None if an earlier version stored the run and they are not known.
    """

    info: RunInfo
    metrics: dict[str, Point] = field(default_factory=dict)
    params: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    inputs: list[InputEdge] = field(default_factory=list)
    model_inputs: list[ModelEdge] = field(default_factory=list)
    outputs: list[ModelEdge] = field(default_factory=list)
    extremes: Mapping[str, Extremes] | None = field(default_factory=dict)

    def with_metrics(self, metrics: dict[str, Point], extremes: Mapping[str, Extremes] | None) -> "Run":
        """This run with other metrics."""
        # `dataclasses.replace` takes ten times as long, and a search does this for each run that was written.
        return Run(
            self.info, metrics, self.params, self.tags, self.inputs, self.model_inputs, self.outputs, extremes=extremes
        )


def read(run_id: str) -> Run:
    """Read one run. Raises ResourceDoesNotExist."""
    found = read_several([run_id])
    if not found:
        raise errors.ResourceDoesNotExist(f"Run with id={run_id} not found")
    return found[0]


def read_several(run_ids: Sequence[str]) -> list[Run]:
    """Read the runs that exist, in the order of the ids."""
    return _all_assembled(_pairs(run_ids))


def read_without_feed(run_ids: Sequence[str]) -> list[Run]:
    """Read the runs that exist, without the calls that are only in the feed."""
    return _all_assembled(_pairs(run_ids), from_feed=False)


def read_texts(infos: Sequence[RunInfo]) -> list[Run]:
    """Read all but the metrics of runs whose INFO was just read."""
    return parallel.each(_with_texts, infos) if any(info.more for info in infos) else list(map(_with_texts, infos))


def _pairs(run_ids: Sequence[str]) -> list[tuple[RunInfo, Snap | None]]:
    rows = tables.get_run_rows(
        [(keys.run(run_id), sort_key) for run_id in run_ids for sort_key in (keys.INFO, keys.SNAP)]
    )
    pairs = []
    for run_id in run_ids:
        info, snap = rows.get((keys.run(run_id), keys.INFO)), rows.get((keys.run(run_id), keys.SNAP))
        if isinstance(info, RunInfo):
            pairs.append((info, snap if isinstance(snap, Snap) else None))
    return pairs


def snapped(pk: str, snap: Snap | None) -> list[Point]:
    """Return the points that a snapshot holds, including those on its further pages."""
    if snap is None:
        return []
    packed = [snap.points] if not snap.pages else tables.decided(lambda: _packed(pk))
    return [point for each in packed for point in unpack(each)]


def has_extremes(snap: Snap | None) -> bool:
    """Whether a snapshot holds the extremes of all that was folded."""
    return snap is None or bool(snap.extremes)


def _packed(pk: str) -> list[bytes] | None:
    """Return the packed points of the current snapshot; None while a newer one is replacing it."""
    snap = tables.get(Snap, pk, keys.SNAP)
    if snap is None:
        return None
    prefix = keys.snap_pages(int(snap.watermark))
    pages = [page.points for page in tables.query(SnapPage, pk, SnapPage.sk.startswith(prefix))]
    return [snap.points, *pages] if len(pages) == snap.pages else None


def _all_assembled(pairs: Sequence[tuple[RunInfo, Snap | None]], from_feed: bool = True) -> list[Run]:
    if any(map(_needs_query, pairs)):
        return parallel.each(lambda pair: _assembled(*pair, from_feed), pairs)
    return [_assembled(*pair, from_feed) for pair in pairs]


def _assembled(info: RunInfo, snap: Snap | None, from_feed: bool) -> Run:
    run = _run(info)
    tail: list[bytes] = feed.calls_of(info) if from_feed and info.phase != runs.SEALED else []
    for row in _rows_beyond(info, snap):
        if isinstance(row, LogCall):
            tail.append(row.points)
        else:
            _add(run, row)
    held = snapped(info.pk, snap)
    held += [point for packed in tail for point in unpack(packed)]
    run.metrics = points.latest(held)
    run.extremes = extremes.of(held) if has_extremes(snap) else None
    return _sorted(run)


def _with_texts(info: RunInfo) -> Run:
    run = _run(info)
    for row in tables.query_run(info.pk, keys.MORE, keys.MORE + keys.AFTER_ALL) if info.more else ():
        _add(run, row)
    return _sorted(run)


def _run(info: RunInfo) -> Run:
    return Run(info, params=dict(info.params), tags=dict(info.tags))


def _sorted(run: Run) -> Run:
    for edges in (run.inputs, run.model_inputs, run.outputs):
        edges.sort(key=attrgetter("position"))
    return run


def _needs_query(pair: tuple[RunInfo, Snap | None]) -> bool:
    info, snap = pair
    return info.phase != runs.SEALED or bool(info.more) or bool(snap and snap.pages)


def _rows_beyond(info: RunInfo, snap: Snap | None) -> Iterable[RunsItem]:
    # A sealed run has no tail: its log was folded completely, and a write to it opens it first.
    if info.phase == runs.SEALED and not info.more:
        return ()
    start = keys.MORE if info.phase == runs.SEALED else keys.log_after(int(snap.watermark) if snap else 0)
    end = keys.MORE + keys.AFTER_ALL if info.more else keys.LOG + keys.AFTER_ALL
    return tables.query_run(info.pk, start, end)


def _add(run: Run, row: RunsItem) -> None:
    if isinstance(row, MoreParam):
        run.params[row.sk[len(keys.PARAM) :]] = row.value
    elif isinstance(row, MoreTag):
        _add_tag(run.tags, row.sk[len(keys.TAG) :], row.value)
    elif isinstance(row, InputEdge):
        run.inputs.append(row)
    elif isinstance(row, ModelEdge):
        (run.model_inputs if row.sk.startswith(keys.MODEL_INPUT) else run.outputs).append(row)


def _add_tag(tags: dict[str, str], key: str, value: str | None) -> None:
    # A tag without a value was deleted: it hides the tag that INFO may still hold.
    tags.pop(key, None)
    if value is not None:
        tags[key] = value
