"""Moving a version to another stage: at once, or through a transition request if the stage's policy requires it."""

from chalicelib.approvals import opening, policies
from chalicelib.approvals.opening import Wanted
from chalicelib.registry import stages, transitions, versions
from chalicelib.registry.chain import announcing, changes
from chalicelib.registry.chain.changes import Change
from chalicelib.registry.versions import Found
from chalicelib.storage.registry_items import ModelVersion, RegisteredModel


def transition(name: str, version: int, stage: str, archive_existing: bool) -> Found:
    """Move a version to a stage, or open a transition request if the stage's policy requires approval.

    Raises ResourceDoesNotExist, InvalidParameterValue, and InvalidState that names the opened request.
    """
    to = stages.canonical(stage)
    stages.check_archiving(to, archive_existing)

    def decide(model: RegisteredModel) -> tuple[ModelVersion | None, Change | None]:
        item = versions.of(model, version)
        if policies.of(model, to) is not None:
            return None, None
        return item, transitions.decided(model, item, to, archive_existing, {})

    moved = changes.outcome(name, decide)
    if moved.answer is None:
        raise opening.refusal(opening.open_request(name, Wanted(version, to, archive_existing)))
    announcing.try_to_announce(moved.model)
    return Found(moved.model, moved.answer)
