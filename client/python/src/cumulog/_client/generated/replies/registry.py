"""Replies, and their messages.

Written by `make client` from the OpenAPI document. Do not edit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict


class CountedReproduction(TypedDict):
    """`CountedReproduction` in a reply."""

    run_id: str
    who: str
    verdict: str
    at: int


class Decision(TypedDict):
    """`Decision` in a reply."""

    who: str
    decision: str
    comment: str
    at: int


class _PolicyRequired(TypedDict):
    needed: int
    approvers: Sequence[str]
    requester_may_approve: bool
    expires_in_seconds: int


class Policy(_PolicyRequired, total=False):
    """`Policy` in a reply."""

    reproduced: str


class _StagePolicyRequired(TypedDict):
    stage: str
    policy: str


class StagePolicy(_StagePolicyRequired, total=False):
    """`StagePolicy` in a reply."""

    needed: int
    approvers: Sequence[str]
    requester_may_approve: bool
    expires_in_seconds: int
    reproduced: str


class _TransitionRequestRequired(TypedDict):
    request_id: str
    name: str
    version: str
    from_stage: str
    to_stage: str
    archive_existing_versions: bool
    requester: str
    comment: str
    created: int
    expires: int
    needed: int
    decided: Sequence[str]
    status: str


class TransitionRequest(_TransitionRequestRequired, total=False):
    """`TransitionRequest` in a reply."""

    files: str
    waits_for: Sequence[str]
    run_id: str
    reproduction: CountedReproduction
    ended: int
    reason: str
    audit_sequence: int


class _WholeTransitionRequestRequired(TypedDict):
    request_id: str
    name: str
    version: str
    from_stage: str
    to_stage: str
    archive_existing_versions: bool
    requester: str
    comment: str
    created: int
    expires: int
    needed: int
    decided: Sequence[str]
    status: str
    policy: Policy
    decisions: Sequence[Decision]


class WholeTransitionRequest(_WholeTransitionRequestRequired, total=False):
    """`WholeTransitionRequest` in a reply."""

    files: str
    waits_for: Sequence[str]
    run_id: str
    reproduction: CountedReproduction
    ended: int
    reason: str
    audit_sequence: int


class ApproveTransitionRequestReply(TypedDict):
    """The fields of a reply."""

    request: WholeTransitionRequest


class CancelTransitionRequestReply(TypedDict):
    """The fields of a reply."""

    request: WholeTransitionRequest


class CreateTransitionRequestReply(TypedDict):
    """The fields of a reply."""

    request: WholeTransitionRequest


class GetPoliciesReply(TypedDict):
    """The fields of a reply."""

    name: str
    policies: Sequence[StagePolicy]


class GetTransitionRequestReply(TypedDict):
    """The fields of a reply."""

    request: WholeTransitionRequest


class _ListTransitionRequestsReplyRequired(TypedDict):
    requests: Sequence[TransitionRequest]


class ListTransitionRequestsReply(_ListTransitionRequestsReplyRequired, total=False):
    """The fields of a reply."""

    next_page_token: str


class RejectTransitionRequestReply(TypedDict):
    """The fields of a reply."""

    request: WholeTransitionRequest


class SetPolicyReply(TypedDict):
    """The fields of a reply."""

    name: str
    policies: Sequence[StagePolicy]
