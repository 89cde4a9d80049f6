"""What S3 refuses and moto ends in a KeyError or TypeError for, which a client would see as a 500."""

from typing import Any

from botocore.exceptions import ClientError
from moto.core import DEFAULT_ACCOUNT_ID
from moto.s3.models import s3_backends


def add(events: Any) -> None:
    """Attach to the events of a botocore client of S3, which then refuses as S3 does."""
    events.register("provide-client-params.s3.CompleteMultipartUpload", _refuse_unknown_upload)
    events.register("provide-client-params.s3.ListObjectsV2", _refuse_unknown_token)


def _refuse_unknown_upload(params: dict[str, Any], **_: Any) -> None:
    if params["UploadId"] not in _backend().buckets[params["Bucket"]].multiparts:
        raise ClientError({"Error": {"Code": "NoSuchUpload"}}, "CompleteMultipartUpload")


def _refuse_unknown_token(params: dict[str, Any], **_: Any) -> None:
    token = params.get("ContinuationToken")
    if token is not None and token not in _backend()._pagination_tokens:
        raise ClientError({"Error": {"Code": "InvalidArgument"}}, "ListObjectsV2")


def _backend() -> Any:
    return s3_backends[DEFAULT_ACCOUNT_ID]["aws"]
