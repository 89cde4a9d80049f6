"""Multipart uploads, which can be resumed: the parts that arrived stay until the upload completes, aborts or expires.

The id that a client gets is `<size>-<S3's id>`. From it each later call knows how many parts there must be and how long
each one is, so nothing needs to be stored. S3 itself refuses an id that belongs to another key.
"""

import hashlib
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib import errors
from chalicelib.artifacts import limits, owners
from chalicelib.artifacts.paths import ArtifactPath
from chalicelib.artifacts.schemas import DonePart, NewPart
from chalicelib.storage import multipart, objects, presigned
from chalicelib.storage.failures import NotFound, Rejected
from chalicelib.storage.multipart import Part

Json = dict[str, Any]


@dataclass(frozen=True)
class Upload:
    """An upload of `size` bytes: every part has `part_size` bytes, except the last, which has the rest."""

    size: int
    id: str

    @property
    def part_size(self) -> int:
        smallest = -(-self.size // limits.PARTS)
        return max(limits.PART_BYTES, -(-smallest // limits.MIB) * limits.MIB)

    @property
    def count(self) -> int:
        return -(-self.size // self.part_size)

    def size_of(self, number: int) -> int:
        """The size of a part. Parts are numbered from 1. Raises InvalidParameterValue."""
        if not 1 <= number <= self.count:
            raise errors.InvalidParameterValue(f"There is no part {number}: this upload has {self.count} parts.")
        return min(self.part_size, self.size - (number - 1) * self.part_size)


def create(path: ArtifactPath, size: int) -> tuple[str, int]:
    """Begin an upload; return its id and part size. Raises InvalidParameterValue, ResourceDoesNotExist."""
    if not 1 <= size <= limits.OBJECT_BYTES:
        raise errors.InvalidParameterValue("An upload in parts has at least one byte and at most 5 TiB.")
    owners.require_writable(path.owner)
    upload = Upload(size, multipart.create(path.key, with_sha256=True))
    return f"{size}-{upload.id}", upload.part_size


def sign(path: ArtifactPath, upload_id: str, parts: Sequence[NewPart]) -> list[Json]:
    """Return the URL and the headers for the PUT of each part."""
    upload = _upload(upload_id)
    for part in parts:
        if part.size != upload.size_of(part.part_number):
            raise errors.InvalidParameterValue(
                f"Part {part.part_number} must have {upload.size_of(part.part_number)} bytes, not {part.size}."
            )
    owners.require_writable(path.owner)
    signed = [presigned.part(path.key, upload.id, part.part_number, part.size, part.sha256) for part in parts]
    return [
        {"part_number": part.part_number, "url": url, "headers": headers}
        for part, (url, headers) in zip(parts, signed, strict=True)
    ]


def arrived(path: ArtifactPath, upload_id: str, token: str | None) -> tuple[list[Json], str | None]:
    """Return a page of the parts that S3 has, and the next page's token. Raises ResourceDoesNotExist."""
    if token and not (token.isascii() and token.isdigit() and len(token) <= 5):
        raise errors.InvalidParameterValue("Invalid page_token.")
    try:
        found, last = multipart.arrived(path.key, _upload(upload_id).id, int(token or 0))
    except NotFound as error:
        raise _no_upload(path) from error
    return [_arrived(part) for part in found], None if last is None else str(last)


def complete(path: ArtifactPath, upload_id: str, done: Sequence[DonePart]) -> None:
    """Assemble the file from all its parts, given in any order. Completing twice is no error.

    Raises ResourceDoesNotExist, and InvalidParameterValue if parts are missing or do not match those that arrived.
    """
    upload = _upload(upload_id)
    parts = sorted((Part(each.part_number, each.etag, each.sha256) for each in done), key=lambda part: part.number)
    _require_all(upload, [part.number for part in parts])
    owners.require_writable(path.owner)
    try:
        multipart.complete(path.key, upload.id, parts, upload.size)
    except Rejected as error:
        raise errors.InvalidParameterValue(f"The parts do not match those that arrived: {error}") from error
    except NotFound as error:
        # The reply to the first attempt may have been lost: then the file exists, with exactly these parts.
        stored = objects.head(path.key)
        if stored is None or stored.composite != _composite(parts):
            raise _no_upload(path) from error


def abort(path: ArtifactPath, upload_id: str) -> None:
    """Abort an upload and delete the parts that arrived. Raises ResourceDoesNotExist."""
    try:
        multipart.abort(path.key, _upload(upload_id).id)
    except NotFound as error:
        raise _no_upload(path) from error


def _upload(upload_id: str) -> Upload:
    size, dash, inner = upload_id.partition("-")
    if not (size.isascii() and size.isdigit() and len(size) <= 13 and dash and inner):
        raise errors.InvalidParameterValue("Invalid upload_id.")
    return Upload(int(size), inner)


def _require_all(upload: Upload, numbers: list[int]) -> None:
    if numbers == list(range(1, upload.count + 1)):
        return
    missing = sorted(set(range(1, upload.count + 1)) - set(numbers))
    named = f"missing: {', '.join(map(str, missing[:10]))}" if missing else "some are given twice or do not exist"
    raise errors.InvalidParameterValue(f"The upload has {upload.count} parts; {named}.")


def _arrived(part: Part) -> Json:
    message = {"part_number": part.number, "size": part.size, "etag": part.etag}
    return {**message, "sha256": part.sha256} if part.sha256 else message


def _composite(parts: Sequence[Part]) -> str:
    """Combine the parts' checksums as S3 does: the checksum of their concatenated bytes."""
    digests = b"".join(bytes.fromhex(part.sha256 or "") for part in parts)
    return f"{b64encode(hashlib.sha256(digests).digest()).decode()}-{len(parts)}"


def _no_upload(path: ArtifactPath) -> errors.ResourceDoesNotExist:
    return errors.ResourceDoesNotExist(
        f"No such upload of '{path.key}'; it may have been completed, aborted or expired."
    )
