"""Uploads and downloads in batches: a URL for each file, over which its bytes travel directly to or from S3."""

from collections.abc import Iterable
from typing import Any

from chalicelib import errors
from chalicelib.artifacts import files, limits, owners, paths
from chalicelib.artifacts.paths import ArtifactPath
from chalicelib.artifacts.schemas import NewFile
from chalicelib.storage import parallel, presigned
from chalicelib.storage.objects import Stored

Json = dict[str, Any]


def uploads(new: Iterable[NewFile]) -> list[Json]:
    """Return the URL and the headers for the PUT of each file. Raises as `paths` and `require_writable` do."""
    wanted = [(paths.file(each.path), each) for each in new]
    for owner in {path.owner for path, _ in wanted}:
        owners.require_writable(owner)
    return [_upload(path, each) for path, each in wanted]


def downloads(texts: Iterable[str]) -> list[Json]:
    """Return for each file the URL to GET, its size, and its SHA-256 if S3 knows it.

    Raises ResourceDoesNotExist for the first file that is missing, InvalidParameterValue for one that is a folder.
    """
    wanted = [paths.file(text) for text in texts]
    return [_download(found) for found in parallel.each(files.load, wanted)]


def _upload(path: ArtifactPath, new: NewFile) -> Json:
    if new.size > limits.PUT_BYTES:
        raise errors.InvalidParameterValue(f"'{new.path}' is larger than 5 GiB: upload it in parts.")
    url, headers = presigned.put(path.key, new.size, new.sha256)
    return {"path": path.key, "url": url, "headers": headers}


def _download(found: Stored) -> Json:
    message = {"path": found.key, "url": files.url_of(found), "size": found.size}
    return {**message, "sha256": found.sha256} if found.sha256 else message
