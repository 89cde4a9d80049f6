"""Aliases: names of a registered model, each of which points to one of its versions."""

from chalicelib import errors
from chalicelib.registry import names, versions
from chalicelib.registry.chain import changes
from chalicelib.registry.chain.changes import Change
from chalicelib.registry.versions import Found
from chalicelib.storage.registry_items import RegisteredModel


def set_alias(name: str, alias: str, version: int) -> None:
    """Point an alias to a version, replacing any earlier target. Raises ResourceDoesNotExist."""

    def decide(model: RegisteredModel) -> Change | None:
        versions.of(model, version)
        before = model.aliases.get(alias)
        model.aliases = {**model.aliases, alias: version}
        if before == version:
            return None
        return Change("alias:set", {"alias": alias, "from": before, "to": version}, version)

    changes.change(name, decide)


def delete_alias(name: str, alias: str) -> None:
    """Delete an alias; a missing alias is no error. Raises ResourceDoesNotExist for an unknown model."""

    def decide(model: RegisteredModel) -> Change | None:
        if alias not in model.aliases:
            return None
        version = model.aliases[alias]
        model.aliases = {other: number for other, number in model.aliases.items() if other != alias}
        return Change("alias:delete", {"alias": alias, "from": version}, version)

    changes.change(name, decide)


def resolve(name: str, alias: str) -> Found:
    """The version that an alias points to.

    Raises InvalidParameterValue (MLflow's answer) for a missing alias, ResourceDoesNotExist for the latest version of
    a model that has no versions.
    """
    model = changes.load(name)
    if alias.lower() == names.LATEST:
        return latest(model)
    if alias not in model.aliases:
        raise errors.InvalidParameterValue(f"Registered model alias {alias} not found.")
    return Found(model, versions.of(model, model.aliases[alias]))


def latest(model: RegisteredModel) -> Found:
    """The highest version of a model, in any stage. Raises ResourceDoesNotExist when it has none."""
    found = versions.latest(model)
    if not found:
        raise errors.ResourceDoesNotExist(f"Latest version not found for model {model.name}.")
    return Found(model, max(found, key=lambda item: int(item.version)))
