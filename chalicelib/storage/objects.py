"""The bucket: what is too long for an item, under the digest of its content. The S3 client is made on first use."""

import hashlib
import json
from functools import cache
from typing import Any

from chalicelib.config import settings
from chalicelib.storage.failures import translated

_PREFIX = "_cumulog/values/"


def put_value(value: Any) -> str:
    """Store a JSON value and return its name; the same value twice is one object, so a retry is harmless."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    name = hashlib.sha256(body).hexdigest()
    with translated():
        _client().put_object(Bucket=settings().bucket, Key=_PREFIX + name, Body=body)
    return name


def get_value(name: str) -> Any:
    """The value stored under a name that `put_value` returned."""
    with translated():
        body = _client().get_object(Bucket=settings().bucket, Key=_PREFIX + name)["Body"].read()
    return json.loads(body)


def create_bucket() -> None:
    """Create the bucket where it does not exist. For the local stack and tests; AWS gets it from a template.

    Raises errors.TemporarilyUnavailable when the store does not answer.
    """
    with translated():
        names = {bucket["Name"] for bucket in _client().list_buckets()["Buckets"]}
        if settings().bucket not in names:
            _client().create_bucket(Bucket=settings().bucket)


@cache
def _client() -> Any:
    # Here, because boto3 and its S3 client cost a cold start 300 ms, and hardly any request needs them.
    import boto3  # noqa: PLC0415

    return boto3.client("s3", endpoint_url=settings().s3_endpoint)


def forget() -> None:
    """Drop the client, for a test that changes the endpoint."""
    _client.cache_clear()
