"""The artifact endpoints: our own, MLflow's mlflow-artifacts service, and those of MLflow's user interface."""

from typing import Any

from chalice.app import Blueprint

from chalicelib.access.levels import EDIT, MANAGE, READ
from chalicelib.access.requires import requires
from chalicelib.artifacts import (
    deletion,
    direct,
    files,
    listing,
    mlflow_parts,
    owners,
    parts,
    paths,
    schemas,
    transfers,
)
from chalicelib.artifacts.paths import ArtifactPath
from chalicelib.artifacts.resources import FILES, OWNER, PATH, PATHS, PROXIED
from chalicelib.edge import mounts
from chalicelib.tracking.logged_models.resources import LOGGED_MODEL
from chalicelib.tracking.runs.resources import RUN

Reply = dict[str, Any] | None

blueprint = Blueprint(__name__)
ours = mounts.cumulog(blueprint, "/artifacts")
proxied = mounts.mlflow(blueprint, service="mlflow-artifacts")
mlflow = mounts.mlflow(blueprint)
ajax = mounts.mlflow_page(blueprint)
root = mounts.root(blueprint)


@ours.endpoint("POST", "/uploads")
@requires(EDIT, FILES)
def create_uploads(request: schemas.Uploads) -> Reply:
    """Presigned URLs to upload files, up to 100. Each takes exactly the bytes whose length and SHA-256 it signs."""
    return {"uploads": transfers.uploads(request.files)}


@ours.endpoint("POST", "/downloads")
@requires(READ, PATHS, remembered=False)
def create_downloads(request: schemas.Downloads) -> Reply:
    """Presigned URLs to download files, up to 100, with size and SHA-256."""
    return {"downloads": transfers.downloads(request.paths)}


@ours.endpoint("GET", "/list")
@requires(READ, PATH)
def list_folder(request: schemas.ListFolder) -> Reply:
    """List a folder, with paths relative to it; `recursive` goes down all levels."""
    folder = paths.folder(request.path)
    return _paged("files", *listing.page(folder, request.page_token, request.max_results, request.recursive))


@ours.endpoint("POST", "/multipart/create")
@requires(EDIT, PATH)
def create_upload(request: schemas.CreateUpload) -> Reply:
    """Begin an upload in parts; answers its id and the size of a part."""
    upload_id, part_size = parts.create(paths.file(request.path), request.size)
    return {"upload_id": upload_id, "part_size": part_size}


@ours.endpoint("POST", "/multipart/sign")
@requires(EDIT, PATH)
def sign_parts(request: schemas.SignParts) -> Reply:
    """Presigned URLs for parts of an upload, up to 100."""
    return {"parts": parts.sign(paths.file(request.path), request.upload_id, request.parts)}


@ours.endpoint("GET", "/multipart/parts")
@requires(EDIT, PATH)
def list_parts(request: schemas.ListParts) -> Reply:
    """The parts that have arrived, to resume an upload."""
    return _paged("parts", *parts.arrived(paths.file(request.path), request.upload_id, request.page_token))


@ours.endpoint("POST", "/multipart/complete")
@requires(EDIT, PATH)
def complete_upload(request: schemas.CompleteUpload) -> Reply:
    """Complete an upload in parts. Takes all of its parts."""
    parts.complete(paths.file(request.path), request.upload_id, request.parts)
    return None


@ours.endpoint("POST", "/multipart/abort")
@requires(EDIT, PATH)
def abort_upload(request: schemas.OfUpload) -> Reply:
    """Abort an upload in parts; S3 drops what has arrived."""
    parts.abort(paths.file(request.path), request.upload_id)
    return None


@ours.endpoint("POST", "/delete")
@requires(MANAGE, PATH)
def delete_path(request: schemas.AtPath) -> Reply:
    """Delete a file, or a folder with everything below it."""
    deletion.delete(paths.folder(request.path))
    return None


@proxied.redirect("GET", "/artifacts/{proxy+}")
@requires(READ, PROXIED, remembered=False)
def download_artifact(request: schemas.ReadProxied) -> str:
    """Download a file by a redirect to a presigned URL."""
    return files.url(paths.folder(request.proxy))


@proxied.upload("PUT", "/artifacts/{proxy+}")
@requires(EDIT, PROXIED)
def upload_artifact(request: schemas.Proxied, body: bytes) -> Reply:
    """Upload a file of up to 4.5 MB through the server; the error for a larger one says what to set."""
    files.store(paths.uploaded(request.proxy), body)
    return None


@proxied.endpoint("DELETE", "/artifacts/{proxy+}")
@requires(MANAGE, PROXIED)
def delete_artifact(request: schemas.Proxied) -> Reply:
    """Delete a file, or a folder with everything below it."""
    deletion.delete(paths.folder(request.proxy))
    return None


@proxied.endpoint("GET", "/artifacts")
@requires(READ, PATH)
def list_proxied(request: schemas.ListProxied) -> Reply:
    """List one level of a folder, up to 10,000 entries."""
    return _filled(files=listing.as_mlflow(listing.all_of(paths.folder(request.path))))


@proxied.endpoint("GET", "/presigned/{proxy+}")
@requires(READ, PROXIED, remembered=False)
def presigned_download(request: schemas.ReadProxied) -> Reply:
    """A presigned URL to download a file, as MLflow's client asks for it."""
    found = files.load(paths.folder(request.proxy))
    return {"url": files.url_of(found), "headers": {}, "file_size": found.size}


@proxied.endpoint("POST", "/mpu/create/{proxy+}")
@requires(EDIT, PROXIED)
def create_mlflow_upload(request: schemas.CreateMlflowUpload) -> Reply:
    """Begin an upload in parts by MLflow's protocol, up to 2,000 parts."""
    return mlflow_parts.create(paths.uploaded(_uploaded(request).key), request.num_parts)


@proxied.endpoint("POST", "/mpu/complete/{proxy+}")
@requires(EDIT, PROXIED)
def complete_mlflow_upload(request: schemas.CompleteMlflowUpload) -> Reply:
    """Complete an upload in parts by MLflow's protocol."""
    mlflow_parts.complete(_uploaded(request), request.upload_id, request.parts)
    return None


@proxied.endpoint("POST", "/mpu/abort/{proxy+}")
@requires(EDIT, PROXIED)
def abort_mlflow_upload(request: schemas.AbortMlflowUpload) -> Reply:
    """Abort an upload in parts by MLflow's protocol."""
    mlflow_parts.abort(_uploaded(request), request.upload_id)
    return None


@mlflow.endpoint("GET", "/artifacts/list")
@requires(READ, RUN)
def list_artifacts(request: schemas.ListArtifacts) -> Reply:
    """List one level of a run's artifacts, in pages."""
    uri, of_run = owners.root_of_run(request.run_id)
    return _listed(uri, paths.below(of_run, request.path), request.page_token)


@mlflow.endpoint("GET", "/logged-models/{model_id}/artifacts/directories")
@requires(READ, LOGGED_MODEL)
def list_model_artifacts(request: schemas.ListModelArtifacts) -> Reply:
    """List one level of a logged model's artifacts, in pages."""
    uri, of_model = owners.root_of_model(request.model_id)
    return _listed(uri, paths.below(of_model, request.artifact_directory_path), request.page_token)


@mlflow.endpoint("POST", "/artifacts/presigned-upload-url")
@requires(EDIT, OWNER)
def create_upload_url(request: schemas.UploadUrl) -> Reply:
    """A presigned URL to upload a file; only where the artifact location is `s3://` and our bucket."""
    return direct.upload_url(request)


@mlflow.endpoint("POST", "/artifacts/presigned-download-url")
@requires(READ, RUN, remembered=False)
def create_download_url(request: schemas.DownloadUrl) -> Reply:
    """A presigned URL to download a file; only where the artifact location is `s3://` and our bucket."""
    return direct.download_url(request)


@root.redirect("GET", "/get-artifact")
@requires(READ, RUN, remembered=False)
def get_artifact(request: schemas.RunFile) -> str:
    """Download a file of a run, for web pages."""
    return files.url(paths.below(owners.root_of_run(request.run_id)[1], request.path))


@ajax.redirect("GET", "/logged-models/{model_id}/artifacts/files")
@requires(READ, LOGGED_MODEL, remembered=False)
def get_model_artifact(request: schemas.ModelFile) -> str:
    """Download a file of a logged model, for web pages."""
    return files.url(paths.below(owners.root_of_model(request.model_id)[1], request.artifact_file_path))


@ajax.upload("POST", "/upload-artifact")
@requires(EDIT, RUN)
def upload_from_page(request: schemas.NewRunFile, body: bytes) -> Reply:
    """Upload a file of a run, for web pages."""
    files.store(paths.uploaded_below(owners.root_of_run(request.run_id)[1], request.path), body)
    return None


def _uploaded(request: schemas.MlflowUpload) -> ArtifactPath:
    """The file that a multipart upload creates: in the URL's folder, with its name on the client's machine."""
    return paths.below(paths.folder(request.proxy), paths.basename(request.path) or "/")


def _listed(uri: str, folder: ArtifactPath, token: str | None) -> Reply:
    entries, next_token = listing.whole(folder, token)
    shown = listing.as_mlflow(listing.within(folder.inner, entries))
    return _filled(root_uri=uri, files=shown, next_page_token=next_token)


def _paged(name: str, entries: list[dict[str, Any]], next_token: str | None) -> Reply:
    return {name: entries, **({"next_page_token": next_token} if next_token else {})}


def _filled(**fields: Any) -> Reply:
    return {name: value for name, value in fields.items() if value}
