"""The scheduled round: over all open runs, to fold long tails and close and seal what is quiet; over the catalogue;
over uploads that nobody goes on with; and over transition requests that are open.
"""

from chalicelib import clock
from chalicelib.artifacts import expiry
from chalicelib.catalogue import rescan
from chalicelib.registry import resuming
from chalicelib.storage import keys, tables
from chalicelib.storage.items import ExperimentItem, OpenRun
from chalicelib.tracking import experiments, regrouping, sealing


def sweep_all() -> None:
    """One round of all that is swept: runs, the catalogue, forgotten uploads, open requests. Raises as `sweep` does."""
    sweep()
    rescan.rescan()
    expiry.abort_forgotten()
    resuming.resume()


def sweep() -> int:
    """Take every open run a step further and return how many there were. Safe at any time, and twice at once.

    Raises errors.RetryLater when the store does not keep up: what is left is done in the next round.
    """
    open_runs = 0
    for experiment in _in_turn(list(experiments.load_all())):
        for row in list(tables.query(OpenRun, keys.open_runs(experiment.experiment_id))):
            sealing.tend(row)
            open_runs += 1
        regrouping.regroup(experiment)
    return open_runs


def _in_turn(all_of_them: list[ExperimentItem]) -> list[ExperimentItem]:
    # A round that a Lambda's time limit cuts short must not leave out the same experiments each time.
    first = clock.now_ms() // 1000 % max(1, len(all_of_them))
    return all_of_them[first:] + all_of_them[:first]
