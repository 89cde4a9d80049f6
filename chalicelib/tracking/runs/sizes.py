"""How much a run may hold: all of it together must fit into one reply, or nobody could read it.

INFO's own params and tags are bounded by themselves (`overflow.py`). What lies outside of INFO is counted in a small
item of its own, as INFO may cost 64 units to write. Each call claims its room first:

    1  raise `bytes` by what the call will put, on condition that there is room; list the call in `writing`
    2  put the items
    3  take the call off `writing`

So two calls never pass the limit together. `bytes` may be too high, as it stays where it is when a tag shrinks or is
deleted, and when a call dies; it is never too low. Before a call is refused, all that is stored is counted anew, and
what other calls are still writing is added to that.

Metrics are counted when they are folded: a log call costs one write, and no more.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress

from chalicelib import clock, errors
from chalicelib.edge.replies import MOST_BYTES, bytes_in_reply, key_values
from chalicelib.storage import keys, tables
from chalicelib.storage.failures import ConditionFailed
from chalicelib.storage.items import InputEdge, ModelEdge, MoreParam, MoreTag, RunInfo, RunSize
from chalicelib.storage.models import RunsItem
from chalicelib.tracking.runs import datasets, edges

# The most that INFO's params and tags may take in a reply; older runs may have more.
MOST_IN_INFO = 250_000
# What is left of a reply for all else, in bytes, with room for the names, ids and brackets around it.
MOST = MOST_BYTES - MOST_IN_INFO - 250_000
# Of that, nothing but metrics may take so much.
_FOR_METRICS = 500_000

WHAT_FITS = (
    "The params, tags, inputs and outputs of a run may take about 3.5 MB in a reply, and with its latest metrics 4 MB. "
    "Log long texts and tables as artifacts, or delete tags that are no longer needed."
)

# A call takes at most 35 seconds.
_WRITING_MS = 60_000


def of_pairs(*several: Mapping[str, str]) -> int:
    """How many bytes params or tags take in a reply."""
    return sum(bytes_in_reply(key_values(pairs)) for pairs in several if pairs)


def of_edge(edge: InputEdge | ModelEdge) -> int:
    """How many bytes an input or output takes in a reply. Earlier versions did not note it for datasets."""
    if isinstance(edge, ModelEdge):
        return bytes_in_reply(edges.model_output(edge))
    return int(edge.bytes or 0)


def of_edges(several: Iterable[InputEdge | ModelEdge]) -> int:
    """How many bytes inputs or outputs take in a reply."""
    return sum(map(of_edge, several))


def room(info: RunInfo) -> int:
    """How many bytes a run may hold outside of INFO, besides its metrics."""
    return _whole(info) - max(int(info.metric_bytes or 0), _FOR_METRICS)


def of_new(info: RunInfo, tags: Mapping[str, str]) -> RunSize:
    """The size of a new run with these tags outside of INFO. Raises InvalidParameterValue if they are too many."""
    size = of_pairs(tags)
    if size > MOST - _FOR_METRICS:
        raise _too_large(info.run_id)
    return RunSize(info.pk, keys.SIZE, bytes=size, writing={})


@contextmanager
def claimed(info: RunInfo, added: int) -> Iterator[None]:
    """Inside the block, put items of so many bytes. Raises InvalidParameterValue if the run has no room for them."""
    if added <= 0:
        yield
        return
    call, is_over = _claim(info, added), True
    try:
        yield
    except errors.RetryLater:
        # A put whose reply was lost may still arrive.
        is_over = False
        raise
    finally:
        if is_over:
            _end(info, call)


def is_full(info: RunInfo) -> bool:
    """Whether a run has no room for further metrics."""
    size = tables.get(RunSize, info.pk, keys.SIZE) if info.more else None
    return _whole(info) - int(info.metric_bytes or 0) < (int(size.bytes) if size else 0)


def _whole(info: RunInfo) -> int:
    """How many bytes a run may hold outside of INFO."""
    return MOST - max(0, of_pairs(info.params, info.tags) - MOST_IN_INFO)


def _claim(info: RunInfo, added: int) -> str:
    call, most = clock.short_id(), room(info)

    def attempt() -> str | None:
        size = tables.get(RunSize, info.pk, keys.SIZE) or _first(info)
        if size is not None and size.bytes + added > most:
            size = _counted_anew(info, size)
            if size is not None and size.bytes + added > most:
                raise _too_large(info.run_id)
        return call if size is not None and _raised(size, call, added, most) else None

    return tables.decided(attempt)


def _first(info: RunInfo) -> RunSize | None:
    """Begin to count; None if another call was faster."""
    size = RunSize(info.pk, keys.SIZE, bytes=_counted(info), writing={})
    return size if _put(size, RunSize.bytes.does_not_exist()) else None


def _raised(size: RunSize, call: str, added: int, most: int) -> bool:
    """Claim the room and return True; False if there is too little by now."""
    actions = [RunSize.bytes.add(added), RunSize.writing[call].set(f"{added} {clock.now_ms()}")]
    try:
        tables.update(size, actions, RunSize.bytes <= most - added)
    except ConditionFailed:
        # Also when the reply to our own write was lost: then the first claim stays, and the count is too high.
        return False
    return True


def _counted_anew(info: RunInfo, size: RunSize) -> RunSize | None:
    """Store what the run really holds; None if other calls changed the count meanwhile."""
    writing = {call: text for call, text in size.writing.items() if _since(text) > clock.now_ms() - _WRITING_MS}
    # A call that has put its items, but is still listed, is counted twice for now.
    now = _counted(info) + sum(map(_amount, writing.values()))
    anew = RunSize(info.pk, keys.SIZE, bytes=now, writing=writing)
    return anew if _put(anew, (RunSize.bytes == size.bytes) & (RunSize.writing == size.writing)) else None


def _counted(info: RunInfo) -> int:
    rows = tables.query_run(info.pk, keys.MORE, keys.MORE + keys.AFTER_ALL) if info.more else ()
    return sum(_size(info, row) for row in rows)


def _size(info: RunInfo, row: RunsItem) -> int:
    if isinstance(row, MoreParam):
        return of_pairs({row.sk[len(keys.PARAM) :]: row.value})
    if isinstance(row, MoreTag):
        return 0 if row.value is None else of_pairs({row.sk[len(keys.TAG) :]: row.value})
    if isinstance(row, InputEdge) and not row.bytes:
        # An earlier version's. Its dataset may have gone, and then no reply shows it.
        found = datasets.find(info.experiment_id, [row.dataset])
        return edges.bytes_of_tags(row.tags) + sum(map(datasets.size, found))
    return of_edge(row) if isinstance(row, InputEdge | ModelEdge) else 0


def _end(info: RunInfo, call: str) -> None:
    with suppress(ConditionFailed):
        tables.update(RunSize(info.pk, keys.SIZE), [RunSize.writing[call].remove()], RunSize.bytes.exists())


def _put(size: RunSize, condition: tables.Condition) -> bool:
    try:
        tables.put(size, condition)
    except ConditionFailed:
        return False
    return True


def _amount(text: str) -> int:
    return int(text.partition(" ")[0])


def _since(text: str) -> int:
    return int(text.partition(" ")[2])


def _too_large(run_id: str) -> errors.InvalidParameterValue:
    return errors.InvalidParameterValue(f"Run '{run_id}' would hold too much. {WHAT_FITS}")
