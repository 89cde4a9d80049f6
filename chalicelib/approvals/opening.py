"""Opening a transition request."""

from typing import NamedTuple

from chalicelib import clock, errors
from chalicelib.access import identity
from chalicelib.approvals import driving, ending, files, policies, reproduced, requests, rules
from chalicelib.approvals.rules import Policy
from chalicelib.registry import stages, versions
from chalicelib.registry.chain import announcing, changes
from chalicelib.registry.chain.changes import Change
from chalicelib.storage import keys
from chalicelib.storage.registry_items import ModelVersion, RegisteredModel, TransitionRequest


class Wanted(NamedTuple):
    """The requested transition."""

    version: int
    to: str
    archive_existing: bool
    comment: str = ""


def open_request(name: str, wanted: Wanted) -> TransitionRequest:
    """The open request for this version and stage; creates one if there is none.

    Raises ResourceDoesNotExist, InvalidParameterValue, and InvalidState when the stage requires no approval, or when
    the version has nothing that an approval could be bound to.
    """
    stages.check_archiving(wanted.to, wanted.archive_existing)
    while True:
        request = _opened(name, wanted)
        if not requests.is_over(request):
            # Read again after that: a reproduction recorded meanwhile sees the request, or we see the reproduction.
            request = reproduced.look(request)
            driving.start(request)
            return request
        driving.conclude(ending.expire(request.request_id))


def refusal(request: TransitionRequest) -> errors.InvalidState:
    """The error for a caller that wanted the transition at once."""
    policy = rules.from_json(request.policy)
    return errors.InvalidState(
        f"Version {request.version} of model {request.name!r} needs approval to enter stage {request.to_stage}. "
        f"Transition request {request.request_id} is open and {request.status}: {rules.describe(policy)}, "
        "by POST /api/2.0/cumulog/registry/requests/approve with that request_id; the transition then runs by itself."
    )


def _opened(name: str, wanted: Wanted) -> TransitionRequest:
    def decide(model: RegisteredModel) -> tuple[TransitionRequest, Change | None]:
        policy = policies.of(model, wanted.to)
        if policy is None:
            raise errors.InvalidState(
                f"Stage {wanted.to} of model {name!r} requires no approval: use model-versions/transition-stage."
            )
        item = versions.of(model, wanted.version)
        if existing := _open_for(model.model_id, wanted):
            return existing, None
        new = _new(model, item, wanted, policy)
        return new, _change(new)

    opened = changes.outcome(name, decide)
    if opened.is_changed:
        announcing.try_to_announce(opened.model)
    return opened.answer


def _open_for(model_id: str, wanted: Wanted) -> TransitionRequest | None:
    same = (row for row in requests.rows(model_id) if (row.version, row.to_stage) == (wanted.version, wanted.to))
    row = next(same, None)
    return requests.find(row.sk) if row else None


def _change(request: TransitionRequest) -> Change:
    details = {
        "request": request.request_id,
        "from": request.from_stage,
        "to": request.to_stage,
        "archive_existing_versions": request.archive_existing,
        "comment": request.comment,
        "expires": int(request.expires),
        "files": request.files,
        "policy": request.policy,
    }
    return Change("request:create", details, int(request.version), puts=[request, requests.row_of(request)])


def _new(model: RegisteredModel, item: ModelVersion, wanted: Wanted, policy: Policy) -> TransitionRequest:
    now, request_id = clock.now_ms(), requests.new_id(model.model_id)
    found = files.digest(item)
    if found is None:
        raise errors.InvalidState(f"Version {wanted.version} of model {model.name!r} {files.why_none(item)}")
    request = TransitionRequest(
        keys.requests(model.model_id),
        request_id,
        request_id=request_id,
        model_id=model.model_id,
        name=model.name,
        version=wanted.version,
        from_stage=item.stage,
        to_stage=wanted.to,
        archive_existing=wanted.archive_existing,
        requester=identity.current().name,
        comment=wanted.comment,
        created=now,
        expires=now + 1000 * policy.expires_in_seconds,
        policy=rules.to_json(policy),
        files=found,
        status=rules.PENDING,
        decisions=[],
    )
    if policy.reproduced:
        reproduced.ask(request, item)
    return request
