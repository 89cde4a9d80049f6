"""Uploads in parts. S3 keeps the parts until the upload is completed or aborted; a lifecycle rule ends the others."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from chalicelib.storage.bucket import client, name
from chalicelib.storage.failures import translated
from chalicelib.storage.objects import to_base64, to_hex


class Part(NamedTuple):
    """A part that has arrived, numbered from 1. `sha256` is None for a part that was uploaded without one."""

    number: int
    etag: str
    sha256: str | None = None
    size: int = 0


class Begun(NamedTuple):
    """An upload in progress, begun at `since` (ms)."""

    key: str
    upload_id: str
    since: int


def create(key: str, with_sha256: bool) -> str:
    """Begin an upload and return S3's id for it; `with_sha256` if every part will be sent with its checksum."""
    checksum = {"ChecksumAlgorithm": "SHA256"} if with_sha256 else {}
    with translated():
        upload_id: str = client().create_multipart_upload(Bucket=name(), Key=key, **checksum)["UploadId"]
    return upload_id


def arrived(key: str, upload_id: str, after: int, most: int = 1000) -> tuple[list[Part], int | None]:
    """The parts after number `after` that S3 has, in order; and the last number of this page if there are more.

    Raises NotFound.
    """
    with translated():
        answer = client().list_parts(Bucket=name(), Key=key, UploadId=upload_id, PartNumberMarker=after, MaxParts=most)
    parts = [
        Part(part["PartNumber"], part["ETag"], to_hex(part.get("ChecksumSHA256")), part["Size"])
        for part in answer.get("Parts", ())
    ]
    return parts, parts[-1].number if parts and answer.get("IsTruncated") else None


def complete(key: str, upload_id: str, parts: Sequence[Part], size: int | None) -> None:
    """Join the parts into one object. S3 checks their digests, and the whole size if it is given.

    Raises NotFound, Rejected.
    """
    whole = {} if size is None else {"MpuObjectSize": size}
    with translated():
        client().complete_multipart_upload(
            Bucket=name(),
            Key=key,
            UploadId=upload_id,
            MultipartUpload={"Parts": [_named(part) for part in parts]},
            **whole,
        )


def abort(key: str, upload_id: str) -> None:
    """Drop an upload and its parts. Raises NotFound."""
    with translated():
        client().abort_multipart_upload(Bucket=name(), Key=key, UploadId=upload_id)


def begun() -> Iterator[Begun]:
    """Uploads that were neither completed nor aborted: as many as one request to S3 lists, a thousand."""
    with translated():
        answer = client().list_multipart_uploads(Bucket=name())
    for upload in answer.get("Uploads", ()):
        yield Begun(upload["Key"], upload["UploadId"], int(upload["Initiated"].timestamp() * 1000))


def _named(part: Part) -> dict[str, Any]:
    checksum = {"ChecksumSHA256": to_base64(part.sha256)} if part.sha256 else {}
    return {"PartNumber": part.number, "ETag": part.etag, **checksum}
