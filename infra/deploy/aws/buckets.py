"""Operations on whole buckets."""

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from infra.deploy.aws.account import code_of
from infra.deploy.aws.errors import Failed

# The most that S3 removes in one request.
_BATCH = 1000


def is_ours(s3: Any, bucket: str, account: str) -> bool:
    """Whether the account owns the bucket; False if it does not exist. Raises Failed if another account owns it."""
    try:
        s3.head_bucket(Bucket=bucket, ExpectedBucketOwner=account)
    except ClientError as error:
        if code_of(error) in ("404", "NoSuchBucket"):
            return False
        if code_of(error) in ("403", "AccessDenied"):
            raise Failed(
                f"The bucket {bucket} belongs to another account, or you may not read it. Nothing was sent to it."
            ) from error
        raise
    return True


def empty(s3: Any, bucket: str, prefix: str = "") -> int:
    """Remove all versions of all objects, and all unfinished uploads; returns the number of versions. Repeatable."""
    for upload in _uploads(s3, bucket, prefix):
        s3.abort_multipart_upload(Bucket=bucket, Key=upload["Key"], UploadId=upload["UploadId"])
    removed = 0
    while batch := _versions(s3, bucket, prefix):
        answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": batch, "Quiet": True})
        if failed := answer.get("Errors"):
            raise Failed(f"S3 does not delete {failed[0]['Key']} in {bucket}: {failed[0].get('Message')}")
        removed += len(batch)
    return removed


def delete(s3: Any, bucket: str) -> bool:
    """Remove an empty bucket; False if something was written to it meanwhile, so that it stays."""
    try:
        s3.delete_bucket(Bucket=bucket)
    except ClientError as error:
        if code_of(error) == "BucketNotEmpty":
            return False
        if code_of(error) != "NoSuchBucket":
            raise
    return True


def _versions(s3: Any, bucket: str, prefix: str) -> list[dict[str, str]]:
    # Always the first page: its versions are deleted before the next call.
    page = s3.list_object_versions(Bucket=bucket, Prefix=prefix, MaxKeys=_BATCH)
    found = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
    return [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in found]


def _uploads(s3: Any, bucket: str, prefix: str) -> Iterator[dict[str, str]]:
    for page in s3.get_paginator("list_multipart_uploads").paginate(Bucket=bucket, Prefix=prefix):
        yield from page.get("Uploads", [])
