"""Creating a run, once: also if its id was chosen before, and the request is sent again because its reply was lost.

The client chooses the id (`run_id`), or it is made from the Idempotency-Key. The steps:

    1  put INFO, if there is none, as the one of a run that is not open yet
    2  open the run, as any writer opens one that was sealed (`runs.reopen`)

INFO keeps a digest of the request. So a repetition is known as such whatever has happened to the run since, and
completes what a crash has left. Any other request with the id is refused, and learns nothing about the run.

Whoever writes to the run between the two steps opens it too, so what was acknowledged is found.
"""

from chalicelib.edge import repeats
from chalicelib.errors import CumulogError, InvalidParameterValue, ResourceAlreadyExists
from chalicelib.storage import tables
from chalicelib.storage.failures import ConditionFailed
from chalicelib.storage.items import RunInfo
from chalicelib.tracking.experiments import recent_experiments
from chalicelib.tracking.feed import writing
from chalicelib.tracking.runs import reading, runs, sizes
from chalicelib.tracking.runs.reading import Run
from chalicelib.tracking.runs.schemas import CreateRun


def create(request: CreateRun) -> Run:
    """Create a run, or return the one that this request has created before, as it is now.

    Raises ResourceAlreadyExists if the id is taken, ResourceDoesNotExist, and InvalidParameterValue if the experiment
    is deleted.
    """
    run_id = request.run_id or repeats.run_id()
    if run_id is None:
        return _fresh(runs.create(request))
    info = _new(request, run_id)
    if _put(info):
        # Readers need not look for more than INFO: whoever has logged since has opened the run too, and told.
        return _fresh(runs.reopen(info, writing.CREATED))
    return _again(request, run_id, info.request)


def _new(request: CreateRun, run_id: str) -> RunInfo:
    location = recent_experiments.artifact_location_for_run(request.experiment_id)
    info = runs.new(request, location, run_id)
    if sizes.of_pairs(info.tags) > sizes.MOST_IN_INFO:
        # All of them lie in INFO, which is one put.
        raise InvalidParameterValue(
            "A run whose id is known beforehand is created with about 250 KB of tags at most. Log further ones "
            "afterwards."
        )
    # Not an open run's: nobody has listed it yet.
    info.phase, info.request = runs.CLOSING, _digest(request)
    return info


def _digest(request: CreateRun) -> str:
    """The digest of what was sent: tags in any order, and without the id, as it is kept under that."""
    tags = sorted(request.tags, key=lambda tag: tag.key)
    return repeats.digest("run", request.model_copy(update={"run_id": None, "tags": tags}))


def _put(info: RunInfo) -> bool:
    try:
        tables.put(info, RunInfo.run_id.does_not_exist())
    except ConditionFailed:
        # Or the reply to our own put was lost.
        return False
    return True


def _again(request: CreateRun, run_id: str, digest: str) -> Run:
    info = runs.load(run_id)
    if info.request != digest:
        raise _taken(request)
    if info.phase == runs.CLOSING:
        runs.reopen(info)
    return reading.read(run_id)


def _taken(request: CreateRun) -> CumulogError:
    """The same whoever the run belongs to: the caller may not be allowed to read it."""
    if not request.run_id:
        return repeats.misused()
    return ResourceAlreadyExists(
        f"The run id {request.run_id} is taken. Only a repetition of the request that created the run is answered with "
        "it: the same experiment_id, user_id, run_name, start_time and tags. Choose another id for another run."
    )


def _fresh(info: RunInfo) -> Run:
    return Run(info, tags=dict(info.tags))
