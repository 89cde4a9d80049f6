"""Permissions of transition requests: a request has those of its registered model.

Whoever opens one vouches for the version's files, and so must be able to read them.
"""

from collections.abc import Iterator
from typing import Any

from chalicelib.access.registered_models import thing
from chalicelib.access.requires import Held, Resource
from chalicelib.approvals import policies, requests
from chalicelib.registry import files, stages, versions
from chalicelib.registry.chain import changes


def _of_request(request: Any, _fresh: bool) -> Iterator[Held]:
    missing = requests.missing(request.request_id)
    found = requests.load(request.request_id)
    model = changes.load_even_deleted(found.model_id)
    if model is None:
        raise missing
    yield Held(thing(model), missing)


def _of_files(request: Any, fresh: bool) -> Iterator[Held]:
    found = versions.load(request.name, request.version)
    if policies.of(found.model, stages.canonical(request.stage)) and files.are_ours(found.version):
        yield files.held(files.folder_of(found.version), fresh)


REQUEST = Resource("transition request", _of_request)
FILES_TO_APPROVE = Resource("experiment of a version's files, if the stage asks for approval", _of_files)
