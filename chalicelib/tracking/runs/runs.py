"""Runs: create one, read its item, change its info and lifecycle stage. Params and tags are in `params_and_tags.py`."""

from collections.abc import Sequence
from functools import reduce
from operator import and_

from chalicelib import clock, errors
from chalicelib.access import identity
from chalicelib.storage import keys, tables
from chalicelib.storage.failures import ConditionFailed, ItemTooLarge
from chalicelib.storage.items import MoreTag, OpenRun, RunInfo
from chalicelib.storage.models import RunsItem
from chalicelib.storage.tables import Action, Condition
from chalicelib.tracking.experiments import populated, recent_experiments
from chalicelib.tracking.experiments.lifecycle import ACTIVE, DELETED
from chalicelib.tracking.feed import writing
from chalicelib.tracking.runs import overflow, recent_runs
from chalicelib.tracking.runs.generated_names import random_run_name
from chalicelib.tracking.runs.lease_rules import GOING_ON, LEASE_TAG
from chalicelib.tracking.runs.rules import RUN_NAME_TAG
from chalicelib.tracking.runs.schemas import CreateRun, UpdateRun

OPEN = "open"
CLOSING = "closing"
SEALED = "sealed"


def create(request: CreateRun) -> RunInfo:
    """Create a run with status RUNNING.

    One batch, which a crash may leave half-written; but nobody knows the id of a run that was not acknowledged. Every
    reader skips a row without a run, and the sweeper removes it. Raises ResourceDoesNotExist, and InvalidParameterValue
    if the experiment is deleted.
    """
    info = new(request, recent_experiments.artifact_location_for_run(request.experiment_id), clock.unique_id())
    tags = info.tags
    surplus = overflow.tags_out_of(info)
    _open(info, writing.CREATED, [*surplus, info])
    info.tags = tags
    return info


def load(run_id: str) -> RunInfo:
    """Load a run, deleted or not. Raises ResourceDoesNotExist."""
    info = tables.get(RunInfo, keys.run(run_id), keys.INFO)
    if info is None:
        raise missing(run_id)
    return info


def missing(run_id: str) -> errors.ResourceDoesNotExist:
    """The not-found error for a run."""
    return errors.ResourceDoesNotExist(f"Run with id={run_id} not found")


def load_for_writing(run_id: str) -> RunInfo:
    """Load an active run, and open it if it was sealed.

    Raises ResourceDoesNotExist, and InvalidParameterValue if the run is deleted.
    """
    info = load(run_id)
    if recent_experiments.run_stage(info) != ACTIVE:
        raise errors.RunDeleted(run_id)
    return info if info.phase == OPEN else reopen(info)


def reopen(info: RunInfo, news: str = writing.OPENED) -> RunInfo:
    """Open a closing or sealed run again. Its OPEN row is written first, so that no reader misses it."""
    now = clock.now_ms()
    _open(info, news, [])
    return tables.update(
        info,
        [RunInfo.phase.set(OPEN), RunInfo.phase_since.set(now), RunInfo.updated.set(now)],
        RunInfo.run_id.exists(),
    )


def list_as_open(info: RunInfo) -> None:
    """List a run as open from now on."""
    _open(info, writing.OPENED, [])


def update(request: UpdateRun) -> RunInfo:
    """Change the status, end time or name of an active run; absent fields stay as they are."""

    def attempt() -> RunInfo | None:
        info = load_for_writing(request.run_id)
        actions = [*_named(info, request.run_name)] if request.run_name else []
        if request.status is not None:
            actions += [RunInfo.status.set(request.status), *_not_lapsed(info, request)]
        if request.end_time is not None:
            actions.append(RunInfo.end_time.set(request.end_time))
        return apply(info, actions, *([_as_lapsed_as(info)] if request.status else []))

    info = tables.decided(attempt)
    writing.tell(info)
    return info


def renamed(run_id: str, name: str) -> RunInfo:
    """Rename an active run, in its info and in the tag that mirrors the name. The caller tells of it."""

    def attempt() -> RunInfo | None:
        info = load_for_writing(run_id)
        return apply(info, _named(info, name))

    return tables.decided(attempt)


def with_tag(info: RunInfo, key: str, value: str | None) -> tuple[list[Action], list[MoreTag]]:
    """What sets a tag, or takes it away: changes of the run's item, and an item to put if tags are outside of it."""
    if info.overflow:
        return [], [MoreTag(info.pk, keys.tag(key), value=value)]
    return [RunInfo.tags[key].remove() if value is None else RunInfo.tags[key].set(value)], []


def _named(info: RunInfo, name: str) -> list[Action]:
    actions, items = with_tag(info, RUN_NAME_TAG, name)
    tables.put_all(items)
    return [RunInfo.run_name.set(name), *actions]


def _as_lapsed_as(info: RunInfo) -> Condition:
    """A condition: the sweeper has not ended the run since it was read, else its remark would stay."""
    return RunInfo.lapsed == info.lapsed if info.lapsed else RunInfo.lapsed.does_not_exist()


def _not_lapsed(info: RunInfo, request: UpdateRun) -> list[Action]:
    """What takes away that a run was ended because its lease had run out: somebody knows better."""
    if not info.lapsed:
        return []
    actions, items = with_tag(info, LEASE_TAG, None)
    tables.put_all(items)
    no_end = [RunInfo.end_time.remove()] if request.status in GOING_ON and request.end_time is None else []
    return [RunInfo.lapsed.remove(), *actions, *no_end]


def change(run_id: str, actions: Sequence[Action]) -> RunInfo:
    """Apply changes to an active run's item. The caller tells of them."""
    return tables.decided(lambda: apply(load_for_writing(run_id), actions))


def delete(run_id: str) -> None:
    """Delete a run; deleting it twice is no error. Raises ResourceDoesNotExist."""
    _mark(run_id, DELETED)


def restore(run_id: str) -> None:
    """Restore a run; restoring an active run is no error. Raises ResourceDoesNotExist."""
    _mark(run_id, ACTIVE)


def apply(info: RunInfo, actions: Sequence[Action], *conditions: Condition) -> RunInfo | None:
    """Change the run's item and return it; None if a condition failed, the run was sealed or its params and tags moved.

    After None the caller must read again and decide again. A reply lost after the write looks the same, so the new
    decision must recognise that its change is already stored.
    """
    condition = reduce(and_, conditions, still_open(info))
    try:
        return tables.update(info, [*actions, RunInfo.updated.set(clock.now_ms())], condition)
    except ConditionFailed:
        return None
    except ItemTooLarge:
        overflow.freeze(info)
        return None


def still_open(info: RunInfo) -> Condition:
    """A condition: the run is open and keeps its params and tags where they were when `info` was read."""
    same_home = RunInfo.overflow.exists() if info.overflow else RunInfo.overflow.does_not_exist()
    # Between our read and our write, the sweeper must not seal the run and nobody may move its params out.
    condition: Condition = (RunInfo.phase == OPEN) & same_home
    return condition


def _mark(run_id: str, stage: str) -> None:
    info = load(run_id)
    if info.phase != OPEN:
        info = reopen(info)
    epoch = recent_experiments.fresh(info.experiment_id).epoch
    tables.update(
        info,
        [RunInfo.mark.set(stage), RunInfo.mark_epoch.set(epoch), RunInfo.updated.set(clock.now_ms())],
        RunInfo.run_id.exists(),
    )
    recent_runs.forget(info.pk)
    writing.tell(info)


def new(request: CreateRun, artifact_location: str, run_id: str) -> RunInfo:
    """Make the item of a run that is not stored yet."""
    now = clock.now_ms()
    tags = {tag.key: tag.value or "" for tag in request.tags or ()}
    name = request.run_name or tags.get(RUN_NAME_TAG) or random_run_name()
    return RunInfo(
        keys.run(run_id),
        keys.INFO,
        run_id=run_id,
        experiment_id=request.experiment_id,
        run_name=name,
        user_id=request.user_id or "",
        status="RUNNING",
        start_time=request.start_time or 0,
        artifact_uri=f"{artifact_location.rstrip('/')}/{run_id}/artifacts",
        tags=tags if tags.get(RUN_NAME_TAG) else {**tags, RUN_NAME_TAG: name},
        phase=OPEN,
        phase_since=now,
        updated=now,
        created_by=identity.current().name or None,
    )


def _open(info: RunInfo, news: str, items: Sequence[RunsItem]) -> None:
    """List the run as open, put the items of it, and tell."""
    opening = OpenRun(keys.open_runs(info.experiment_id), info.run_id, opened=clock.now_ms(), token=clock.unique_id())
    writing.opened(
        info,
        news,
        lambda entries: populated.put_with_open_run(info.experiment_id, [*items, opening, *entries]),
    )
