"""Deciding whether an open run should be closed or sealed, and doing so. `folding.py` explains the steps."""

from collections.abc import Mapping
from typing import NamedTuple

from chalicelib import clock
from chalicelib.storage import keys, tables
from chalicelib.storage.failures import ConditionFailed
from chalicelib.storage.items import LogCall, OpenRun, RunInfo, SealedRun
from chalicelib.tracking.index import indexing
from chalicelib.tracking.index.live import Live
from chalicelib.tracking.metrics import compaction, folding
from chalicelib.tracking.runs import recent_runs
from chalicelib.tracking.runs.runs import CLOSING, OPEN, SEALED

# A run that ended is closed after a minute. A run that only fell silent may be in a long training epoch, and opening it
# again costs three writes.
_ENDED_MS = 60_000
_SILENT_MS = 600_000
# Calls that had read "open" when the run was closed, up to 5 seconds before they came, are done after 35 seconds; the
# rest allows for clocks that differ. Half of the time in "closing" is for these calls. The other half lets the put of
# a call arrive that opens the run again in the meantime.
_STRAGGLERS_MS = 45_000
_CLOSING_MS = 90_000
# An open run's tail is folded when reading it starts to cost more than the snapshot.
_LONG_TAIL_CALLS = 200

_ENDED = frozenset({"FINISHED", "FAILED", "KILLED"})


class Logs(NamedTuple):
    """The last slice that was in the runs' logs, and the last one that is now; and the runs as the feed knows them."""

    before: int
    moved: int
    runs: Mapping[str, Live]

    def is_complete(self, run_id: str) -> bool:
        """Whether all calls of a run are in its log."""
        return run_id in self.runs and self.runs[run_id].last_slice <= self.moved

    def has_grown(self, run_id: str) -> bool:
        """Whether something of the run was moved just now."""
        return run_id in self.runs and self.runs[run_id].last_slice > self.before < self.moved


def tend(row: OpenRun, info: RunInfo | None, logs: Logs | None) -> int | None:
    """Move one open run a step further if it is due: fold its tail, close it, seal it, or delete a leftover row.

    Without `logs` the run's log is all there is. Returns since when (ms) the run has waited to be sealed, as this step
    found it; None if it is not waiting.
    """
    if info is None:
        _drop(row)
        return None
    if info.phase == SEALED:
        _tidy(info, row)
        return None
    if info.phase == CLOSING:
        _seal(info, row, logs)
        return int(info.phase_since)
    quiet_since = _quiet_since(info, logs)
    if is_quiet(info.status, quiet_since, clock.now_ms()):
        _close(info)
        return quiet_since
    _fold(info, logs)
    return None


def is_quiet(status: str, since_ms: int, now_ms: int) -> bool:
    """Whether a run that was last written then is to be closed."""
    return since_ms <= now_ms - (_ENDED_MS if status in _ENDED else _SILENT_MS)


def _fold(info: RunInfo, logs: Logs | None) -> None:
    if logs is not None and not logs.has_grown(info.run_id):
        return
    until = clock.now_ms() - folding.LAG_MS if logs is None else keys.slice_position(logs.moved)
    folding.fold(info.run_id, until, least_calls=_LONG_TAIL_CALLS)


def _quiet_since(info: RunInfo, logs: Logs | None) -> int:
    """When the run was last written (ms)."""
    live = logs.runs.get(info.run_id) if logs else None
    return max(int(info.updated), live.last_ms if live and live.last_ms else last_logged(info))


def last_logged(info: RunInfo) -> int:
    """When the last call came that is in the run's log (ms)."""
    last = tables.last(LogCall, info.pk, LogCall.sk.between(keys.LOG, keys.LOG + keys.AFTER_ALL))
    return int(last.last or keys.log_position(last.sk)) if last else 0


def _close(info: RunInfo) -> None:
    untouched = (RunInfo.phase == OPEN) & (RunInfo.updated == info.updated)
    try:
        tables.update(info, [RunInfo.phase.set(CLOSING), RunInfo.phase_since.set(clock.now_ms())], untouched)
    except ConditionFailed:
        # A call has written to the run, so it is not quiet after all.
        return
    recent_runs.forget(info.pk)


def _seal(info: RunInfo, row: OpenRun, logs: Logs | None) -> None:
    if max(info.phase_since, row.opened) > clock.now_ms() - _CLOSING_MS:
        return
    if logs is not None and not logs.is_complete(info.run_id):
        return
    stragglers_ms = int(info.phase_since) + _STRAGGLERS_MS
    folding.fold(info.run_id, stragglers_ms if logs is None else keys.slice_position(logs.moved))
    compaction.compact(info.run_id)
    if indexing.seal(info):
        _drop(row)


def _tidy(info: RunInfo, row: OpenRun) -> None:
    """Finish the work of a sweeper that died after it sealed the run."""
    item = tables.get(SealedRun, info.pk, keys.SEALED)
    if item is None or indexing.finish(item, clock.now_ms()):
        _drop(row)


def _drop(row: OpenRun) -> None:
    """Delete an OPEN row that no writer needs any more: the call that put it is done, and no call has put it again."""
    if row.opened > clock.now_ms() - folding.LAG_MS:
        return
    try:
        tables.delete(row, OpenRun.token == row.token)
    except ConditionFailed:
        return
