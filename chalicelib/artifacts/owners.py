"""Which runs' and models' artifacts may be written, and where they are stored.

We list, serve and take artifacts only where an owner's root in our bucket is also its artifact URI. Others are external
(infra/decisions/0016-storage-that-is-not-ours.md), or were stored before such locations were refused.
"""

from contextlib import suppress

from chalicelib import errors
from chalicelib.artifacts import paths
from chalicelib.artifacts.paths import ArtifactPath, Owner
from chalicelib.edge.checks import SHOWN
from chalicelib.storage.items import LoggedModel, RunInfo
from chalicelib.tracking import locations
from chalicelib.tracking.experiments import recent_experiments
from chalicelib.tracking.experiments.lifecycle import ACTIVE
from chalicelib.tracking.locations import Location
from chalicelib.tracking.logged_models import logged_models
from chalicelib.tracking.runs import runs


def require_writable(owner: Owner) -> None:
    """Raise ResourceDoesNotExist if the experiment has no such run or model.

    Raises InvalidParameterValue if it is deleted or its artifacts are elsewhere.
    """
    try:
        found = logged_models.load(owner.model_id) if owner.model_id else runs.load(owner.run_id or "")
    except errors.ResourceDoesNotExist as error:
        raise _missing(owner) from error
    # The same message as above: the caller must not learn about the experiment that really has it.
    if found.experiment_id != owner.experiment_id:
        raise _missing(owner)
    if isinstance(found, RunInfo):
        _require_active(found)
    _root(found.artifact_uri, owner)


def require_here(owner: Owner) -> None:
    """Raise InvalidParameterValue, which says where the artifacts are, if they are not in our bucket.

    For requests that found nothing there. The experiment's location tells, and its permission was just checked, so this
    reads nothing.
    """
    with suppress(errors.ResourceDoesNotExist):
        location = recent_experiments.artifact_location(owner.experiment_id)
        _root(location.rstrip("/") + owner.root.removeprefix(owner.experiment_id), owner)


def root_of_run(run_id: str) -> tuple[str, ArtifactPath]:
    """A run's artifact URI and the path it refers to. Raises ResourceDoesNotExist, InvalidParameterValue."""
    info = runs.load(run_id)
    return info.artifact_uri, path_of_run(info)


def root_of_model(model_id: str) -> tuple[str, ArtifactPath]:
    """A logged model's artifact URI and the path it refers to. Raises as `root_of_run` does."""
    item = logged_models.load(model_id)
    return item.artifact_uri, path_of_model(item)


def path_of_run(info: RunInfo) -> ArtifactPath:
    """Where a run's artifacts are stored. Raises InvalidParameterValue if that is outside this server's storage."""
    return _root(info.artifact_uri, Owner(info.experiment_id, run_id=info.run_id))


def path_of_model(item: LoggedModel) -> ArtifactPath:
    """Where a logged model is stored. Raises InvalidParameterValue if that is outside this server's storage."""
    return _root(item.artifact_uri, Owner(item.experiment_id, model_id=item.model_id))


def is_proxied(uri: str) -> bool:
    """Whether, for MLflow's clients, these artifacts are reachable only through the server."""
    return uri.startswith(locations.PROXIED)


def _root(uri: str, owner: Owner) -> ArtifactPath:
    found = locations.locate(uri)
    # Only the owner's own root will do: a client may have chosen the artifact location of its experiment.
    if found.kind == locations.OURS and found.path == owner.root:
        return paths.folder(owner.root)
    raise errors.InvalidParameterValue(f"The artifacts are at '{uri[:SHOWN]}'. {_why_elsewhere(found, owner)}")


def _why_elsewhere(found: Location, owner: Owner) -> str:
    if found.kind == locations.OURS:
        return f"That is not their own folder in this server's storage, '{owner.root}', so they are not served."
    if found.kind == locations.EXTERNAL:
        return (
            "That is external storage, which this server neither reads nor writes. MLflow's client lists, downloads "
            "and uploads them there, with credentials of your own."
        )
    return f"This server does not have them. {found.why}"


def _missing(owner: Owner) -> errors.ResourceDoesNotExist:
    name = owner.model_id or owner.run_id
    return errors.ResourceDoesNotExist(f"Experiment {owner.experiment_id} has no run or model '{name}'.")


def _require_active(info: RunInfo) -> None:
    if recent_experiments.run_stage(info) != ACTIVE:
        raise errors.RunDeleted(info.run_id)
