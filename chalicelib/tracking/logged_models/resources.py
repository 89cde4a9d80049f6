"""Logged models as resources: a logged model has the permissions of its experiment."""

from collections.abc import Iterator
from typing import Any

from chalicelib.access import identity
from chalicelib.access.levels import EDIT, READ
from chalicelib.access.requires import Held, Resource, demand
from chalicelib.remembered import Remembered
from chalicelib.tracking.experiments import resources
from chalicelib.tracking.logged_models import logged_models

# Keyed by id: a logged model never moves to another experiment.
_experiment_of: Remembered[str, str] = Remembered(most=10_000)


def logged_model(model_id: str, fresh: bool) -> Held:
    """The experiment of a logged model, deleted or not. Raises ResourceDoesNotExist."""
    experiment_id = _experiment_of.read(
        model_id, lambda: logged_models.load(model_id, allow_deleted=True).experiment_id
    )
    return resources.experiment(experiment_id, fresh, logged_models.missing(model_id))


def check_is_readable(model_id: str) -> None:
    """Check that the caller may read a logged model that a request only refers to. Raises ResourceDoesNotExist."""
    if not identity.current().may_all:
        demand(READ, logged_model(model_id, fresh=True))


def is_editable(model_id: str) -> bool:
    """Whether the caller may change a logged model. Raises ResourceDoesNotExist."""
    return identity.current().may_all or identity.may(EDIT, logged_model(model_id, fresh=True).thing)


def _measured_models(request: Any, fresh: bool) -> Iterator[Held]:
    points = getattr(request, "metrics", None) or [request]
    for model_id in dict.fromkeys(getattr(point, "model_id", None) for point in points):
        if model_id:
            yield logged_model(model_id, fresh)


LOGGED_MODEL = Resource("logged model", lambda request, fresh: [logged_model(request.model_id, fresh)])
NAMED_MODELS = Resource(
    "logged models", lambda request, fresh: [logged_model(each.model_id, fresh) for each in request.models or ()]
)
MEASURED_MODELS = Resource("measured logged models", _measured_models)
