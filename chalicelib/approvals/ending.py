"""How a transition request ends without a decision: it expires or fails.

Both are recorded as the system's action, not a user's.
"""

from collections.abc import Callable

from chalicelib import clock
from chalicelib.approvals import requests
from chalicelib.approvals.rules import EXPIRED, FAILED, OPEN, PENDING, REJECTED
from chalicelib.registry.chain import changes
from chalicelib.registry.chain.changes import Change
from chalicelib.storage.registry_items import RegisteredModel, TransitionRequest
from chalicelib.storage.transactions import Transaction

_ACTIONS = {EXPIRED: "expire", FAILED: "fail", REJECTED: "reject"}


def expire(request_id: str) -> TransitionRequest:
    """End a request that was not decided in time; any other stays as it is. Raises ResourceDoesNotExist."""
    return _ended(request_id, requests.is_over, EXPIRED, "Nobody decided in time.")


def fail(request_id: str, reason: str) -> TransitionRequest:
    """End a request that cannot be carried out, if it is open. Raises ResourceDoesNotExist."""
    return _ended(request_id, lambda request: request.status in OPEN, FAILED, reason)


def reject(request_id: str, reason: str) -> TransitionRequest:
    """End a request that is still PENDING. Raises ResourceDoesNotExist."""
    return _ended(request_id, lambda request: request.status == PENDING, REJECTED, reason)


def failed(request: TransitionRequest, model: RegisteredModel, reason: str) -> Change:
    """The change that fails a request."""
    requests.finish(request, model, FAILED, reason)
    return requests.change_of(request, "fail", reason=reason)


def _ended(request_id: str, is_due: Callable[[TransitionRequest], bool], status: str, reason: str) -> TransitionRequest:
    def decide(model: RegisteredModel) -> tuple[TransitionRequest, Change | None]:
        request = requests.load(request_id)
        if not is_due(request):
            return request, None
        requests.finish(request, model, status, reason)
        return request, requests.change_of(request, _ACTIONS[status], reason=reason)

    request = requests.load(request_id)
    if not is_due(request):
        return request
    if changes.load_by_id(request.model_id) is None:
        return _ended_with_its_model(request)
    with requests.by_machine(request_id):
        return changes.outcome_by_id(request.model_id, decide).answer


def _ended_with_its_model(request: TransitionRequest) -> TransitionRequest:
    """End a request without a link: its model's chain has ended, and the link of the deletion covers this end too."""
    request.status, request.reason, request.ended = FAILED, "The model is deleted.", clock.now_ms()
    transaction = Transaction()
    # No condition: nothing else can write it, since every other change also writes the model's item.
    transaction.put(request)
    for row in requests.unlisted(request):
        transaction.delete(row)
    transaction.commit()
    return request
