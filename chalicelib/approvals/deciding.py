"""Approving, rejecting and canceling a transition request. `rules.py` says who may."""

from collections.abc import Callable

from chalicelib import clock, errors
from chalicelib.access import identity
from chalicelib.approvals import driving, ending, requests, rules
from chalicelib.approvals.rules import APPROVE, APPROVED, CANCELED, PENDING, REJECT, REJECTED, Verdict
from chalicelib.registry import resources
from chalicelib.registry.chain import announcing, changes
from chalicelib.registry.chain.changes import Change, Outcome
from chalicelib.storage.registry_items import RegisteredModel, TransitionRequest

Decision = Callable[[RegisteredModel, TransitionRequest], Change | None]


def approve(request_id: str, comment: str) -> TransitionRequest:
    """Approve; the last approval needed starts the transition. A second approval by a principal changes nothing.

    Raises ResourceDoesNotExist, PermissionDenied, InvalidState when the request is no longer PENDING.
    """
    request = _decided(request_id, APPROVE, comment)
    if request.status == APPROVED:
        driving.go_on(request)
    return request


def reject(request_id: str, comment: str) -> TransitionRequest:
    """Reject, which ends the request. Raises the same errors as `approve`."""
    request = _decided(request_id, REJECT, comment)
    driving.conclude(request)
    return request


def cancel(request_id: str, comment: str) -> TransitionRequest:
    """Cancel a request; only its requester may. Raises the same errors as `approve`."""
    who = identity.current().name

    def decide(model: RegisteredModel, request: TransitionRequest) -> Change | None:
        if who != request.requester:
            raise errors.PermissionDenied("Only its requester can cancel a transition request; others can reject it.")
        if request.status == CANCELED:
            return None
        _check_pending(request)
        requests.finish(request, model, CANCELED, comment or "Canceled.")
        return requests.change_of(request, "cancel", comment=comment)

    request = _outcome(request_id, decide).answer
    driving.conclude(request)
    return request


def _decided(request_id: str, verdict: Verdict, comment: str) -> TransitionRequest:
    who = identity.current().name

    def decide(model: RegisteredModel, request: TransitionRequest) -> Change | None:
        if rules.has_decided(request.decisions, who, verdict):
            return None
        _check_pending(request)
        policy = rules.from_json(request.policy)
        refusal = rules.why_not(policy, request.requester, who)
        if not policy.approvers and not resources.is_editable(model):
            refusal = "a stage without named approvers requires EDIT on the registered model"
        if refusal:
            raise errors.PermissionDenied(f"You may not {verdict} transition request {request_id}: {refusal}.")
        decision = {"who": who, "decision": verdict, "comment": comment, "at": clock.now_ms()}
        request.decisions = [*request.decisions, decision]
        _conclude(model, request, comment)
        return requests.change_of(request, verdict, comment=comment)

    decided = _outcome(request_id, decide)
    if decided.is_changed and decided.answer.status in rules.OPEN:
        announcing.try_to_announce(decided.model)
    return decided.answer


def _conclude(model: RegisteredModel, request: TransitionRequest, comment: str) -> None:
    """Set the status of a request after another decision."""
    policy = rules.from_json(request.policy)
    request.status = rules.outcome(policy, request.requester, request.decisions, request.reproduction)
    if request.status == REJECTED:
        requests.finish(request, model, REJECTED, comment or "Rejected.")


def _check_pending(request: TransitionRequest) -> None:
    if request.status != PENDING or requests.is_over(request):
        status = rules.EXPIRED if requests.is_over(request) else request.status
        why = f": {request.reason}" if request.reason else "."
        raise errors.InvalidState(f"Transition request {request.request_id} is {status}{why}")


def _outcome(request_id: str, decide_on: Decision) -> Outcome[TransitionRequest]:
    def decide(model: RegisteredModel) -> tuple[TransitionRequest, Change | None]:
        request = requests.load(request_id)
        return request, decide_on(model, request)

    request = requests.load(request_id)
    if requests.is_over(request):
        driving.conclude(ending.expire(request_id))
    return changes.outcome_by_id(request.model_id, decide)
