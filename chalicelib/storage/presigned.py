"""Presigned URLs: permission to do one thing with one object, for a while. Signing is local: it costs no round trip.

A URL for an upload signs method, key, length and SHA-256, so it stores those very bytes or nothing.
"""

from typing import Any

from chalicelib.storage.bucket import client, name
from chalicelib.storage.objects import to_base64

Headers = dict[str, str]

# The bucket refuses signatures that are older (infra/deploy/fragments/bucket.yaml).
UPLOAD_SECONDS = 900
DOWNLOAD_SECONDS = 300


def put(key: str, size: int, sha256: str) -> tuple[str, Headers]:
    """The URL for the upload of one file, and the headers that must be sent with it."""
    checksum = to_base64(sha256)
    url = _signed("put_object", UPLOAD_SECONDS, Key=key, ContentLength=size, ChecksumSHA256=checksum)
    return url, _upload_headers(size, checksum)


def put_of_type(key: str, content_type: str, seconds: int) -> tuple[str, Headers]:
    """The URL for an upload of bytes that are not known yet, and the headers that must be sent with it."""
    return _signed("put_object", seconds, Key=key, ContentType=content_type), {"Content-Type": content_type}


def get(key: str, disposition: str, content_type: str, seconds: int = DOWNLOAD_SECONDS) -> str:
    """The URL for a download, whose answer has these headers whatever the upload said. They are signed too."""
    said = {"ResponseContentDisposition": disposition, "ResponseContentType": content_type}
    return _signed("get_object", seconds, Key=key, **said)


def part(key: str, upload_id: str, number: int, size: int, sha256: str) -> tuple[str, Headers]:
    """The URL for one part of an upload, and the headers that must be sent with it."""
    checksum = to_base64(sha256)
    names = {"UploadId": upload_id, "PartNumber": number}
    url = _signed("upload_part", UPLOAD_SECONDS, Key=key, ContentLength=size, ChecksumSHA256=checksum, **names)
    return url, _upload_headers(size, checksum)


def bare_part(key: str, upload_id: str, number: int) -> str:
    """The URL for one part with any bytes: MLflow's own client sends no headers with it."""
    return _signed("upload_part", UPLOAD_SECONDS, Key=key, UploadId=upload_id, PartNumber=number)


def _signed(operation: str, seconds: int, **params: Any) -> str:
    params["Bucket"] = name()
    url: str = client().generate_presigned_url(operation, Params=params, ExpiresIn=seconds)
    return url


def _upload_headers(size: int, checksum: str) -> Headers:
    return {"Content-Length": str(size), "x-amz-checksum-sha256": checksum}
