"""Permissions of transition requests: a request has those of its registered model."""

from collections.abc import Iterator
from typing import Any

from chalicelib.access.requires import Held, Resource
from chalicelib.approvals import requests
from chalicelib.registry.chain import changes
from chalicelib.registry.resources import thing


def _of_request(request: Any, _fresh: bool) -> Iterator[Held]:
    missing = requests.missing(request.request_id)
    found = requests.load(request.request_id)
    model = changes.load_even_deleted(found.model_id)
    if model is None:
        raise missing
    yield Held(thing(model), missing)


REQUEST = Resource("transition request", _of_request)
