"""The change of a version's stage, with the versions that it displaces."""

from collections.abc import Mapping
from typing import Any

from chalicelib import clock, errors
from chalicelib.registry import stages, versions
from chalicelib.registry.chain.changes import MOST_PUTS, Change
from chalicelib.storage.registry_items import ModelVersion, RegisteredModel


def decided(
    model: RegisteredModel, item: ModelVersion, to: str, archive_existing: bool, reason: Mapping[str, Any]
) -> Change:
    """The change that moves a version to a stage. It sets the stage of the version and of the versions it displaces.

    `reason` is added to the audit chain's details. Raises InvalidParameterValue when it would displace too many.
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
    return Change("version:stage:set", details, number, puts=[item, *others])
