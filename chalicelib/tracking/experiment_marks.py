"""The lifecycle marks of experiments, remembered for a few seconds, so that a log call costs one read.

Only "active" is believed, "deleted" is always read afresh. A change made through this process is seen
at once; one made through another is seen within five seconds, as if the log call had come that much earlier
(infra/decisions/0002-experiment-marks-are-remembered.md).
"""

from chalicelib import clock
from chalicelib.storage.items import ExperimentItem, RunInfo
from chalicelib.tracking.experiments import load
from chalicelib.tracking.lifecycle import ACTIVE, Mark, stage

_REMEMBERED_MS = 5_000
_MOST = 1_000

_remembered: dict[str, tuple[Mark, int]] = {}


def run_stage(info: RunInfo) -> str:
    """The lifecycle stage of a run. Raises ResourceDoesNotExist when its experiment does not exist."""
    own = Mark(info.mark, int(info.mark_epoch)) if info.mark else None
    known, until = _remembered.get(info.experiment_id, (None, 0))
    if known and clock.now_ms() < until and stage(known, own) == ACTIVE:
        return ACTIVE
    return stage(fresh(info.experiment_id), own)


def fresh(experiment_id: str) -> Mark:
    """The experiment's mark as it is now stored. Raises ResourceDoesNotExist."""
    return mark_of(load(experiment_id))


def mark_of(item: ExperimentItem) -> Mark:
    """The mark of an experiment that was just read or written, and remember it."""
    mark = Mark(item.stage, int(item.epoch))
    known, _ = _remembered.get(item.experiment_id, (None, 0))
    # A slow reader must not put back what a faster writer has changed.
    if known is None or known.epoch <= mark.epoch:
        if len(_remembered) >= _MOST:
            _remembered.clear()
        _remembered[item.experiment_id] = (mark, clock.now_ms() + _REMEMBERED_MS)
    return mark


def forget_all() -> None:
    """For a test that starts with empty tables."""
    _remembered.clear()
