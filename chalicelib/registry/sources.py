"""What a version may be made from, and where its files are then.

    source              runs:/<run>/<path>                           run_id is given and is this run
                        models:/<logged model>                       model_id is given and is this logged model
                        models:/<name>/<version|stage|latest>        another version, which is no prompt;
                        models:/<name>@<alias>                         it becomes models:/<name>/<version>
                        mlflow-artifacts:/<path>                     inside the given run or logged model
                        s3://<our bucket>/<path>                     inside a run or logged model: the given one, if any

Rules: mlflow/server/handlers.py, `_create_model_version` and the functions that it calls. Stricter: the run or logged
model must exist, S3 means our own bucket only, `artifacts/paths.py` must accept the path, and the caller must be able
to read the source. Any other source, such as a local path or a URL of another server, is refused: nobody could load it,
or loading it would fetch an attacker-chosen URL.
"""

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib import errors
from chalicelib.artifacts import owners, paths
from chalicelib.artifacts.paths import ArtifactPath, Owner
from chalicelib.catalogue import entries, places
from chalicelib.edge.checks import SHOWN
from chalicelib.registry import aliases, models, names, prompts, resources, stages, versions
from chalicelib.registry.chain import changes
from chalicelib.registry.schemas import CreateVersion, as_mapping
from chalicelib.registry.versions import Found, NewVersion
from chalicelib.storage import bucket
from chalicelib.storage.registry_items import ModelVersion, RegisteredModel
from chalicelib.tracking.locations import PROXIED
from chalicelib.tracking.logged_models import logged_models
from chalicelib.tracking.logged_models import resources as model_resources
from chalicelib.tracking.runs import resources as run_resources

_RUNS = "runs:/"


@dataclass(frozen=True)
class _Origin:
    """A request's source, resolved; `folder` is None for a prompt, which has no files."""

    source: str
    location: str
    folder: ArtifactPath | None
    run_id: str = ""
    logged_model_id: str = ""


def resolve(request: CreateVersion) -> NewVersion:
    """The requested version, with what its source determines.

    Raises InvalidParameterValue for a source that is not allowed, ResourceDoesNotExist for a missing one.
    """
    tags = as_mapping(request.tags)
    origin = _prompt(request) if models.is_prompt(tags) else _origin(request)
    return NewVersion(
        source=origin.source,
        location=origin.location,
        run_id=origin.run_id,
        run_link=request.run_link,
        logged_model_id=origin.logged_model_id or None,
        description=request.description,
        tags=tags,
        digest=_digest(origin.folder),
    )


def folder_of(version: ModelVersion) -> ArtifactPath:
    """The folder of a version's files. Raises InvalidParameterValue for a prompt's version, which has none."""
    if not version.location.startswith(PROXIED):
        raise errors.InvalidParameterValue("This version has no files.")
    return paths.folder(version.location.removeprefix(PROXIED))


def download_uri(version: ModelVersion) -> str:
    """Where a client downloads a version's files. A runs:/ URI stays as it is: the client resolves it, as in MLflow."""
    return str(version.source if version.source.startswith(_RUNS) else version.location)


def _digest(folder: ArtifactPath | None) -> str | None:
    place = places.of_folder(folder.key) if folder else None
    entry = entries.load(place) if place else None
    return entry.state if entry else None


def _prompt(request: CreateVersion) -> _Origin:
    prompts.check_source(request.source)
    return _Origin(request.source, request.source, None, request.run_id or "")


def _origin(request: CreateVersion) -> _Origin:
    scheme, _, rest = request.source.partition(":")
    read = _SCHEMES.get(scheme)
    if read is None:
        raise _refused(
            request,
            f"It must be a runs:/ or models:/ URI, or be in this server's storage ({PROXIED}… or "
            f"s3://{bucket.name()}/…).",
        )
    return read(request, rest)


def _in_run(request: CreateVersion, rest: str) -> _Origin:
    run_id, _, inner = _path(request, rest, "run_id").partition("/")
    if request.model_id:
        raise _not_of(request, "model_id")
    if run_id != request.run_id:
        raise _not_of(request, "run_id")
    folder = paths.below(_root_of_run(request, run_id), inner.removesuffix("/"))
    return _Origin(request.source, PROXIED + folder.key, folder, run_id)


def _of_model(request: CreateVersion, rest: str) -> _Origin:
    path = _path(request, rest, "model_id")
    if "/" in path or "@" in path:
        return _of_version(request, _referenced(request, path))
    if path != request.model_id:
        raise _not_of(request, "model_id")
    return _of_logged_model(request, path)


def _of_logged_model(request: CreateVersion, model_id: str, inside: ArtifactPath | None = None) -> _Origin:
    model_resources.check_is_readable(model_id)
    item = logged_models.load(model_id)
    root = owners.path_of_model(item)
    folder = inside or root
    if folder.owner != root.owner:
        raise _not_of(request, "model_id")
    if request.run_id and not item.source_run_id:
        # The logged model has no source run, so the caller may name one, provided that the run exists.
        _root_of_run(request, request.run_id)
    elif request.run_id and request.run_id != item.source_run_id:
        raise _not_of(request, "run_id")
    return _Origin(request.source, PROXIED + folder.key, folder, request.run_id or item.source_run_id, item.model_id)


def _of_version(request: CreateVersion, found: Found) -> _Origin:
    item = found.version
    run_id, model_id = item.run_id or "", item.logged_model_id or ""
    if models.is_prompt(found.model.tags) or models.is_prompt(item.tags):
        raise _refused(request, "Prompt versions cannot be used as model version sources.")
    if request.run_id not in (None, run_id) or request.model_id not in (None, model_id):
        raise _refused(request, "The run_id and model_id request parameters must match the referenced model version.")
    source = f"models:/{found.model.name}/{int(item.version)}"
    return _Origin(source, item.location, folder_of(item), run_id, model_id)


def _referenced(request: CreateVersion, path: str) -> Found:
    """The version that `<name>/<version|stage|latest>` or `<name>@<alias>` currently refers to."""
    name, slash, suffix = path.partition("/")
    if slash and suffix.strip() and "/" not in suffix:
        return _of_suffix(_readable(name), suffix)
    name, _, alias = path.rpartition("@")
    if slash or not name or not alias:
        raise _not_of(request, "model_id")
    _readable(name)
    return aliases.resolve(names.model_name(name), names.alias(alias))


def _readable(name: str) -> RegisteredModel:
    model = changes.load(names.model_name(name))
    resources.check_is_readable(model)
    return model


def _of_suffix(model: RegisteredModel, suffix: str) -> Found:
    if suffix.isdecimal():
        return Found(model, versions.of(model, names.version(suffix)))
    if suffix.lower() == names.LATEST:
        return aliases.latest(model)
    found = versions.latest(model, [stages.canonical(suffix)])
    if not found:
        raise errors.ResourceDoesNotExist(f"No versions of model with name '{model.name}' and stage '{suffix}' found")
    return Found(model, found[0])


def _in_storage(request: CreateVersion, rest: str) -> _Origin:
    if not (request.run_id or request.model_id):
        raise _not_of(request, "run_id")
    return _at(request, paths.folder(_path(request, rest, "model_id" if request.model_id else "run_id")))


def _in_bucket(request: CreateVersion, rest: str) -> _Origin:
    ours = f"//{bucket.name()}/"
    if not rest.startswith(ours):
        raise _refused(request, f"A source in S3 must be in s3:{ours}.")
    return _at(request, paths.folder(rest.removeprefix(ours)))


def _at(request: CreateVersion, folder: ArtifactPath) -> _Origin:
    """The origin in a folder of the bucket, which must belong to the given run or logged model if there is one."""
    owner = folder.owner
    if request.model_id and request.model_id != owner.model_id:
        raise _not_of(request, "model_id")
    if request.run_id and not request.model_id and request.run_id != owner.run_id:
        raise _not_of(request, "run_id")
    if owner.model_id:
        return _of_logged_model(request, owner.model_id, folder)
    _check_is_there(request, owner)
    return _Origin(request.source, PROXIED + folder.key, folder, owner.run_id or "")


def _check_is_there(request: CreateVersion, owner: Owner) -> None:
    if _root_of_run(request, owner.run_id or "").owner != owner:
        raise _not_of(request, "run_id")


def _root_of_run(request: CreateVersion, run_id: str) -> ArtifactPath:
    try:
        run_resources.check_is_readable(run_id)
        return owners.root_of_run(run_id)[1]
    except errors.ResourceDoesNotExist as error:
        raise _not_of(request, "run_id") from error


def _path(request: CreateVersion, rest: str, named_by: str) -> str:
    """The text after `<scheme>:/`; a second slash would begin a host name."""
    if not rest.startswith("/") or rest.startswith("//"):
        raise _not_of(request, named_by)
    return rest[1:]


def _not_of(request: CreateVersion, named_by: str) -> errors.InvalidParameterValue:
    why = f"The {named_by} request parameter must identify the resource that contains the source."
    return _refused(request, why)


def _refused(request: CreateVersion, why: str) -> errors.InvalidParameterValue:
    return errors.InvalidParameterValue(f"Invalid model version source: '{request.source[:SHOWN]}'. {why}")


_SCHEMES: dict[str, Callable[[CreateVersion, str], _Origin]] = {
    "runs": _in_run,
    "models": _of_model,
    "mlflow-artifacts": _in_storage,
    "s3": _in_bucket,
}
