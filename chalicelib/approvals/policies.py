"""Policies: what a registered model asks for before a version may enter a stage. Without one it asks for nothing.

A request is decided by the policy that stood when it was opened; who tightens one may cancel what is open.
"""

from collections.abc import Mapping

from chalicelib.approvals import rules
from chalicelib.approvals.rules import Policy
from chalicelib.registry import stages
from chalicelib.registry.chain import changes
from chalicelib.registry.chain.changes import Change
from chalicelib.storage.registry_items import RegisteredModel


def of(model: RegisteredModel, stage: str) -> Policy | None:
    """The policy of a stage, None where no approval is asked for."""
    stored = model.policies.get(stage)
    return rules.from_json(stored) if stored else None


def all_of(model: RegisteredModel) -> Mapping[str, Policy | None]:
    """The policy of each stage."""
    return {stage: of(model, stage) for stage in stages.ALL}


def set_policy(name: str, stage: str, policy: Policy | None) -> RegisteredModel:
    """Ask for approval before a version enters a stage, or, with None, no more: a change like any other, and audited.

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
