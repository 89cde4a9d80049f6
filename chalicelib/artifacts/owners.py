"""Which runs' and models' artifacts may be written, and where they are stored."""

from chalicelib import errors
from chalicelib.artifacts import paths
from chalicelib.artifacts.paths import ArtifactPath, Owner
from chalicelib.edge.checks import SHOWN
from chalicelib.storage import bucket
from chalicelib.storage.items import LoggedModel, RunInfo
from chalicelib.tracking.experiments import recent_experiments
from chalicelib.tracking.experiments.experiments import PROXIED
from chalicelib.tracking.experiments.lifecycle import ACTIVE
from chalicelib.tracking.logged_models import logged_models
from chalicelib.tracking.runs import runs


def require_writable(owner: Owner) -> None:
    """Raise ResourceDoesNotExist if the experiment has no such run or model, InvalidParameterValue if it is deleted."""
    try:
        found = logged_models.load(owner.model_id) if owner.model_id else runs.load(owner.run_id or "")
    except errors.ResourceDoesNotExist as error:
        raise _missing(owner) from error
    # The same message as above: the caller must not learn about the experiment that really has it.
    if found.experiment_id != owner.experiment_id:
        raise _missing(owner)
    if isinstance(found, RunInfo):
        _require_active(found)


def root_of_run(run_id: str) -> tuple[str, ArtifactPath]:
    """A run's artifact URI and the path it refers to. Raises ResourceDoesNotExist, InvalidParameterValue."""
    info = runs.load(run_id)
    return info.artifact_uri, _root(info.artifact_uri, Owner(info.experiment_id, run_id=info.run_id))


def root_of_model(model_id: str) -> tuple[str, ArtifactPath]:
    """A logged model's artifact URI and the path it refers to. Raises as `root_of_run` does."""
    item = logged_models.load(model_id)
    return item.artifact_uri, path_of_model(item)


def path_of_model(item: LoggedModel) -> ArtifactPath:
    """Where a logged model is stored. Raises InvalidParameterValue if that is outside this server's storage."""
    return _root(item.artifact_uri, Owner(item.experiment_id, model_id=item.model_id))


def is_proxied(uri: str) -> bool:
    """Whether, for MLflow's clients, these artifacts are reachable only through the server."""
    return uri.startswith(PROXIED)


def _root(uri: str, owner: Owner) -> ArtifactPath:
    for ours in (PROXIED, f"s3://{bucket.name()}/"):
        # Only the owner's own root will do: a client may have chosen the artifact location of its experiment.
        if uri.startswith(ours) and uri[len(ours) :].strip("/") == owner.root:
            return paths.folder(owner.root)
    raise errors.InvalidParameterValue(
        f"This server does not serve the artifacts at {uri[:SHOWN]!r}: they are outside its storage."
    )


def _missing(owner: Owner) -> errors.ResourceDoesNotExist:
    name = owner.model_id or owner.run_id
    return errors.ResourceDoesNotExist(f"Experiment {owner.experiment_id} has no run or model '{name}'.")


def _require_active(info: RunInfo) -> None:
    stage = recent_experiments.run_stage(info)
    if stage != ACTIVE:
        raise errors.InvalidParameterValue(
            f"The run {info.run_id} must be in the 'active' state. Current state is {stage}."
        )
