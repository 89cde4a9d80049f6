"""The wire form of policies and transition requests."""

from typing import Any

from chalicelib.approvals import policies, rules
from chalicelib.storage.registry_items import RegisteredModel, TransitionRequest


def model_policies(model: RegisteredModel) -> dict[str, Any]:
    """The policy of every stage."""
    return {"name": model.name, "policies": [_policy(stage, found) for stage, found in policies.all_of(model).items()]}


def _policy(stage: str, policy: rules.Policy | None) -> dict[str, Any]:
    if policy is None:
        return {"stage": stage, "policy": "none"}
    return {"stage": stage, "policy": "approval", **rules.to_json(policy)}


def request(item: TransitionRequest) -> dict[str, Any]:
    """A whole transition request; times in ms."""
    return {**summary(item), "policy": item.policy, "decisions": item.decisions}


def summary(item: TransitionRequest) -> dict[str, Any]:
    """A transition request in a list: without the parts that may be long, its approvers and their comments."""
    shown = {
        "request_id": item.request_id,
        "name": item.name,
        "version": str(int(item.version)),
        "from_stage": item.from_stage,
        "to_stage": item.to_stage,
        "archive_existing_versions": item.archive_existing,
        "requester": item.requester,
        "comment": item.comment,
        "created": int(item.created),
        "expires": int(item.expires),
        "needed": item.policy["needed"],
        "decided": [each["who"] for each in item.decisions],
        "files": item.files,
        "status": item.status,
        "waits_for": _waits_for(item) if item.status == rules.PENDING else None,
        "run_id": item.run_id,
        "reproduction": item.reproduction,
        "ended": item.ended,
        "reason": item.reason,
        "audit_sequence": item.link,
    }
    return {name: value for name, value in shown.items() if value is not None}


def _waits_for(item: TransitionRequest) -> list[str]:
    return rules.waits_for(rules.from_json(item.policy), item.requester, item.decisions, item.reproduction)
