"""What a log call needs to know about its run, cached for a few seconds: a training loop logs to one run many times.

As with experiments (`recent_experiments.py`), a change made through this process takes effect at once, one made through
another within five seconds. Sealing allows for this: it waits longer than a call that remembers "open" can take.
"""

from collections.abc import Callable

from chalicelib.remembered import Remembered
from chalicelib.storage import keys
from chalicelib.storage.items import RunInfo
from chalicelib.tracking.experiments import recent_experiments
from chalicelib.tracking.experiments.lifecycle import ACTIVE

# By partition key; without params and tags, which may be long.
_recent: Remembered[str, RunInfo] = Remembered(most=1_000, seconds=5)


def recall(run_id: str, load: Callable[[str], RunInfo]) -> RunInfo:
    """Return the run's info, without params and tags, as last loaded for writing. Calls `load` if it is not cached."""
    known = _recent.get(keys.run(run_id))
    if known and recent_experiments.run_stage(known) == ACTIVE:
        return known
    reading = _recent.begin()
    info = load(run_id)
    _recent.keep(reading, info.pk, _slim(info))
    return info


def forget(run_pk: str) -> None:
    """Forget the run with this partition key: its phase, mark or floor changed, so the next call reads it again."""
    _recent.forget(run_pk)


def _slim(info: RunInfo) -> RunInfo:
    return RunInfo(
        info.pk,
        info.sk,
        run_id=info.run_id,
        experiment_id=info.experiment_id,
        mark=info.mark,
        mark_epoch=info.mark_epoch,
        floor=info.floor,
        full=info.full,
    )
