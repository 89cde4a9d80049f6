"""What runs need to know of their experiment, remembered for a few seconds, so that a log call costs one read.

Only "active" is believed, "deleted" is always read afresh. A change made through this process is seen at once; one made
through another is seen within five seconds, as if the call had come that much earlier
(infra/decisions/0002-what-log-calls-read-is-remembered.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib import clock
from chalicelib.storage.items import ExperimentItem, RunInfo
from chalicelib.tracking.experiments import load, require_active
from chalicelib.tracking.lifecycle import ACTIVE, Mark, stage

_REMEMBERED_MS = 5_000
_MOST = 1_000


@dataclass(frozen=True)
class Known:
    """An experiment's mark, its artifact location, which never changes, its grants, and when they were read (ms)."""

    mark: Mark
    artifact_location: str
    grants: Mapping[str, str]
    since_ms: int


_remembered: dict[str, Known] = {}


def run_stage(info: RunInfo) -> str:
    """The lifecycle stage of a run. Raises ResourceDoesNotExist when its experiment does not exist."""
    own = Mark(info.mark, int(info.mark_epoch)) if info.mark else None
    known = _recent(info.experiment_id)
    if known and stage(known.mark, own) == ACTIVE:
        return ACTIVE
    return stage(fresh(info.experiment_id), own)


def artifact_location_for_run(experiment_id: str) -> str:
    """Where the runs of an active experiment keep their artifacts.

    Raises ResourceDoesNotExist, InvalidParameterValue when the experiment is deleted.
    """
    known = _recent(experiment_id)
    if known and known.mark.stage == ACTIVE:
        return known.artifact_location
    item = load(experiment_id)
    remember(item)
    require_active(item)
    return str(item.artifact_location)


def grants(experiment_id: str, is_fresh: bool) -> Mapping[str, str]:
    """An experiment's grants, as stored now or as they were up to five seconds ago. Raises ResourceDoesNotExist."""
    known = None if is_fresh else _recent(experiment_id)
    if known is None:
        item = load(experiment_id)
        remember(item)
        return item.grants
    return known.grants


def fresh(experiment_id: str) -> Mark:
    """The experiment's mark as it is now stored. Raises ResourceDoesNotExist."""
    return remember(load(experiment_id))


def remember(item: ExperimentItem) -> Mark:
    """The mark of an experiment that was just read or written, from now on remembered."""
    mark = Mark(item.stage, int(item.epoch))
    known = _remembered.get(item.experiment_id)
    # A slow reader must not put back what a faster writer has changed.
    if known is None or known.mark.epoch <= mark.epoch:
        if len(_remembered) >= _MOST:
            _remembered.clear()
        _remembered[item.experiment_id] = Known(mark, item.artifact_location, item.grants, clock.now_ms())
    return mark


def is_recent(since_ms: int) -> bool:
    """Whether what was read then is still believed; not what was read in the future of a clock that was put right."""
    return 0 <= clock.now_ms() - since_ms < _REMEMBERED_MS


def forget_all() -> None:
    """For a test that starts with empty tables."""
    _remembered.clear()


def _recent(experiment_id: str) -> Known | None:
    known = _remembered.get(experiment_id)
    return known if known and is_recent(known.since_ms) else None
