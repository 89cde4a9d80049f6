"""Carrying out an approved transition: exactly once, despite crashes and repeated calls."""

from collections.abc import Mapping
from typing import Any

from chalicelib import errors
from chalicelib.approvals import ending, files, requests, rules
from chalicelib.approvals.rules import APPLIED, APPROVED
from chalicelib.registry import transitions, versions
from chalicelib.registry.chain import changes
from chalicelib.registry.chain.changes import Change
from chalicelib.storage.registry_items import RegisteredModel, TransitionRequest

_OTHER_FILES = "The version's files have changed since the request was opened."


def apply(request_id: str) -> TransitionRequest:
    """Move the version of an approved request to its stage, or fail the request with the reason.

    A request that has ended stays as it is; one that was not decided in time expires. Raises ResourceDoesNotExist,
    InvalidState when the request is not decided yet.
    """

    def decide(model: RegisteredModel) -> tuple[TransitionRequest, Change | None]:
        request = requests.load(request_id)
        if request.status not in rules.OPEN:
            return request, None
        _check_approved(request)
        return request, _transition(model, request)

    request = ending.expire(request_id)
    if request.status not in rules.OPEN:
        return request
    with requests.by_machine(request_id):
        return changes.outcome_by_id(request.model_id, decide).answer


def _check_approved(request: TransitionRequest) -> None:
    # By its decisions, not by its status alone: everything else here exists for this one rule.
    policy = rules.from_json(request.policy)
    outcome = rules.outcome(policy, request.requester, request.decisions, request.reproduction)
    if not request.status == outcome == APPROVED:
        raise errors.InvalidState(
            f"Transition request {request.request_id} is {request.status}, without its approvals."
        )


def _transition(model: RegisteredModel, request: TransitionRequest) -> Change:
    try:
        item = versions.of(model, int(request.version))
        # As late as possible: a file that is put after this check counts as put after the transition.
        if files.digest(item) != request.files:
            return ending.failed(request, model, _OTHER_FILES)
        change = transitions.decided(model, item, request.to_stage, request.archive_existing, _reason(request))
    except (errors.ResourceDoesNotExist, errors.InvalidParameterValue) as error:
        return ending.failed(request, model, error.message)
    requests.finish(request, model, APPLIED)
    return Change(
        change.action,
        change.details,
        change.version,
        puts=[*change.puts, request],
        deletes=requests.unlisted(request),
    )


def _reason(request: TransitionRequest) -> Mapping[str, Any]:
    reason = {
        "request": request.request_id,
        "requester": request.requester,
        "approvers": [each["who"] for each in request.decisions],
        "comment": request.comment,
        "files": request.files,
    }
    return {**reason, "reproduction": request.reproduction} if request.reproduction else reason
