"""Which experiments a request about files needs permission on: each path names its experiment."""

from collections.abc import Iterable, Iterator
from typing import Any

from chalicelib.access.requires import Held, Resource
from chalicelib.artifacts import paths
from chalicelib.tracking.experiments import resources as experiments
from chalicelib.tracking.logged_models import resources as logged_models
from chalicelib.tracking.runs import resources as runs


def held(path: str, fresh: bool) -> Held:
    """The experiment that a path belongs to. Raises InvalidParameterValue, ResourceDoesNotExist."""
    return experiments.experiment(_experiment_id(path), fresh)


def _of_all(several: Iterable[str], fresh: bool) -> list[Held]:
    return [experiments.experiment(each, fresh) for each in sorted(set(map(_experiment_id, several)))]


def _experiment_id(path: str) -> str:
    # However a path is written, it names one experiment. Whether it may be written so is decided where it is used.
    return paths.folder(paths.tidy(path)).owner.experiment_id


def _of_owner(request: Any, fresh: bool) -> Iterator[Held]:
    if request.run_id:
        yield runs.run(request.run_id, fresh)
    if request.model_id:
        yield logged_models.logged_model(request.model_id, fresh)


PATH = Resource("experiment of a path", lambda request, fresh: [held(request.path, fresh)])
PROXIED = Resource("experiment of a proxied path", lambda request, fresh: [held(request.proxy, fresh)])
PATHS = Resource("experiments of paths", lambda request, fresh: _of_all(request.paths, fresh))
FILES = Resource("experiments of files", lambda request, fresh: _of_all((each.path for each in request.files), fresh))
OWNER = Resource("run or logged model", _of_owner)
