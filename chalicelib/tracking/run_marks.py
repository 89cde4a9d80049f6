"""What a log call needs to know of its run, remembered for a few seconds: a training loop logs to one run many times.

As with experiments (`experiment_marks.py`), a change made through this process is seen at once, and one made through
another within five seconds. Sealing allows for it: it waits longer than a call that remembered "open" can take.
"""

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib import clock
from chalicelib.storage import keys
from chalicelib.storage.items import RunInfo
from chalicelib.tracking import experiment_marks
from chalicelib.tracking.lifecycle import ACTIVE

_MOST = 1_000


@dataclass(frozen=True)
class Known:
    """A run's info without its texts, and when it was read (ms)."""

    info: RunInfo
    since_ms: int


_remembered: dict[str, Known] = {}
_forgotten = 0


def recall(run_id: str, load: Callable[[str], RunInfo]) -> RunInfo:
    """The run's info without its texts, as it was when it was last loaded for writing; `load` is asked if need be."""
    known = _remembered.get(keys.run(run_id))
    if known and experiment_marks.is_recent(known.since_ms) and experiment_marks.run_stage(known.info) == ACTIVE:
        return known.info
    before = _forgotten
    info = load(run_id)
    # Whoever changed a run while we read it must not find our older reading remembered.
    if before == _forgotten:
        _remember(info)
    return info


def forget(run_pk: str) -> None:
    """Read the run with this partition key afresh next time: its phase, its mark or its floor changes."""
    global _forgotten
    _forgotten += 1
    _remembered.pop(run_pk, None)


def _remember(info: RunInfo) -> None:
    if len(_remembered) >= _MOST:
        _remembered.clear()
    slim = RunInfo(
        info.pk,
        info.sk,
        run_id=info.run_id,
        experiment_id=info.experiment_id,
        mark=info.mark,
        mark_epoch=info.mark_epoch,
        floor=info.floor,
    )
    _remembered[info.pk] = Known(slim, clock.now_ms())
