"""Transitions in MLflow's protocol; policies and transition requests in our own, `/api/2.0/cumulog/registry/…`.

`transition-stage` is here because a stage's policy decides whether the transition happens at once.
"""

from typing import Any

from chalice.app import Blueprint

from chalicelib.access.levels import EDIT, MANAGE, READ
from chalicelib.access.requires import filtered, requires
from chalicelib.approvals import deciding, opening, policies, replies, requests, schemas, transitions
from chalicelib.approvals.opening import Wanted
from chalicelib.approvals.resources import FILES_TO_APPROVE, REQUEST
from chalicelib.approvals.rules import Policy
from chalicelib.edge import mounts
from chalicelib.edge.replies import fitting
from chalicelib.registry import replies as registry_replies
from chalicelib.registry import resources, stages
from chalicelib.registry.chain import changes
from chalicelib.registry.resources import MODEL, MODEL_IF_NAMED
from chalicelib.storage.registry_items import TransitionRequest

blueprint = Blueprint(__name__)
mlflow = mounts.mlflow(blueprint)
cumulog = mounts.cumulog(blueprint, "/registry")


@mlflow.endpoint("POST", "/model-versions/transition-stage")
@requires(EDIT, MODEL)
@requires(READ, FILES_TO_APPROVE, remembered=False)
def transition_model_version_stage(request: schemas.Transition) -> dict[str, Any]:
    """Move a version to a stage; answers with the id of a transition request where the stage asks for approval."""
    found = transitions.transition(request.name, request.version, request.stage, request.archive_existing_versions)
    return {"model_version": registry_replies.version(found)}


@cumulog.endpoint("GET", "/policies/get")
@requires(READ, MODEL)
def get_policies(request: schemas.GetPolicies) -> dict[str, Any]:
    """The policy of each stage of a registered model."""
    return replies.model_policies(changes.load(request.name))


@cumulog.endpoint("POST", "/policies/set")
@requires(MANAGE, MODEL)
def set_policy(request: schemas.SetPolicy) -> dict[str, Any]:
    """Set whether a stage asks for approval, by whom, by how many, for how long, and for a reproduction of the run."""
    policy = Policy(
        needed=request.needed,
        approvers=tuple(dict.fromkeys(request.approvers)),
        requester_may_approve=request.requester_may_approve,
        expires_in_seconds=request.expires_in_seconds,
        reproduced=None if request.reproduced == "none" else request.reproduced,
    )
    wanted = policy if request.policy == "approval" else None
    return replies.model_policies(policies.set_policy(request.name, request.stage, wanted))


@cumulog.endpoint("POST", "/requests/create")
@requires(EDIT, MODEL)
@requires(READ, FILES_TO_APPROVE, remembered=False)
def create_transition_request(request: schemas.CreateRequest) -> dict[str, Any]:
    """Ask for a version's transition; answers the open request for that version and stage if there is one."""
    to = stages.canonical(request.stage)
    wanted = Wanted(request.version, to, request.archive_existing_versions, request.comment)
    return _shown(opening.open_request(request.name, wanted))


@cumulog.endpoint("POST", "/requests/approve")
@requires(READ, REQUEST, remembered=False)
def approve_transition_request(request: schemas.Decide) -> dict[str, Any]:
    """Approve a request. With the last approval needed, the transition follows by itself."""
    return _shown(deciding.approve(request.request_id, request.comment))


@cumulog.endpoint("POST", "/requests/reject")
@requires(READ, REQUEST, remembered=False)
def reject_transition_request(request: schemas.Decide) -> dict[str, Any]:
    """Reject a request, which ends it: one rejection is enough."""
    return _shown(deciding.reject(request.request_id, request.comment))


@cumulog.endpoint("POST", "/requests/cancel")
@requires(READ, REQUEST, remembered=False)
def cancel_transition_request(request: schemas.Decide) -> dict[str, Any]:
    """Cancel a request that the caller has opened."""
    return _shown(deciding.cancel(request.request_id, request.comment))


@cumulog.endpoint("GET", "/requests/get")
@requires(READ, REQUEST)
def get_transition_request(request: schemas.GetRequest) -> dict[str, Any]:
    """Get a transition request, open or ended."""
    return _shown(requests.load(request.request_id))


@cumulog.endpoint("GET", "/requests/list")
@filtered
@requires(READ, MODEL_IF_NAMED)
def list_transition_requests(request: schemas.ListRequests) -> dict[str, Any]:
    """List the open requests of one registered model, or of all, in pages."""
    model_id = changes.load(request.name).model_id if request.name else None
    found, token = requests.page(model_id, request.page_token, request.max_results, resources.readable_ids())
    shown = fitting(map(replies.summary, found))
    after = found[len(shown) - 1].request_id if len(shown) < len(found) else token
    return {"requests": shown, **({"next_page_token": after} if after else {})}


def _shown(item: TransitionRequest) -> dict[str, Any]:
    return {"request": replies.request(item)}
