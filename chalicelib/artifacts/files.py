"""One file: where its bytes are, and storing bytes that came through the handler."""

from chalicelib import errors
from chalicelib.artifacts import attachments, limits, owners, paths
from chalicelib.artifacts.paths import ArtifactPath
from chalicelib.storage import objects, presigned
from chalicelib.storage.objects import Stored


def load(path: ArtifactPath) -> Stored:
    """Return what S3 knows about the file.

    Raises ResourceDoesNotExist, and InvalidParameterValue for a folder or if the artifacts are elsewhere.
    """
    found = objects.head(path.key) if path.inner else None
    if found is not None:
        return found
    if objects.page(path.folder, most=1).objects:
        raise errors.InvalidParameterValue(f"Invalid path: '{path.key}' is a folder, not a file.")
    owners.require_here(path.owner)
    raise errors.ResourceDoesNotExist(f"No such artifact: '{path.key}'")


def url(path: ArtifactPath) -> str:
    """Return a URL for the file's bytes that is valid for five minutes. Raises as `load` does."""
    return url_of(load(path))


def url_of(found: Stored, seconds: int = presigned.DOWNLOAD_SECONDS) -> str:
    """Return a URL for the bytes of a file that is there. A browser saves it under its own name."""
    name = paths.basename(found.key)
    return presigned.get(found.key, attachments.disposition(name), attachments.content_type(name), seconds)


def store(path: ArtifactPath, body: bytes) -> None:
    """Store a file whose bytes came through the handler. Raises RequestTooLarge, and as `require_writable` does."""
    if len(body) > limits.UPLOAD_BYTES:
        raise errors.RequestTooLarge(limits.TOO_LARGE)
    owners.require_writable(path.owner)
    objects.put(path.key, body)
