"""Requests for a transition, and about policies and transition requests. Only the first is MLflow's."""

from typing import Annotated, Literal

from annotated_types import Ge, Le, MaxLen
from pydantic import Field

from chalicelib.approvals.rules import Policy
from chalicelib.edge.wire import Bool, Int32, Int64, Repeated, Request, RequiredText, Text
from chalicelib.registry import fields
from chalicelib.registry.schemas import OfVersion

# A principal's name, limited so that an audit entry can hold it.
Principal = Annotated[RequiredText, MaxLen(256)]
Comment = Annotated[Text, MaxLen(2000)]
RequestId = Annotated[RequiredText, MaxLen(100)]
MaxResults = Annotated[Int32, Ge(1), Le(200)]

_USUAL = Policy()


class Transition(OfVersion):
    stage: RequiredText
    archive_existing_versions: Bool = False


class GetPolicies(Request):
    name: fields.Name


class SetPolicy(Request):
    """The whole policy of one stage; omitted fields get their defaults. `none` requires no approval."""

    name: fields.Name
    stage: RequiredText
    policy: Literal["none", "approval"]
    needed: Int32 = _USUAL.needed
    approvers: Repeated[Principal] = Field(default_factory=list)
    requester_may_approve: Bool = _USUAL.requester_may_approve
    expires_in_seconds: Int64 = _USUAL.expires_in_seconds
    reproduced: Literal["none", "anybody", "somebody_else"] = "none"


class CreateRequest(Request):
    name: fields.Name
    version: fields.Version
    stage: RequiredText
    archive_existing_versions: Bool = False
    comment: Comment = ""


class GetRequest(Request):
    request_id: RequestId


class Decide(GetRequest):
    """Approve, reject or cancel."""

    comment: Comment = ""


class ListRequests(Request):
    """The open requests of one model, or of all models."""

    name: Text | None = None
    max_results: MaxResults = 100
    page_token: Text = ""
