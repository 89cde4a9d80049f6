"""Changing the stage of a version, with whatever it displaces, at once."""

from collections.abc import Mapping
from typing import Any

from chalicelib import clock, errors
from chalicelib.registry import announcing, changes, opening, policies, stages, versions
from chalicelib.registry.changes import MOST_PUTS, Change
from chalicelib.registry.opening import Wanted
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
        change, moved[:] = decided(model, item, to, archive_existing, {})
        return change

    model = changes.change(name, decide)
    if not moved:
        raise opening.refusal(opening.open_request(name, Wanted(version, to, archive_existing)))
    announcing.tell(model)
    return Found(model, moved[0])


def decided(
    model: RegisteredModel, item: ModelVersion, to: str, archive_existing: bool, reason: Mapping[str, Any]
) -> tuple[Change, list[ModelVersion]]:
    """The change that moves a version to a stage, and the versions that it moves, that one first.

    `reason` is what the audit chain is told besides. Raises InvalidParameterValue when too many would be displaced.
    """
    number, before = int(item.version), item.stage
    move = stages.move(model.stages, number, to, archive_existing)
    if len(move.versions) > MOST_PUTS:
        raise errors.InvalidParameterValue(
            f"More than {MOST_PUTS - 1} versions are in stage {to}; archive some of them first."
        )
    others = versions.several(model, (each for each in move.versions if each != number))
    now = clock.now_ms()
    for each in (item, *others):
        each.stage, each.updated = move.versions[int(each.version)], now
    model.stages, model.updated = move.stages, now
    archived = [int(each.version) for each in others]
    details = {"from": before, "to": to, "archived": archived, **reason}
    return Change("version:stage:set", details, number, puts=[item, *others]), [item, *others]
