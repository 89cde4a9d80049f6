"""Asking for another stage: the transition happens at once, or becomes a request where the stage's policy says so."""

from chalicelib.approvals import opening, policies
from chalicelib.approvals.opening import Wanted
from chalicelib.registry import stages, transitions, versions
from chalicelib.registry.chain import announcing, changes
from chalicelib.registry.chain.changes import Change
from chalicelib.registry.versions import Found
from chalicelib.storage.registry_items import ModelVersion, RegisteredModel


def transition(name: str, version: int, stage: str, archive_existing: bool) -> Found:
    """Move a version to a stage, or open a request to move it where the stage's policy asks for approval.

    Raises ResourceDoesNotExist, InvalidParameterValue, and InvalidState that tells of the request.
    """
    to = stages.canonical(stage)
    stages.check_archiving(to, archive_existing)
    moved: list[ModelVersion] = []

    def decide(model: RegisteredModel) -> Change | None:
        item = versions.of(model, version)
        if policies.of(model, to) is not None:
            moved.clear()
            return None
        change, moved[:] = transitions.decided(model, item, to, archive_existing, {})
        return change

    model = changes.change(name, decide)
    if not moved:
        raise opening.refusal(opening.open_request(name, Wanted(version, to, archive_existing)))
    announcing.tell(model)
    return Found(model, moved[0])
