"""Putting a run into the index when it is sealed, and removing rows that no longer apply.

    1  SEALED item, which names the stale rows: those of an earlier sealing that this one does not have
    2  new rows
    3  INFO: phase sealed, `indexed`                    a search that does not find the run open relies on 1 to 3
    4  delete the stale rows, then their names
    5  delete the OPEN row                              from here on searches find this run through the index

A crash at any point leaves the OPEN row, so the next sweep continues; each step may be repeated. The earlier SEALED
item says which rows exist, so a run that was opened for one more tag costs one row, not fifty.
"""

import json
from contextlib import suppress

from chalicelib import clock
from chalicelib.storage import keys, objects, tables
from chalicelib.storage.failures import ConditionFailed
from chalicelib.storage.items import IndexRow, RunInfo, SealedRun
from chalicelib.tracking.experiments import lifecycle, populated, recent_experiments
from chalicelib.tracking.index import sealed_runs
from chalicelib.tracking.index.index_rows import Key, rows_of
from chalicelib.tracking.index.run_records import own_mark, record
from chalicelib.tracking.runs import reading
from chalicelib.tracking.runs.runs import CLOSING, SEALED

# A sweeper delayed this long must not delete rows: the run may have been sealed again, which takes 90 seconds.
_HELD_UP_MS = 45_000
# A sweeper delayed this long may have put rows into a group that is no longer read (`regrouping.py`).
_OUTDATED_MS = 240_000
# The most that the keys of stale rows may take in the SEALED item, next to the run; longer lists go to the bucket.
_STALE_BYTES = 50_000


def seal(info: RunInfo) -> bool:
    """Seal a closing run that was completely folded; return whether it is sealed and its OPEN row can be deleted."""
    started = clock.now_ms()
    # Read this first, so that an item put for a later closing is never taken for the one before this closing.
    before = tables.get(SealedRun, info.pk, keys.SEALED)
    run = reading.read(info.run_id)
    if run.info.phase != CLOSING or run.info.phase_since != info.phase_since:
        return False
    group = lifecycle.group(recent_experiments.fresh(info.experiment_id), own_mark(run.info))
    rows = rows_of(record(run), info.experiment_id, group)
    known = set(rows_of_item(before) if before else ())
    item = sealed_runs.item_of(run, group, int(info.phase_since))
    item.stale = _named(sorted({*known, *stale_rows(before)} - set(rows)))
    if not _is_put(item, before):
        return False
    populated.note_sealed(info.experiment_id, int(run.info.start_time or 0))
    complete = before is not None and info.indexed == before.since
    tables.put_all(IndexRow(*key) for key in rows if not (complete and key in known))
    if clock.now_ms() - started > _OUTDATED_MS:
        return False
    return _marked(run.info) and finish(item, started)


def finish(item: SealedRun, started_ms: int) -> bool:
    """Delete the stale index rows of a sealed run; return whether that is done."""
    stale = stale_rows(item)
    if not stale:
        return True
    if clock.now_ms() - started_ms > _HELD_UP_MS:
        return False
    tables.delete_all(IndexRow(*key) for key in stale)
    with suppress(ConditionFailed):
        tables.update(item, [SealedRun.stale.remove()], SealedRun.since == item.since)
    return True


def rows_of_item(item: SealedRun) -> list[Key]:
    """The index rows that belong to a SEALED item."""
    run = sealed_runs.run_of(item)
    return rows_of(record(run), run.info.experiment_id, item.group)


def stale_rows(item: SealedRun | None) -> list[Key]:
    """The index rows that are still to be deleted."""
    stale = (item.stale if item else None) or ()
    return [(pk, sk) for pk, sk in (objects.get_value(stale) if isinstance(stale, str) else stale)]


def _named(stale: list[Key]) -> list[Key] | str | None:
    """Stale rows as the item stores them: a run with thousands of values that changes groups leaves as many."""
    too_long = len(json.dumps(stale)) > _STALE_BYTES
    return objects.put_value(stale) if too_long else stale or None


def _is_put(item: SealedRun, before: SealedRun | None) -> bool:
    """Put the item and return True; False if another sweeper was faster, because `stale` would not name its rows."""
    unchanged = SealedRun.since.does_not_exist()
    if before is not None:
        same_stale = SealedRun.stale == before.stale if before.stale else SealedRun.stale.does_not_exist()
        unchanged = (SealedRun.since == before.since) & (SealedRun.group == before.group) & same_stale
    try:
        tables.put(item, unchanged)
    except ConditionFailed:
        return False
    return True


def _marked(info: RunInfo) -> bool:
    still_closing = (RunInfo.phase == CLOSING) & (RunInfo.phase_since == info.phase_since)
    actions = [
        RunInfo.phase.set(SEALED),
        RunInfo.phase_since.set(clock.now_ms()),
        RunInfo.indexed.set(info.phase_since),
    ]
    try:
        tables.update(info, actions, still_closing)
    except ConditionFailed:
        # The run was opened again in the meantime. The SEALED item names the rows we put; the next sealing keeps or
        # deletes them.
        return False
    return True
