"""Comparing the stored state of a registered model with its audit chain."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from chalicelib.provenance.replay import State, Text
from chalicelib.registry.chain import audit
from chalicelib.storage.registry_items import ModelVersion, RegisteredModel

_MISSING = object()
_ORIGIN = ("source", "location", "download_uri", "run_id", "run_link", "logged_model_id", "digest")


class Difference(NamedTuple):
    """A part of the model, or of a version, on which chain and store disagree; None on the side that lacks it."""

    what: str
    version: int | None
    chain: Any
    store: Any


class _Thing(NamedTuple):
    what: str
    version: int | None = None


_HOLDER = _Thing("holder of the name")
_Things = Iterator[tuple[_Thing, Any]]


def differences(
    state: State, model: RegisteredModel, versions: Iterable[ModelVersion], holder: str | None
) -> list[Difference]:
    """Where the store differs from the chain. `holder` is the id of the model that holds the model's name."""
    # Of long texts, the chain has only the digest.
    recorded, stored = dict(_recorded(state)), {thing: audit.brief(value) for thing, value in _stored(model, versions)}
    if state.exists:
        recorded[_HOLDER], stored[_HOLDER] = model.model_id, holder
    return list(_unlike(recorded, stored))


def _unlike(recorded: Mapping[_Thing, Any], stored: Mapping[_Thing, Any]) -> Iterator[Difference]:
    for thing in {**recorded, **stored}:
        if recorded.get(thing, _MISSING) != stored.get(thing, _MISSING):
            yield Difference(*thing, recorded.get(thing), stored.get(thing))


def _recorded(state: State) -> _Things:
    yield _Thing("name"), state.name if state.names else None
    yield _Thing("description"), state.description or None
    yield _Thing("tags"), state.tags
    yield _Thing("policies"), state.policies
    yield _Thing("grants"), state.grants
    yield _Thing("last version"), state.last_version
    yield _Thing("aliases"), state.aliases
    yield _Thing("stages"), state.stage_texts()
    for number, version in state.versions.items():
        yield from _of_version(number, version.stage, version.description, version.tags, version.origin)


def _stored(model: RegisteredModel, versions: Iterable[ModelVersion]) -> _Things:
    yield _Thing("name"), model.name
    yield _Thing("description"), model.description or None
    yield _Thing("tags"), model.tags
    yield _Thing("policies"), model.policies
    yield _Thing("grants"), model.grants
    yield _Thing("last version"), int(model.last_version)
    yield _Thing("aliases"), model.aliases
    yield _Thing("stages"), model.stages
    for item in versions:
        origin = {name: getattr(item, name) for name in _ORIGIN}
        yield from _of_version(int(item.version), item.stage, item.description, item.tags, origin)


def _of_version(
    number: int, stage: str, description: Text | None, tags: Mapping[str, Text], origin: Mapping[str, Any]
) -> _Things:
    yield _Thing("stage", number), stage
    yield _Thing("description", number), description or None
    yield _Thing("tags", number), tags
    for name in _ORIGIN:
        yield _Thing(name, number), origin.get(name) or None
