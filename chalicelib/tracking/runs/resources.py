"""Runs as resources: a run has the permissions of its experiment."""

from chalicelib.access import identity
from chalicelib.access.levels import READ
from chalicelib.access.requires import Held, Resource, demand
from chalicelib.errors import ResourceDoesNotExist
from chalicelib.remembered import Remembered
from chalicelib.tracking.experiments import resources
from chalicelib.tracking.runs import runs

# Keyed by id: a run never moves to another experiment.
_experiment_of: Remembered[str, str] = Remembered(most=10_000)


def run(run_id: str, fresh: bool) -> Held:
    """The experiment of a run. Raises ResourceDoesNotExist."""
    experiment_id = _experiment_of.read(run_id, lambda: runs.load(run_id).experiment_id)
    return resources.experiment(experiment_id, fresh, runs.missing(run_id))


def check_is_readable(run_id: str) -> None:
    """Check that the caller may read a run that a request only refers to. Raises ResourceDoesNotExist."""
    if not identity.current().may_all:
        demand(READ, run(run_id, fresh=True))


def is_readable(run_id: str) -> bool:
    """Whether there is such a run, for a caller who may read it. With full access a missing one counts as readable."""
    if identity.current().may_all:
        return True
    try:
        return identity.may(READ, run(run_id, fresh=False).thing)
    except ResourceDoesNotExist:
        return False


RUN = Resource("run", lambda request, fresh: [run(request.run_id, fresh)])
# One request repeats `run_id`; the other has a list `run_ids`.
EACH_RUN = Resource("each run", lambda request, fresh: [run(each, fresh) for each in request.run_id])
ALL_RUNS = Resource("all runs", lambda request, fresh: [run(each, fresh) for each in request.run_ids])
SOURCE_RUN = Resource(
    "source run", lambda request, fresh: [run(request.source_run_id, fresh)] if request.source_run_id else []
)
