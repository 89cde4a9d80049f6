"""The scheduled rounds: over open runs, to fold long tails and close and seal what is quiet; over the catalogue; over
abandoned uploads; over transition requests that are open; and over the leases of runs.

A whole round looks at everything. A quick one, which is almost free while nothing happens, at what is likely to be
moving: the experiments that had open runs in the last whole round, the youngest models, the requests, the leases.
"""

from collections.abc import Iterable, Iterator

from chalicelib import clock
from chalicelib.approvals import resuming
from chalicelib.artifacts import expiry
from chalicelib.catalogue import rescan
from chalicelib.storage import keys, tables
from chalicelib.storage.items import BusyExperiments, ExperimentItem
from chalicelib.sweeper import filling, lapsing
from chalicelib.tracking.experiments import experiments, populated
from chalicelib.tracking.index import regrouping
from chalicelib.tracking.index.tending import tend

# Some 10 KB. If there are more, the others wait for the next whole round.
_MOST_BUSY = 1_000


def sweep_all() -> float:
    """Run a whole round. Raises as `sweep` does.

    Returns how long (seconds) the longest waiting run has been due to be sealed; 0 if none is.
    """
    waiting = list(_whole())
    rescan.rescan()
    expiry.abort_forgotten()
    resuming.resume()
    lapsing.end_silent()
    return _longest(waiting)


def sweep_busy() -> float:
    """Run a quick round. Raises and returns as `sweep_all` does."""
    known = tables.get(BusyExperiments, keys.SWEEP, keys.BUSY)
    waiting = [since for item in experiments.load_several(known.experiments if known else ()) for since in tend(item)]
    rescan.settle()
    resuming.resume()
    lapsing.end_silent()
    return _longest(waiting)


def sweep() -> int:
    """Take every open run a step further and return how many there were. Safe at any time, also concurrently.

    Raises errors.RetryLater when the store does not keep up: the next round does what is left.
    """
    return sum(1 for _ in _whole())


def _whole() -> Iterator[int | None]:
    """Tend all open runs. Yields since when (ms) each waits to be sealed, None if it does not."""
    began = clock.now_ms()
    busy: list[str] = []
    every = list(experiments.load_all())
    filling.fill_in(every)
    for experiment in _in_turn(every):
        found = list(tend(experiment))
        if found:
            busy.append(experiment.experiment_id)
        yield from found
        regrouping.regroup(experiment)
    _remember(busy)
    populated.tidy(busy, began)


def _remember(busy: Iterable[str]) -> None:
    wanted = sorted(busy, key=int)[:_MOST_BUSY]
    known = tables.get(BusyExperiments, keys.SWEEP, keys.BUSY)
    if wanted != (known.experiments if known else []):
        tables.put(BusyExperiments(keys.SWEEP, keys.BUSY, experiments=wanted))


def _longest(waiting: Iterable[int | None]) -> float:
    since = [each for each in waiting if each is not None]
    return max(0, clock.now_ms() - min(since)) / 1000 if since else 0.0


def _in_turn(every: list[ExperimentItem]) -> list[ExperimentItem]:
    # A round that a Lambda's time limit cuts short must not leave out the same experiments each time.
    first = clock.now_ms() // 1000 % max(1, len(every))
    return every[first:] + every[:first]
