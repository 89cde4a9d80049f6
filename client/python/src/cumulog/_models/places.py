"""Where a model is: a URI as MLflow writes it, and the folder of artifacts that it means.

runs:/<run id>/<name>               a logged model of the run, or a folder of its artifacts
models:/<model id>                  a logged model, whose id begins with m-
models:/<name>/<version>            a version of a registered model; also <stage>, or latest
models:/<name>@<alias>
mlflow-artifacts:/<path>
"""

from pathlib import Path
from typing import Any
from urllib.parse import unquote

from cumulog._client.client import Client
from cumulog._http.errors import CumulogError
from cumulog._models import mlmodel
from cumulog._transfer.api import Api
from cumulog._transfer.transfer import Options, download

_ARTIFACTS = "mlflow-artifacts:"
_FORMS = "runs:/<run id>/<name>, models:/<name>/<version>, models:/<name>@<alias>, models:/<model id> or a folder"


def fetch(uri: str, folder: Path, client: Client, api: Api) -> Path:
    """Download a model's folder, each file checked by its SHA-256 if the server knows it; returns where it is.

    Raises CumulogError if the URI names no model, ApiError, TransferFailed and ContentMismatch.
    """
    root = _root(uri, client)
    paths = [f"{root}/{each.path}" for each in api.entries(root, recursive=True) if not each.is_dir]
    if f"{root}/{mlmodel.NAME}" not in paths:
        raise CumulogError(f"'{uri}' is no model: it has no file {mlmodel.NAME}.")
    download(paths, folder, api, Options(progress=False), root=root)
    return folder


def source(uri: str, client: Client) -> dict[str, str]:
    """What a version of a registered model is made from, as fields of the request that creates it."""
    model = _of_run(uri, client) if uri.startswith("runs:/") else uri.removeprefix("models:/")
    if is_model_id(model):
        return {"source": f"models:/{model}", "model_id": model}
    if uri.startswith("runs:/"):
        return {"source": uri, "run_id": uri.removeprefix("runs:/").strip("/").partition("/")[0]}
    return {"source": uri}


def is_model_id(text: str) -> bool:
    return text.startswith("m-") and "/" not in text and "@" not in text


def _root(uri: str, client: Client) -> str:
    """The folder of artifacts that a URI means, as a path from the bucket's root."""
    if uri.startswith("models:/"):
        return _path(_of_models(uri.removeprefix("models:/"), client))
    if uri.startswith("runs:/"):
        model = _of_run(uri, client)
        return _path(_uri_of(model, client) if model else _in_run(uri, client))
    return _path(uri)


def _of_models(text: str, client: Client) -> str:
    """The URI of the artifacts behind models:/…"""
    if is_model_id(text):
        return _uri_of(text, client)
    name, at, alias = text.rpartition("@")
    if at and name and "/" not in alias:
        version = client.models.get_version_by_alias(unquote(name), alias)["model_version"]["version"]
        return client.models.get_version_download_uri(unquote(name), version)["artifact_uri"]
    name, slash, version = text.rpartition("/")
    if not (slash and name and version):
        raise CumulogError(f"'models:/{text}' names no model: use {_FORMS}.")
    number = version if version.isdigit() else _latest(unquote(name), version, client)
    return client.models.get_version_download_uri(unquote(name), number)["artifact_uri"]


def _latest(name: str, stage: str, client: Client) -> str:
    """The newest version in a stage, or with `latest` in any."""
    stages = None if stage.lower() == "latest" else [stage]
    found = client.models.get_latest_versions(name, stages=stages).get("model_versions", ())
    if not found:
        raise CumulogError(f"The registered model '{name}' has no version in '{stage}'.")
    return str(max(int(each["version"]) for each in found))


def _of_run(uri: str, client: Client) -> str:
    """The newest logged model of a run with a name; empty if the run has none of it."""
    run_id, _, name = uri.removeprefix("runs:/").strip("/").partition("/")
    run = client.runs.get(run_id)["run"]
    made = {each["model_id"] for each in run.get("outputs", {}).get("model_outputs", ())}
    query = {"filter": f"source_run_id = '{run_id}'", "experiment_ids": [run["info"]["experiment_id"]]}
    pages: Any = client.pages(client.logged_models.search, **query) if made and name else ()
    infos = [model["info"] for page in pages for model in page.get("models", ())]
    named = [info for info in infos if info["name"] == name and info["model_id"] in made]
    return max(named, key=lambda info: int(info["creation_timestamp_ms"]))["model_id"] if named else ""


def _in_run(uri: str, client: Client) -> str:
    run_id, _, path = uri.removeprefix("runs:/").strip("/").partition("/")
    return f"{client.runs.get(run_id)['run']['info']['artifact_uri']}/{path}".rstrip("/")


def _uri_of(model_id: str, client: Client) -> str:
    info = client.logged_models.get(model_id)["model"]["info"]
    if info["status"] == "LOGGED_MODEL_UPLOAD_FAILED":
        raise CumulogError(f"The logged model {model_id} is not complete: some of its files did not arrive.")
    return info["artifact_uri"]


def _path(uri: str) -> str:
    """The path of an URI of artifacts, whichever server it names."""
    if not uri.startswith(_ARTIFACTS):
        raise CumulogError(f"'{uri}' names no model that this server has: use {_FORMS}.")
    rest = uri.removeprefix(_ARTIFACTS)
    if rest.startswith("//"):
        rest = rest[2:].partition("/")[2]
    return rest.strip("/")
