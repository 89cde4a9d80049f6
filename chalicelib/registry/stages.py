"""The stages of a model version, and what a change of stage does to a model: rules on plain data."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from chalicelib.errors import InvalidParameterValue
from chalicelib.registry import ranges

NONE = "None"
STAGING = "Staging"
PRODUCTION = "Production"
ARCHIVED = "Archived"

ALL = (NONE, STAGING, PRODUCTION, ARCHIVED)
# The stages that serve: only these can be cleared for a new version.
ACTIVE = (STAGING, PRODUCTION)

_BY_LOWER_CASE = {stage.lower(): stage for stage in ALL}


class Move(NamedTuple):
    """The new stage of each version that moves, and the model's stages after the move."""

    versions: dict[int, str]
    stages: dict[str, str]


def canonical(stage: str) -> str:
    """The stage in its canonical spelling, from any case. Raises InvalidParameterValue."""
    found = _BY_LOWER_CASE.get(stage.lower())
    if found is None:
        raise InvalidParameterValue(
            f"Invalid Model Version stage: {stage[:300]}. Value must be one of {', '.join(ALL)}."
        )
    return found


def check_archiving(stage: str, archive_existing: bool) -> None:
    """Raises InvalidParameterValue when a stage cannot be cleared (MLflow answers with a 500)."""
    if archive_existing and stage not in ACTIVE:
        raise InvalidParameterValue(
            "Model version transition cannot archive existing model versions "
            f"because '{stage}' is not an Active stage. Valid stages are {list(ACTIVE)}"
        )


def move(stages: Mapping[str, str], version: int, to: str, archive_existing: bool) -> Move:
    """Move a version to a stage; with archiving, all other versions in that stage go to Archived."""
    cleared = ranges.parse(stages.get(to, "")) - {version} if archive_existing else set()
    moved = {**dict.fromkeys(sorted(cleared), ARCHIVED), version: to}
    return Move(moved, after(stages, moved))


def after(stages: Mapping[str, str], moved: Mapping[int, str | None]) -> dict[str, str]:
    """A model's stages after some versions moved; None removes a version from every stage."""
    members = {stage: ranges.parse(text) - set(moved) for stage, text in stages.items()}
    for version, stage in moved.items():
        if stage is not None:
            members.setdefault(stage, set()).add(version)
    return {stage: ranges.render(found) for stage, found in members.items() if found}


def latest(stages: Mapping[str, str]) -> list[int]:
    """The highest version of each stage that has any. Stages are in the order of their lowest versions, as in MLflow,
    which goes through the versions and notes a stage where it first meets it.
    """
    return _last_of_each(sorted(filter(None, stages.values()), key=ranges.first))


def latest_by_name(stages: Mapping[str, str]) -> list[int]:
    """The highest version of each stage that has any, in the order of the stages' names: that of MLflow's searches."""
    return _last_of_each(text for _, text in sorted(stages.items()))


def _last_of_each(texts: Iterable[str]) -> list[int]:
    return [number for text in texts if (number := ranges.last(text)) is not None]
