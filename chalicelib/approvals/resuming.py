"""The sweeper's part in transition requests: it keeps every request moving after crashes and restarts."""

from chalicelib.approvals import applying, driving, ending, reproduced, requests, rules
from chalicelib.errors import InvalidParameterValue, InvalidState, ResourceDoesNotExist
from chalicelib.registry.chain import announcing, changes
from chalicelib.storage.registry_items import TransitionRequest


def resume() -> int:
    """Bring every open request up to date, and return how many there were. Raises errors.RetryLater.

    Ends a request that was not decided in time, starts an execution for a request that none drives, and carries out an
    approved request itself if there is no state machine.
    """
    found = list(requests.rows())
    for row in found:
        _tend(requests.load(row.sk))
    for task in list(driving.waiting()):
        request = requests.load(task.sk)
        # The process that ended it stopped before it woke the task.
        if request.status not in rules.OPEN:
            driving.wake(request)
    return len(found)


def _tend(request: TransitionRequest) -> None:
    if changes.load_by_id(request.model_id) is None:
        driving.conclude(ending.fail(request.request_id, "The model is deleted."))
    elif requests.is_over(request):
        driving.conclude(ending.expire(request.request_id))
    elif request.status in rules.OPEN:
        # Whoever recorded a reproduction may have stopped before the request heard of it.
        request = reproduced.look(request)
        if not driving.drive(request):
            _carry_out(request)


def _carry_out(request: TransitionRequest) -> None:
    if request.status != rules.APPROVED:
        return
    try:
        ended = applying.apply(request.request_id)
    except (InvalidParameterValue, InvalidState, ResourceDoesNotExist) as error:
        ended = ending.fail(request.request_id, error.message)
    announcing.announce_end(ended)
