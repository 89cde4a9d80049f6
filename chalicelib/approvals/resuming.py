"""The sweeper's part in transition requests: no request is forgotten, whatever crashed or was restarted."""

from chalicelib.approvals import applying, driving, ending, requests, rules
from chalicelib.errors import InvalidParameterValue, InvalidState, ResourceDoesNotExist
from chalicelib.registry.chain import announcing, changes
from chalicelib.storage.registry_items import TransitionRequest


def resume() -> int:
    """Take every open request to where it should be, and return how many there were. Raises errors.RetryLater.

    One that nobody decided in time is ended; for any other an execution is started if none drives it; and what is
    approved is carried out here where no state machine can.
    """
    found = list(requests.rows())
    for row in found:
        _tend(requests.load(row.sk))
    for task in list(driving.waiting()):
        request = requests.load(task.sk)
        # Whoever ended it did not come to tell.
        if request.status not in rules.OPEN:
            driving.wake(request)
    return len(found)


def _tend(request: TransitionRequest) -> None:
    if changes.load_by_id(request.model_id) is None:
        driving.conclude(ending.fail(request.request_id, "The model is deleted."))
    elif requests.is_over(request):
        driving.conclude(ending.expire(request.request_id))
    elif request.status in rules.OPEN and not driving.drive(request):
        _carry_out(request)


def _carry_out(request: TransitionRequest) -> None:
    if request.status != rules.APPROVED:
        return
    try:
        ended = applying.apply(request.request_id)
    except (InvalidParameterValue, InvalidState, ResourceDoesNotExist) as error:
        ended = ending.fail(request.request_id, error.message)
    announcing.announce_end(ended)
