"""The S3 client, created on first use: it costs a cold start 300 ms, and few requests of tracking need it."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from chalicelib.config import settings
from chalicelib.storage import clients
from chalicelib.storage.failures import translated

_CONNECTIONS = 50

# What a web page may do with presigned URLs. infra/deploy/fragments/bucket.yaml has the same rule.
PAGE_RULE = {
    "AllowedMethods": ["GET", "HEAD", "PUT"],
    "AllowedHeaders": ["content-type", "range", "x-amz-checksum-sha256"],
    "ExposeHeaders": ["ETag", "x-amz-checksum-sha256", "Content-Range", "Content-Disposition"],
    "MaxAgeSeconds": 7200,
}


def name() -> str:
    """The bucket of this installation."""
    return settings().bucket


def create() -> None:
    """Create the bucket if it does not exist. For the local stack and tests; on AWS a template creates it.

    Raises errors.TemporarilyUnavailable when the store does not answer.
    """
    with translated():
        names = {bucket["Name"] for bucket in client().list_buckets()["Buckets"]}
        if name() not in names:
            client().create_bucket(Bucket=name())


def allow_pages(origins: Sequence[str]) -> None:
    """Let web pages of these origins use presigned URLs, and no others. For the local stack; on AWS a template does it.

    Raises errors.TemporarilyUnavailable when the store does not answer.
    """
    with translated():
        if not origins:
            client().delete_bucket_cors(Bucket=name())
        else:
            rules = {"CORSRules": [{"AllowedOrigins": list(origins), **PAGE_RULE}]}
            client().put_bucket_cors(Bucket=name(), CORSConfiguration=rules)


@cache
def client() -> Any:
    """botocore's S3 client, for this package only."""
    endpoint = settings().s3_endpoint
    return clients.make(
        "s3",
        endpoint,
        # The older signature of query strings covers no headers, so neither length nor checksum of an upload.
        signature_version="s3v4",
        # A bucket's own host name carries its region; at a custom endpoint no such name resolves.
        s3={"addressing_style": "path" if endpoint else "virtual"},
        # Otherwise the SDK requires a CRC32 with every part, which the stock MLflow client cannot send.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        max_pool_connections=_CONNECTIONS,
    )


def forget() -> None:
    """Drop the client, for a test that changes the endpoint."""
    client.cache_clear()
