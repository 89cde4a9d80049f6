"""Registered models as the permission rules see them, also for rooms below the registry's."""

from collections.abc import Iterable

from chalicelib.access import identity
from chalicelib.access.identity import Thing
from chalicelib.access.levels import READ, REGISTERED_MODEL
from chalicelib.storage import keys, tables
from chalicelib.storage.registry_items import ModelName, RegisteredModel

# Anyone who may write text that names models decides how many: this many are looked up for one reply.
MOST_NAMES = 500
# Characters. No model has a longer name, and DynamoDB refuses to look one up.
LONGEST_NAME = 256


def thing(model: RegisteredModel) -> Thing:
    """A registered model as the permission rules see it."""
    return Thing(REGISTERED_MODEL, model.name, model.grants)


def is_readable(model: RegisteredModel) -> bool:
    """Whether the caller may read a registered model."""
    return identity.may(READ, thing(model))


def readable(names: Iterable[str]) -> set[str]:
    """Those of the names, or of the first 500 of them, that are names of models which the caller may read."""
    possible = sorted({name for name in names if 0 < len(name) <= LONGEST_NAME})[:MOST_NAMES]
    holders = tables.get_each(ModelName, [(keys.model_name(name), keys.NAME) for name in possible])
    found = tables.get_many(RegisteredModel, keys.REGISTERED_MODELS, sorted({each.model_id for each in holders}))
    # A model that has just been renamed may still be found under the name it had.
    return {model.name for model in found if model.name in possible and is_readable(model)}
