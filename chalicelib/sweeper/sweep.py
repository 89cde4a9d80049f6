"""The scheduled round: over all open runs, to fold long tails and close and seal what is quiet; over the catalogue;
over uploads that nobody goes on with; and over transition requests that are open.
"""

from collections.abc import Iterator

from chalicelib import clock
from chalicelib.artifacts import expiry
from chalicelib.catalogue import rescan
from chalicelib.registry import resuming
from chalicelib.storage import keys, tables
from chalicelib.storage.items import ExperimentItem, OpenRun
from chalicelib.tracking import experiments, regrouping, sealing


def sweep_all() -> float:
    """One round of all that is swept: runs, the catalogue, forgotten uploads, open requests. Raises as `sweep` does.

    Returns for how long (seconds) the run that is due to be sealed and waits longest has waited; 0 if there is none.
    """
    waiting = [since for since in _tended() if since is not None]
    rescan.rescan()
    expiry.abort_forgotten()
    resuming.resume()
    return max(0, clock.now_ms() - min(waiting)) / 1000 if waiting else 0.0


def sweep() -> int:
    """Take every open run a step further and return how many there were. Safe at any time, and twice at once.

    Raises errors.RetryLater when the store does not keep up: what is left is done in the next round.
    """
    return sum(1 for _ in _tended())


def _tended() -> Iterator[int | None]:
    for experiment in _in_turn(list(experiments.load_all())):
        for row in list(tables.query(OpenRun, keys.open_runs(experiment.experiment_id))):
            yield sealing.tend(row)
        regrouping.regroup(experiment)


def _in_turn(all_of_them: list[ExperimentItem]) -> list[ExperimentItem]:
    # A round that a Lambda's time limit cuts short must not leave out the same experiments each time.
    first = clock.now_ms() // 1000 % max(1, len(all_of_them))
    return all_of_them[first:] + all_of_them[:first]
