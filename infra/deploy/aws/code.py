"""The bucket for packages: `cumulog-code-<account>-<region>`, made on first use, shared by the account's stages.

An object's key is its stage and its own SHA-256, so objects never change, and a rollback finds the object that it
needs. Each request names the bucket's expected owner: the name can be guessed, so another account may have taken it.
"""

import hashlib
import json
from typing import Any

from botocore.exceptions import ClientError

from infra.deploy.aws import buckets
from infra.deploy.aws.account import Account, code_of
from infra.deploy.aws.errors import Failed
from infra.deploy.aws.names import Place

_US_EAST = "us-east-1"


def ensure(account: Account, place: Place) -> Any:
    """Create the bucket if it is missing, and return the S3 client. Raises Failed if another account has the name."""
    s3 = account.client("s3")
    if not buckets.is_ours(s3, place.code_bucket, account.id):
        _create(s3, place)
    _close(s3, place)
    return s3


def upload(s3: Any, place: Place, body: bytes, suffix: str) -> str:
    """Upload the bytes unless the bucket has them; returns their key."""
    digest = hashlib.sha256(body).hexdigest()
    key = f"{place.code_prefix}{digest}.{suffix}"
    if not _has(s3, place, key):
        s3.put_object(Bucket=place.code_bucket, Key=key, Body=body, ExpectedBucketOwner=place.account)
    return key


def url(s3: Any, place: Place, key: str) -> str:
    """The URL in CloudFormation's form: the region's S3 endpoint, with the bucket in the path."""
    return f"{s3.meta.endpoint_url}/{place.code_bucket}/{key}"


def clear(account: Account, place: Place) -> None:
    """Remove the stage's packages, and the bucket if it is empty then."""
    s3 = account.client("s3")
    if buckets.is_ours(s3, place.code_bucket, account.id):
        buckets.empty(s3, place.code_bucket, place.code_prefix)
        if not s3.list_objects_v2(Bucket=place.code_bucket, MaxKeys=1).get("KeyCount"):
            buckets.delete(s3, place.code_bucket)


def _create(s3: Any, place: Place) -> None:
    # S3 requires the region's name in every region but its first.
    where = {"LocationConstraint": place.region}
    extra = {} if place.region == _US_EAST else {"CreateBucketConfiguration": where}
    try:
        s3.create_bucket(Bucket=place.code_bucket, ObjectOwnership="BucketOwnerEnforced", **extra)
    except ClientError as error:
        if code_of(error) not in ("BucketAlreadyExists", "OperationAborted"):
            raise
        raise Failed(f"The bucket {place.code_bucket} cannot be created: {error}") from error


def _close(s3: Any, place: Place) -> None:
    """Block public access to the bucket and unencrypted connections."""
    ours: dict[str, Any] = {"Bucket": place.code_bucket, "ExpectedBucketOwner": place.account}
    flags = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    s3.put_public_access_block(**ours, PublicAccessBlockConfiguration=dict.fromkeys(flags, True))
    s3.put_bucket_policy(**ours, Policy=json.dumps(_policy(s3.meta.partition, place.code_bucket)))


def _policy(partition: str, bucket: str) -> dict[str, Any]:
    arn = f"arn:{partition}:s3:::{bucket}"
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def _has(s3: Any, place: Place, key: str) -> bool:
    try:
        s3.head_object(Bucket=place.code_bucket, Key=key, ExpectedBucketOwner=place.account)
    except ClientError as error:
        if code_of(error) in ("404", "NoSuchKey", "NotFound"):
            return False
        raise
    return True
