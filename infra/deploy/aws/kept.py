"""Tables and bucket that an earlier stack of the stage has left, for import into a new stack.

The import is a change set of its own, before the deployment proper. CloudFormation could find them by itself
(ImportExistingResources), but only by names that are plain text in the template; ours contain the stage.
"""

from typing import Any

from botocore.exceptions import ClientError

from infra.deploy.aws import buckets
from infra.deploy.aws.account import Account, code_of
from infra.deploy.aws.template import Holder


def among(account: Account, holders: list[Holder]) -> list[Holder]:
    """The tables and buckets that exist. Raises Failed for a bucket of another account."""
    return [each for each in holders if _exists(account, each)]


def _exists(account: Account, holder: Holder) -> bool:
    if holder.kind == "AWS::S3::Bucket":
        return buckets.is_ours(account.client("s3"), holder.name, account.id)
    return _table_exists(account.client("dynamodb"), holder.name)


def _table_exists(dynamodb: Any, name: str) -> bool:
    try:
        dynamodb.describe_table(TableName=name)
    except ClientError as error:
        if code_of(error) != "ResourceNotFoundException":
            raise
        return False
    return True
