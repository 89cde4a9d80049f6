"""MLflow's presigned URLs for runs and models whose artifact URI names the bucket itself.

For URIs with `mlflow-artifacts:` MLflow refuses these two calls, and its clients call the mlflow-artifacts endpoints.
"""

import mimetypes
from typing import Any

from chalicelib import errors
from chalicelib.artifacts import files, owners, paths
from chalicelib.artifacts.paths import ArtifactPath
from chalicelib.artifacts.schemas import DownloadUrl, UploadUrl
from chalicelib.storage import presigned

Json = dict[str, Any]

_UNKNOWN_TYPE = "application/octet-stream"


def upload_url(request: UploadUrl) -> Json:
    """Return a URL to PUT a file of a run or model. Raises InvalidParameterValue, ResourceDoesNotExist."""
    if request.run_id:
        root = _direct(*owners.root_of_run(request.run_id))
    else:
        root = _direct(*owners.root_of_model(request.model_id or ""))
    path = paths.uploaded_below(root, request.path)
    owners.require_writable(path.owner)
    content_type = mimetypes.guess_type(request.path)[0] or _UNKNOWN_TYPE
    url, headers = presigned.put_of_type(path.key, content_type, request.expiration)
    return {"presigned_url": url, "headers": headers}


def download_url(request: DownloadUrl) -> Json:
    """Return a URL to GET a file of a run. Raises InvalidParameterValue, ResourceDoesNotExist."""
    found = files.load(paths.below(_direct(*owners.root_of_run(request.run_id)), request.path))
    return {"presigned_url": files.url_of(found, request.expiration), "headers": {}, "file_size": found.size}


def _direct(uri: str, root: ArtifactPath) -> ArtifactPath:
    if owners.is_proxied(uri):
        raise errors.InvalidParameterValue(
            "This endpoint gives presigned URLs only for artifact roots in the bucket itself, and this root is "
            "mlflow-artifacts:. Use /api/2.0/mlflow-artifacts/presigned or /api/2.0/cumulog/artifacts instead."
        )
    return root
