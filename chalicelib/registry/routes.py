"""The registry endpoints of MLflow's REST protocol, under `/api` and its twin `/ajax-api`."""

from contextlib import suppress
from typing import Any

from chalice.app import Blueprint

from chalicelib.access import levels
from chalicelib.access.levels import EDIT, MANAGE, READ
from chalicelib.access.requires import creates, filtered, requires
from chalicelib.artifacts import files as artifacts
from chalicelib.artifacts import paths
from chalicelib.edge import mounts, repeats
from chalicelib.errors import CumulogError
from chalicelib.registry import (
    aliases,
    files,
    model_search,
    models,
    replies,
    schemas,
    sources,
    stages,
    version_search,
    versions,
)
from chalicelib.registry.chain import changes
from chalicelib.registry.resources import FILES, MODEL
from chalicelib.storage.registry_items import RegisteredModel
from chalicelib.tracking.logged_models import logged_models
from chalicelib.tracking.logged_models import resources as model_resources

Reply = dict[str, Any] | None

blueprint = Blueprint(__name__)
mlflow = mounts.mlflow(blueprint)
root = mounts.root(blueprint)


@mlflow.endpoint("POST", "/registered-models/create")
@creates(levels.REGISTERED_MODEL)
def create_registered_model(request: schemas.CreateModel) -> Reply:
    """Create a registered model. Its name must not pass for another one. Takes an Idempotency-Key."""
    once = repeats.of("registered model", request)
    return _model(models.create(request.name, request.description, schemas.as_mapping(request.tags), once))


@mlflow.endpoint("GET", "/registered-models/get")
@requires(READ, MODEL)
def get_registered_model(request: schemas.OfModel) -> Reply:
    """Get a registered model."""
    return _model(changes.load(request.name))


@mlflow.endpoint("POST", "/registered-models/rename")
@requires(EDIT, MODEL)
def rename_registered_model(request: schemas.RenameModel) -> Reply:
    """Rename a registered model, in one write, however many versions there are."""
    return _model(models.rename(request.name, request.new_name))


@mlflow.endpoint("PATCH", "/registered-models/update")
@requires(EDIT, MODEL)
def update_registered_model(request: schemas.UpdateModel) -> Reply:
    """Set the description of a registered model; without one, clear it."""
    return _model(models.update(request.name, request.description))


@mlflow.endpoint("DELETE", "/registered-models/delete")
@requires(MANAGE, MODEL)
def delete_registered_model(request: schemas.OfModel) -> Reply:
    """Delete a registered model with its versions. Its audit chain stays."""
    models.delete(request.name)
    return None


@mlflow.endpoint("GET", "/registered-models/search")
@filtered
def search_registered_models(request: schemas.SearchModels) -> Reply:
    """Search registered models by name and tags, in pages. Prompts appear only if the filter asks for them."""
    return model_search.search(request)


@mlflow.endpoint("POST", "/registered-models/get-latest-versions")
@mlflow.endpoint("GET", "/registered-models/get-latest-versions")
@requires(READ, MODEL)
def get_latest_versions(request: schemas.GetLatestVersions) -> Reply:
    """Get the highest version of each stage."""
    model = changes.load(request.name)
    wanted = [stages.canonical(stage) for stage in request.stages] or stages.ALL
    found = replies.few(model, versions.latest(model, wanted))
    return {"model_versions": found} if found else None


@mlflow.endpoint("POST", "/registered-models/set-tag")
@requires(EDIT, MODEL)
def set_registered_model_tag(request: schemas.SetModelTag) -> Reply:
    """Set a tag of a registered model."""
    models.set_tag(request.name, request.key, request.value)
    return None


@mlflow.endpoint("DELETE", "/registered-models/delete-tag")
@requires(EDIT, MODEL)
def delete_registered_model_tag(request: schemas.DeleteModelTag) -> Reply:
    """Delete a tag of a registered model."""
    models.delete_tag(request.name, request.key)
    return None


@mlflow.endpoint("POST", "/registered-models/alias")
@requires(EDIT, MODEL)
def set_registered_model_alias(request: schemas.SetAlias) -> Reply:
    """Point an alias to a version. `latest`, and anything that looks like a version, is reserved."""
    aliases.set_alias(request.name, request.alias, request.version)
    return None


@mlflow.endpoint("DELETE", "/registered-models/alias")
@requires(MANAGE, MODEL)
def delete_registered_model_alias(request: schemas.OfAlias) -> Reply:
    """Delete an alias."""
    aliases.delete_alias(request.name, request.alias)
    return None


@mlflow.endpoint("GET", "/registered-models/alias")
@requires(READ, MODEL)
def get_model_version_by_alias(request: schemas.OfAlias) -> Reply:
    """Get the version that an alias points to."""
    return {"model_version": replies.version(aliases.resolve(request.name, request.alias))}


@mlflow.endpoint("POST", "/model-versions/create")
@requires(EDIT, MODEL)
def create_model_version(request: schemas.CreateVersion) -> Reply:
    """Create a version from files of a run, a logged model or another version, or from storage that is not ours.

    Takes an Idempotency-Key.
    """
    new = sources.resolve(request)
    found = versions.create(request.name, new, repeats.of("version", request))
    if request.model_id and new.logged_model_id and model_resources.is_editable(new.logged_model_id):
        # The version exists. A failure to note it in the logged model must not make a client register again.
        with suppress(CumulogError):
            logged_models.add_registration(new.logged_model_id, request.name, int(found.version.version))
    return {"model_version": replies.version(found)}


@mlflow.endpoint("GET", "/model-versions/get")
@requires(READ, MODEL)
def get_model_version(request: schemas.OfVersion) -> Reply:
    """Get a version."""
    return {"model_version": replies.version(versions.load(request.name, request.version))}


@mlflow.endpoint("PATCH", "/model-versions/update")
@requires(EDIT, MODEL)
def update_model_version(request: schemas.UpdateVersion) -> Reply:
    """Set the description of a version."""
    return {"model_version": replies.version(versions.update(request.name, request.version, request.description))}


@mlflow.endpoint("DELETE", "/model-versions/delete")
@requires(MANAGE, MODEL)
def delete_model_version(request: schemas.OfVersion) -> Reply:
    """Delete a version. Its number is never used again."""
    versions.delete(request.name, request.version)
    return None


@mlflow.endpoint("GET", "/model-versions/search")
@filtered
def search_model_versions(request: schemas.SearchVersions) -> Reply:
    """Search versions by name, run_id, source_path, version_number and tags, in pages."""
    return version_search.search(request)


@mlflow.endpoint("GET", "/model-versions/get-download-uri")
@requires(READ, MODEL)
def get_model_version_download_uri(request: schemas.OfVersion) -> Reply:
    """Get where the files of a version are."""
    return {"artifact_uri": files.download_uri(versions.load(request.name, request.version).version)}


@mlflow.endpoint("POST", "/model-versions/set-tag")
@requires(EDIT, MODEL)
def set_model_version_tag(request: schemas.SetVersionTag) -> Reply:
    """Set a tag of a version."""
    versions.set_tag(request.name, request.version, request.key, request.value)
    return None


@mlflow.endpoint("DELETE", "/model-versions/delete-tag")
@requires(MANAGE, MODEL)
def delete_model_version_tag(request: schemas.DeleteVersionTag) -> Reply:
    """Delete a tag of a version."""
    versions.delete_tag(request.name, request.version, request.key)
    return None


@root.redirect("GET", "/model-versions/get-artifact")
@requires(READ, MODEL, remembered=False)
@requires(READ, FILES, remembered=False)
def get_model_version_artifact(request: schemas.VersionFile) -> str:
    """Download a file of a version, for web pages. If the files are in other storage, the error says where."""
    found = versions.load(request.name, request.version)
    return artifacts.url(paths.below(files.folder_of(found.version), request.path))


def _model(model: RegisteredModel) -> Reply:
    return {"registered_model": replies.shortened(replies.registered_model(model, versions.latest(model)))}
