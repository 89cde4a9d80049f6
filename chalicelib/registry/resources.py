"""Which registered models a request of the registry needs permission on. Versions inherit."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from chalicelib.access import granted, identity, registered_models
from chalicelib.access.levels import EDIT, READ, REGISTERED_MODEL
from chalicelib.access.requires import Held, Resource, demand
from chalicelib.registry import files, models, versions
from chalicelib.registry.chain import changes
from chalicelib.storage.registry_items import RegisteredModel


def is_editable(model: RegisteredModel) -> bool:
    return identity.may(EDIT, registered_models.thing(model))


def all_readable() -> list[RegisteredModel]:
    """All registered models that the caller may read."""
    return list(filter(registered_models.is_readable, models.load_among(granted.within_reach(REGISTERED_MODEL))))


def readable_ids() -> Callable[[str], bool]:
    """A test whether the caller may read the registered model with an id; it reads each model once."""
    if identity.current().may_all:
        return lambda _: True

    @cache
    def may_read(model_id: str) -> bool:
        model = changes.load_by_id(model_id)
        return model is not None and registered_models.is_readable(model)

    return may_read


def check_is_readable(model: RegisteredModel) -> None:
    """Check a model that a request refers to besides its own resource. Raises ResourceDoesNotExist."""
    demand(READ, _held(model))


def registered_model(name: str) -> Held:
    """The registered model with this name, as it is stored now. Raises ResourceDoesNotExist."""
    return _held(changes.load(name))


def _held(model: RegisteredModel) -> Held:
    return Held(registered_models.thing(model), changes.missing(model.name))


def _by_name(request: Any, _fresh: bool) -> Iterator[Held]:
    yield registered_model(request.name)


def _by_name_or_id(request: Any, _fresh: bool) -> Iterator[Held]:
    model = changes.load_either(request.name, request.model_id)
    missing = changes.missing(request.name) if request.name else changes.missing_id(request.model_id)
    yield Held(registered_models.thing(model), missing)


def _of_files(request: Any, fresh: bool) -> Iterator[Held]:
    version = versions.load(request.name, request.version).version
    yield files.held(files.folder_of(version), fresh)


def _if_named(request: Any, fresh: bool) -> Iterator[Held]:
    if request.name:
        yield from _by_name(request, fresh)


MODEL = Resource("registered model", _by_name)
FILES = Resource("experiment of a version's files", _of_files)
MODEL_OF_CHAIN = Resource("registered model, deleted or not", _by_name_or_id)
MODEL_IF_NAMED = Resource("registered model, if one is named", _if_named)
