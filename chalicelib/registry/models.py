"""Registered models: create, rename, describe, tag, delete."""

from collections.abc import Iterable, Mapping

from chalicelib import clock
from chalicelib.access import granted, identity, levels
from chalicelib.access.identity import Thing
from chalicelib.edge.repeats import Once
from chalicelib.registry.chain import changes
from chalicelib.registry.chain.changes import Change
from chalicelib.storage import keys, tables
from chalicelib.storage.access_items import GrantedRow
from chalicelib.storage.registry_items import RegisteredModel

IS_PROMPT_TAG = "mlflow.prompt.is_prompt"


def create(name: str, description: str | None, tags: Mapping[str, str], once: Once | None = None) -> RegisteredModel:
    """Create a registered model, or return the one that this request has created before.

    Raises ResourceAlreadyExists, ResourceDoesNotExist if it is deleted since.
    """

    def attempt() -> RegisteredModel | None:
        if once and (before := once.created()):
            return _created_before(before)
        model = _new(name, description, tags)
        return model if changes.commit(model, _creation(model, once)) else None

    return tables.decided(attempt)


def _created_before(model_id: str) -> RegisteredModel:
    model = changes.load_by_id(model_id)
    # The caller has created it, but its grants may have changed since.
    if model is None or not identity.may(levels.READ, Thing(levels.REGISTERED_MODEL, model.name, model.grants)):
        raise changes.missing_id(model_id)
    return model


def _new(name: str, description: str | None, tags: Mapping[str, str]) -> RegisteredModel:
    now = clock.now_ms()
    model = RegisteredModel(
        keys.REGISTERED_MODELS,
        clock.unique_id(),
        name=name,
        description=description,
        tags=dict(tags),
        created=now,
        updated=now,
        grants=identity.creator_grants(),
    )
    model.model_id = model.sk
    return model


def _creation(model: RegisteredModel, once: Once | None) -> Change:
    details = {"name": model.name, "description": model.description, "tags": dict(model.tags)}
    if model.grants:
        details["grants"] = dict(model.grants)
    note = once.note(model.model_id) if once else None
    return Change("model:create", details, puts=_granted(model), claimed=model.name, note=note)


def rename(name: str, new_name: str) -> RegisteredModel:
    """Rename a registered model, at a cost that does not depend on its versions. Raises ResourceAlreadyExists."""

    def decide(model: RegisteredModel) -> Change:
        model.name, model.updated = new_name, clock.now_ms()
        model.renamed = model.updated
        details = {"from": name, "to": new_name}
        if name == new_name:
            return Change("model:rename", details)
        return Change("model:rename", details, claimed=new_name, freed=name)

    return changes.change(name, decide)


def update(name: str, description: str | None) -> RegisteredModel:
    """Set the description of a registered model; None clears it, as in MLflow."""

    def decide(model: RegisteredModel) -> Change:
        details = {"from": model.description, "to": description}
        model.description, model.updated = description, clock.now_ms()
        return Change("model:description:set", details)

    return changes.change(name, decide)


def delete(name: str) -> None:
    """Delete a registered model with all its versions, aliases and tags. Its audit chain stays, stored under its id."""

    def decide(model: RegisteredModel) -> Change:
        # What does not fit into the transaction stays: a row may outlive its grant.
        rows = _granted(model)[: changes.MOST_PUTS]
        return Change("model:delete", {"name": name}, deletes=rows, freed=name, is_deletion=True)

    changes.change(name, decide)


def set_tag(name: str, key: str, value: str) -> None:
    """Set a tag of a registered model; the last write wins."""

    def decide(model: RegisteredModel) -> Change | None:
        before = model.tags.get(key)
        model.tags = {**model.tags, key: value}
        return Change("model:tag:set", {"key": key, "from": before, "to": value}) if before != value else None

    changes.change(name, decide)


def delete_tag(name: str, key: str) -> None:
    """Delete a tag of a registered model; a missing tag is no error."""

    def decide(model: RegisteredModel) -> Change | None:
        if key not in model.tags:
            return None
        before = model.tags[key]
        model.tags = {name: value for name, value in model.tags.items() if name != key}
        return Change("model:tag:delete", {"key": key, "from": before})

    changes.change(name, decide)


def load_all() -> list[RegisteredModel]:
    """Every registered model that is not deleted."""
    return list(tables.query(RegisteredModel, keys.REGISTERED_MODELS))


def load_among(model_ids: Iterable[str] | None) -> list[RegisteredModel]:
    """The registered models with these internal ids, or with None all of them, that are not deleted."""
    if model_ids is None:
        return load_all()
    return tables.get_many(RegisteredModel, keys.REGISTERED_MODELS, sorted(model_ids))


def _granted(model: RegisteredModel) -> list[GrantedRow]:
    return [granted.row(user, levels.REGISTERED_MODEL, model.model_id) for user in model.grants]


def is_prompt(tags: Mapping[str, str]) -> bool:
    """Whether these are the tags of a prompt, which MLflow keeps among the registered models."""
    return tags.get(IS_PROMPT_TAG, "false").lower() == "true"
