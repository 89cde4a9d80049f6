"""MLflow's own multipart uploads: all URLs at once, without checksums, because its client cannot send them."""

from collections.abc import Sequence
from typing import Any

from chalicelib import errors
from chalicelib.artifacts import limits, owners
from chalicelib.artifacts.paths import ArtifactPath
from chalicelib.artifacts.schemas import MlflowPart
from chalicelib.storage import multipart, presigned
from chalicelib.storage.failures import NotFound, Rejected
from chalicelib.storage.multipart import Part

Json = dict[str, Any]


def create(path: ArtifactPath, count: int) -> Json:
    """Begin an upload of `count` parts; return its id and a URL for each part.

    Raises InvalidParameterValue for a count outside the limits, and as `require_writable` does.
    """
    if not 1 <= count <= limits.MLFLOW_PARTS:
        raise errors.InvalidParameterValue(
            f"An upload may have 1 to {limits.MLFLOW_PARTS} parts, not {count}. Set MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE "
            f"to more bytes, or install our plugin: {limits.OUR_PLUGIN}."
        )
    owners.require_writable(path.owner)
    upload_id = multipart.create(path.key, with_sha256=False)
    numbers = range(1, count + 1)
    credentials = [
        {"url": presigned.bare_part(path.key, upload_id, number), "part_number": number, "headers": {}}
        for number in numbers
    ]
    return {"upload_id": upload_id, "credentials": credentials}


def complete(path: ArtifactPath, upload_id: str, parts: Sequence[MlflowPart]) -> None:
    """Assemble the file from its parts. Raises ResourceDoesNotExist, InvalidParameterValue."""
    owners.require_writable(path.owner)
    named = sorted((Part(part.part_number, part.etag) for part in parts), key=lambda part: part.number)
    if [part.number for part in named] != list(range(1, len(named) + 1)) or not named:
        raise errors.InvalidParameterValue("The parts must be numbered from 1, each number once.")
    try:
        multipart.complete(path.key, upload_id, named, size=None)
    except Rejected as error:
        raise errors.InvalidParameterValue(f"The parts do not match those that arrived: {error}") from error
    except NotFound as error:
        raise errors.ResourceDoesNotExist(f"No such upload of '{path.key}'.") from error


def abort(path: ArtifactPath, upload_id: str) -> None:
    """Abort an upload. Raises ResourceDoesNotExist."""
    try:
        multipart.abort(path.key, upload_id)
    except NotFound as error:
        raise errors.ResourceDoesNotExist(f"No such upload of '{path.key}'.") from error
