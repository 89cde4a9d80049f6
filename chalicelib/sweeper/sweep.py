"""The scheduled round over all open runs: fold long tails, close and seal what is quiet."""

from chalicelib import clock
from chalicelib.storage import keys, tables
from chalicelib.storage.items import OpenRun
from chalicelib.tracking import experiments, sealing


def sweep() -> int:
    """Take every open run a step further and return how many there were. Safe at any time, and twice at once.

    Raises errors.RetryLater when the store does not keep up: what is left is done in the next round.
    """
    open_runs = 0
    for experiment_id in _in_turn([experiment.experiment_id for experiment in experiments.load_all()]):
        for row in list(tables.query(OpenRun, keys.open_runs(experiment_id))):
            sealing.tend(row)
            open_runs += 1
    return open_runs


def _in_turn(experiment_ids: list[str]) -> list[str]:
    # A round that a Lambda's time limit cuts short must not leave out the same experiments each time.
    first = clock.now_ms() // 1000 % max(1, len(experiment_ids))
    return experiment_ids[first:] + experiment_ids[:first]
