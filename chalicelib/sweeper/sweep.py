"""The scheduled round: over all open runs, to fold long tails and close and seal what is quiet; over the catalogue;
and over uploads that nobody goes on with.
"""

from chalicelib import clock
from chalicelib.artifacts import expiry
from chalicelib.catalogue import rescan
from chalicelib.storage import keys, tables
from chalicelib.storage.items import OpenRun
from chalicelib.tracking import experiments, sealing


def sweep_all() -> None:
    """One round of all that is swept: runs, the catalogue, forgotten uploads. Raises as `sweep` does."""
    sweep()
    rescan.rescan()
    expiry.abort_forgotten()


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
