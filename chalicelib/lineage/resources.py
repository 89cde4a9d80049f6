"""Where a lineage begins, as a resource. A dataset is none: only those runs of it are shown that may be read."""

from collections.abc import Iterator
from typing import Any

from chalicelib.access.requires import Held, Resource
from chalicelib.registry import resources
from chalicelib.tracking.logged_models.resources import logged_model
from chalicelib.tracking.runs.resources import run


def _start(request: Any, fresh: bool) -> Iterator[Held]:
    if request.kind == "run":
        yield run(request.id, fresh)
    elif request.kind == "logged_model":
        yield logged_model(request.id, fresh)
    elif request.kind == "model_version":
        yield resources.registered_model(request.id.rpartition("/")[0])


START = Resource("start, unless it is a dataset", _start)
