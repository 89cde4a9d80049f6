"""Policies: the approvals that a registered model requires before a version may enter a stage. No policy, no approval.

A request is decided by the policy at the time it was opened. After tightening a policy, reject the requests still open.
"""

from collections.abc import Mapping

from chalicelib.approvals import rules
from chalicelib.approvals.rules import Policy
from chalicelib.registry import stages
from chalicelib.registry.chain import changes
from chalicelib.registry.chain.changes import Change
from chalicelib.storage.registry_items import RegisteredModel


def of(model: RegisteredModel, stage: str) -> Policy | None:
    """The policy of a stage, None if it requires no approval."""
    stored = model.policies.get(stage)
    return rules.from_json(stored) if stored else None


def all_of(model: RegisteredModel) -> Mapping[str, Policy | None]:
    """The policy of each stage."""
    return {stage: of(model, stage) for stage in stages.ALL}


def set_policy(name: str, stage: str, policy: Policy | None) -> RegisteredModel:
    """Require approval before a version enters a stage; None removes the requirement. An audited change like any other.

    Raises ResourceDoesNotExist, InvalidParameterValue.
    """
    to = stages.canonical(stage)
    if policy is not None:
        rules.check(policy)
    after = rules.to_json(policy) if policy else None

    def decide(model: RegisteredModel) -> Change | None:
        before = model.policies.get(to)
        if before == after:
            return None
        others = {other: stored for other, stored in model.policies.items() if other != to}
        model.policies = {**others, to: after} if after else others
        return Change("policy:set", {"stage": to, "from": before, "to": after})

    return changes.change(name, decide)
