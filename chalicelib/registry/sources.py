"""What a version may be made from, and where its files are then.

    source              runs:/<run>/<path>                           run_id is given and is this run
                        models:/<logged model>                       model_id is given and is this logged model
                        models:/<name>/<version|stage|latest>        another version, which is no prompt;
                        models:/<name>@<alias>                         it becomes models:/<name>/<version>
                        mlflow-artifacts:/<path>                     inside the given run or logged model
                        s3://<our bucket>/<path>                     inside the given run or logged model, if any
                        s3://<another bucket>/<path>, gs://…         external: kept as it came, and never opened

Rules: mlflow/server/handlers.py, `_create_model_version` and the functions that it calls. Stricter: every run and
logged model that a request names must exist and be readable for the caller, and `artifacts/paths.py` must accept the
path in our own storage. `tracking/locations.py` says what is external and what is refused. The files of a run or logged
model may be in external storage too; then so are the version's.
"""

import re
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import unquote_plus

from chalicelib import errors
from chalicelib.artifacts import owners, paths
from chalicelib.artifacts.paths import ArtifactPath, Owner
from chalicelib.catalogue import entries, places
from chalicelib.edge.checks import SHOWN
from chalicelib.edge.encoded import innermost
from chalicelib.registry import aliases, files, models, names, prompts, resources, stages, versions
from chalicelib.registry.chain import changes
from chalicelib.registry.schemas import CreateVersion, as_mapping
from chalicelib.registry.versions import Found, NewVersion
from chalicelib.storage.items import LoggedModel, RunInfo
from chalicelib.storage.registry_items import RegisteredModel
from chalicelib.tracking import locations
from chalicelib.tracking.locations import EXTERNAL, PROXIED, REFUSED
from chalicelib.tracking.logged_models import logged_models
from chalicelib.tracking.logged_models import resources as model_resources
from chalicelib.tracking.runs import resources as run_resources
from chalicelib.tracking.runs import runs

# Characters.
_LONGEST_URI = 2048
_SLASHES = re.compile("/+")


class _Origin(NamedTuple):
    """A request's source, resolved; `folder` is None where the files are not ours, or there are none."""

    source: str
    location: str
    folder: ArtifactPath | None = None
    run_id: str = ""
    logged_model_id: str = ""
    download_uri: str | None = None


def resolve(request: CreateVersion) -> NewVersion:
    """The requested version, with what its source determines.

    Raises InvalidParameterValue for a source that is not allowed, ResourceDoesNotExist for a missing one.
    """
    tags = as_mapping(request.tags)
    origin = _prompt(request) if models.is_prompt(tags) else _origin(request)
    return NewVersion(
        source=origin.source,
        location=origin.location,
        download_uri=origin.download_uri,
        run_id=origin.run_id,
        run_link=request.run_link,
        logged_model_id=origin.logged_model_id or None,
        description=request.description,
        tags=tags,
        digest=_digest(origin.folder),
    )


def _digest(folder: ArtifactPath | None) -> str | None:
    """What the catalogue knows of the files; nothing if the caller copies a version whose files they may not read."""
    place = places.of_folder(folder.key) if folder and files.are_readable(folder) else None
    entry = entries.load(place) if place else None
    return entry.state if entry else None


def _prompt(request: CreateVersion) -> _Origin:
    prompts.check_source(request.source)
    _named_model(request)
    return _Origin(request.source, request.source, run_id=request.run_id or "")


def _origin(request: CreateVersion) -> _Origin:
    scheme, _, rest = request.source.partition(":")
    read = _REFERENCES.get(scheme)
    return read(request, rest) if read else _stored(request)


def _in_run(request: CreateVersion, rest: str) -> _Origin:
    run_id, _, inner = _path(request, rest, "run_id").partition("/")
    if request.model_id:
        raise _not_of(request, "model_id")
    if run_id != request.run_id:
        raise _not_of(request, "run_id")
    info = _run(request, run_id)
    inner = _plain(inner)
    if _is_external(info.artifact_uri):
        location = "/".join(filter(None, [info.artifact_uri.rstrip("/"), inner]))
        _check_external(request, location)
        return _Origin(request.source, location, run_id=run_id)
    folder = paths.below(owners.path_of_run(info), inner)
    return _Origin(request.source, PROXIED + folder.key, folder, run_id)


def _of_model(request: CreateVersion, rest: str) -> _Origin:
    path = _path(request, rest, "model_id")
    if "/" in path or "@" in path:
        return _of_version(request, _referenced(request, path))
    if path != request.model_id:
        raise _not_of(request, "model_id")
    item = _logged_model(path)
    if _is_external(item.artifact_uri):
        return _Origin(request.source, item.artifact_uri, None, _run_of_model(request, item), item.model_id)
    return _of_logged_model(request, item, owners.path_of_model(item))


def _of_logged_model(request: CreateVersion, item: LoggedModel, folder: ArtifactPath) -> _Origin:
    if folder.owner != owners.path_of_model(item).owner:
        raise _not_of(request, "model_id")
    run_id = _run_of_model(request, item)
    return _Origin(request.source, PROXIED + folder.key, folder, run_id, item.model_id)


def _run_of_model(request: CreateVersion, item: LoggedModel) -> str:
    """The run of a version made from a logged model. The caller may name one if the logged model has none."""
    if request.run_id and not item.source_run_id:
        _run(request, request.run_id)
    elif request.run_id and request.run_id != item.source_run_id:
        raise _not_of(request, "run_id")
    return str(request.run_id or item.source_run_id)


def _of_version(request: CreateVersion, found: Found) -> _Origin:
    item = found.version
    run_id, model_id = item.run_id or "", item.logged_model_id or ""
    if models.is_prompt(found.model.tags) or models.is_prompt(item.tags):
        raise _refused(request, "Prompt versions cannot be used as model version sources.")
    if request.run_id not in (None, run_id) or request.model_id not in (None, model_id):
        raise _refused(request, "The run_id and model_id request parameters must match the referenced model version.")
    source = f"models:/{found.model.name}/{int(item.version)}"
    folder = None if files.is_external(item) else files.folder_of(item)
    return _Origin(source, item.location, folder, run_id, model_id, files.download_uri(item))


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


def _stored(request: CreateVersion) -> _Origin:
    """The origin that a storage URI names."""
    found = locations.locate(request.source)
    if found.kind == REFUSED:
        raise _refused(request, f"{found.why} It must be a runs:/ or models:/ URI, or name a storage.")
    if found.kind == EXTERNAL:
        return _external(request)
    if request.source.startswith(PROXIED) and not (request.run_id or request.model_id):
        raise _not_of(request, "run_id")
    return _at(request, paths.folder(_plain(found.path)))


def _external(request: CreateVersion) -> _Origin:
    _check_external(request, request.source)
    model = _named_model(request)
    run_id = request.run_id or (model.source_run_id if model else "")
    return _Origin(request.source, request.source, None, run_id, request.model_id or "")


def _check_external(request: CreateVersion, uri: str) -> None:
    """Check the path of a URI as MLflow does (`_validate_non_local_source_contains_relative_paths`)."""
    if len(uri) > _LONGEST_URI:
        raise _refused(request, f"A URI of other storage may have {_LONGEST_URI} characters at most.")
    rest = innermost(uri.partition(":")[2], unquote_plus)
    path = rest[2:].partition("/")[2] if rest.startswith("//") else rest
    is_relative = not {".", ".."}.isdisjoint(re.split(r"[/\\?#]", rest))
    if is_relative or "\0" in rest or not re.split("[?#]", path)[0].strip("/"):
        raise _refused(request, "It must name a folder, by an absolute path without '.' and '..'.")


def _at(request: CreateVersion, folder: ArtifactPath) -> _Origin:
    """The origin in a folder of the bucket, which must belong to the given run or logged model if there is one."""
    owner = folder.owner
    if request.model_id and request.model_id != owner.model_id:
        raise _not_of(request, "model_id")
    if request.run_id and not request.model_id and request.run_id != owner.run_id:
        raise _not_of(request, "run_id")
    if owner.model_id:
        return _of_logged_model(request, _logged_model(owner.model_id), folder)
    _check_is_there(request, owner)
    return _Origin(request.source, PROXIED + folder.key, folder, owner.run_id or "")


def _check_is_there(request: CreateVersion, owner: Owner) -> None:
    if owners.path_of_run(_run(request, owner.run_id or "")).owner != owner:
        raise _not_of(request, "run_id")


def _run(request: CreateVersion, run_id: str) -> RunInfo:
    """The run that a source is in, for a caller who may read it."""
    try:
        return _readable_run(run_id)
    except errors.ResourceDoesNotExist as error:
        raise _not_of(request, "run_id") from error


def _logged_model(model_id: str) -> LoggedModel:
    """A logged model, for a caller who may read it. Raises ResourceDoesNotExist."""
    model_resources.check_is_readable(model_id)
    return logged_models.load(model_id)


def _readable_run(run_id: str) -> RunInfo:
    """A run, for a caller who may read it. Raises ResourceDoesNotExist."""
    run_resources.check_is_readable(run_id)
    return runs.load(run_id)


def _named_model(request: CreateVersion) -> LoggedModel | None:
    """The logged model that a request names, if any, beside a source that is in neither it nor the run.

    Raises ResourceDoesNotExist if it, or the run that is named, is not there for the caller.
    """
    if request.run_id:
        _readable_run(request.run_id)
    return _logged_model(request.model_id) if request.model_id else None


def _is_external(uri: str) -> bool:
    return locations.locate(uri).kind == EXTERNAL


def _plain(path: str) -> str:
    """A path with each of its slashes once, and none at the end. MLflow takes `<artifact_uri>//model` as well."""
    return _SLASHES.sub("/", path).strip("/")


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


_REFERENCES: dict[str, Callable[[CreateVersion, str], _Origin]] = {"runs": _in_run, "models": _of_model}
