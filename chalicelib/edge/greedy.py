"""Prefixes below which the gateway has one greedy resource, since API Gateway allows 300 resources an API.

The routes below such a prefix are declared like all others. The gateway only knows `/ajax-api/{proxy+}`, asks the
authorizer, and calls the app, which finds the declared route (`edge/application.py`). A path with a public method keeps
a resource of its own: on a greedy one, the gateway asks everybody for a token.
"""

from collections.abc import Callable, Mapping
from typing import TypeVar

# None of these needs a resource of its own for anything: no public method, no log or limit of a single path.
PREFIXES = ("/ajax-api/", "/api/2.0/cumulog/")

_TAIL = "{proxy+}"

Made = TypeVar("Made")


def resources(
    routes: Mapping[str, Mapping[str, Made]], is_public: Callable[[Made], bool]
) -> dict[str, dict[str, Made]]:
    """The resources of the gateway for these routes: a greedy one has each method that any route below it has."""
    found: dict[str, dict[str, Made]] = {}
    for path, methods in routes.items():
        above = None if any(map(is_public, methods.values())) else resource_of(path)
        found.setdefault(above or path, {}).update(methods)
    return found


def resource_of(path: str) -> str | None:
    """The greedy resource that a path is below."""
    return next((prefix + _TAIL for prefix in PREFIXES if path.startswith(prefix)), None)


def prefix_of(resource: str) -> str | None:
    """The prefix that a greedy resource stands for; None for any other resource."""
    prefix = resource.removesuffix(_TAIL)
    return prefix if prefix in PREFIXES else None
