"""Which thing a request needs permission on, if it names the thing by its kind and its name."""

from collections.abc import Iterator
from typing import Any

from chalicelib.access import scopes
from chalicelib.access.levels import EXPERIMENT
from chalicelib.access.requires import Held, Resource
from chalicelib.errors import PermissionDenied
from chalicelib.registry import resources as registry
from chalicelib.tracking.experiments import resources as experiments


def held(kind: str, name: str) -> Held:
    """A thing as it is stored now. Raises ResourceDoesNotExist."""
    if kind == EXPERIMENT:
        return experiments.experiment(name, fresh=True)
    return registry.registered_model(name)


def _named(request: Any, _fresh: bool) -> Iterator[Held]:
    if request.resource_id == scopes.ANY:
        # Not reached for an administrator.
        raise PermissionDenied(f"Permissions on all things of a kind, '{scopes.ANY}', require an administrator.")
    yield held(request.resource_type, request.resource_id)


THING = Resource("thing", _named)
