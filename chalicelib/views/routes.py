"""The endpoints of saved views. They belong to an experiment, whose permissions they have."""

from typing import Any

from chalice.app import Blueprint

from chalicelib.access.levels import EDIT, READ
from chalicelib.access.requires import requires
from chalicelib.edge import mounts
from chalicelib.tracking.experiments.resources import EXPERIMENT
from chalicelib.views import replies, schemas, views

Reply = dict[str, Any] | None

blueprint = Blueprint(__name__)
ours = mounts.cumulog(blueprint, "/views")


@ours.endpoint("POST", "/save")
@requires(EDIT, EXPERIMENT)
def save_view(request: schemas.SaveView) -> Reply:
    """Save a new view; or with `view_id` and `version` a new version of one, refused if it has a newer one by now."""
    return {"view": replies.view(views.save(request))}


@ours.endpoint("GET", "/list")
@requires(READ, EXPERIMENT)
def list_views(request: schemas.ListViews) -> Reply:
    """List the saved views of an experiment, deleted or not, without their states."""
    return replies.views(views.all_of(request.experiment_id))


@ours.endpoint("GET", "/get")
@requires(READ, EXPERIMENT)
def get_view(request: schemas.OfView) -> Reply:
    """Get a saved view with its state."""
    return {"view": replies.whole(views.load(request.experiment_id, request.view_id))}


@ours.endpoint("POST", "/delete")
@requires(EDIT, EXPERIMENT)
def delete_view(request: schemas.OfView) -> Reply:
    """Delete a saved view, whatever its version."""
    views.delete(request.experiment_id, request.view_id)
    return None
