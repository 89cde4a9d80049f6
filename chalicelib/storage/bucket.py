"""The S3 client, made on first use: a cold start pays 300 ms for it, and hardly any request of tracking needs it."""

from functools import cache
from typing import Any

from chalicelib.config import settings
from chalicelib.storage import clients
from chalicelib.storage.failures import translated

_CONNECTIONS = 50


def name() -> str:
    """The bucket of this installation."""
    return settings().bucket


def create() -> None:
    """Create the bucket where it does not exist. For the local stack and tests; AWS gets it from a template.

    Raises errors.TemporarilyUnavailable when the store does not answer.
    """
    with translated():
        names = {bucket["Name"] for bucket in client().list_buckets()["Buckets"]}
        if name() not in names:
            client().create_bucket(Bucket=name())


@cache
def client() -> Any:
    """botocore's S3 client, for storage alone."""
    endpoint = settings().s3_endpoint
    return clients.make(
        "s3",
        endpoint,
        # The older signature of query strings covers no headers: neither length nor checksum of an upload.
        signature_version="s3v4",
        # A bucket's own host name carries its region; at an endpoint of our own no such name resolves.
        s3={"addressing_style": "path" if endpoint else "virtual"},
        # Else the SDK asks for a CRC32 with every part, which the stock MLflow client cannot send.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        max_pool_connections=_CONNECTIONS,
    )


def forget() -> None:
    """Drop the client, for a test that changes the endpoint."""
    client.cache_clear()
