"""The Chalice app behind greedy resources (`edge/greedy.py`): a request goes on as if the gateway knew its route."""

from functools import cached_property
from typing import Any

from chalice.app import Chalice

from chalicelib.edge import greedy, matcher
from chalicelib.edge.http import failure
from chalicelib.errors import CumulogError, EndpointNotFound, MethodNotAllowed

_SHOWN = 200


class Application(Chalice):
    """What Lambda calls. A path without a route, or with another method, is answered in MLflow's shape."""

    def __call__(self, event: Any, context: Any) -> dict[str, Any]:
        try:
            declared = self._declared(event)
        except CumulogError as error:
            return failure(error).to_dict()
        return super().__call__(declared, context)

    def _declared(self, event: dict[str, Any]) -> dict[str, Any]:
        """The event as the gateway would send it if the declared route were its resource."""
        told = event.get("requestContext") or {}
        prefix = greedy.prefix_of(str(told.get("resourcePath")))
        if prefix is None:
            return event
        path = prefix + event["pathParameters"]["proxy"]
        found = matcher.find(self._below, path)
        if found is None:
            raise EndpointNotFound(f"No endpoint answers to {path[:_SHOWN]}.")
        if told["httpMethod"] not in self.routes[found.pattern]:
            raise MethodNotAllowed(path[:_SHOWN], told["httpMethod"], self.routes[found.pattern])
        told = {**told, "resourcePath": found.pattern}
        return {**event, "resource": found.pattern, "pathParameters": found.parameters, "requestContext": told}

    @cached_property
    def _below(self) -> matcher.RouteTable:
        return matcher.table(path for path in self.routes if greedy.resource_of(path))
