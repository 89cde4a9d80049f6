"""What the calls of a botocore client need leave for: recorded as they are made, presigned ones too."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from chalicelib.config import settings
from tests.iam import FILLED, Need

Params = Mapping[str, Any]

_HERE = f"{FILLED['AWS::Region']}:{FILLED['AWS::AccountId']}"
_BUCKET = f"cumulog-{FILLED['Stage']}-{FILLED['AWS::AccountId']}-{FILLED['AWS::Region']}"
_MACHINE = f"arn:aws:states:{_HERE}:stateMachine:cumulog-{FILLED['Stage']}-transition"

_OBJECT_ACTIONS = {
    "AbortMultipartUpload": "AbortMultipartUpload",
    "CompleteMultipartUpload": "PutObject",
    "CreateMultipartUpload": "PutObject",
    "GetObject": "GetObject",
    "HeadObject": "GetObject",
    "ListParts": "ListMultipartUploadParts",
    "PutObject": "PutObject",
    "UploadPart": "PutObject",
}
_BUCKET_ACTIONS = {"ListMultipartUploads": "ListBucketMultipartUploads", "ListObjectsV2": "ListBucket"}
_TRANSACTED = {"Delete": "DeleteItem", "Put": "PutItem", "Update": "UpdateItem", "ConditionCheck": "ConditionCheckItem"}


def watch(client: Any, note: Callable[[Need], None]) -> None:
    """From now on tell `note` what each call of the client needs."""
    service = client.meta.service_model.service_name

    def told(params: Params, model: Any, **_: Any) -> None:
        for need in needs(service, model.name, params):
            note(need)

    client.meta.events.register_first(f"before-parameter-build.{service}", told)


def needs(service: str, operation: str, params: Params) -> Iterator[Need]:
    """What one call needs leave for."""
    return {"dynamodb": _of_tables, "s3": _of_bucket, "stepfunctions": _of_machine, "events": _of_bus}[service](
        operation, params
    )


def _of_tables(operation: str, params: Params) -> Iterator[Need]:
    if operation == "TransactWriteItems":
        for each in params["TransactItems"]:
            ((kind, write),) = each.items()
            yield Need(f"dynamodb:{_TRANSACTED[kind]}", _table(write["TableName"]), (_pk(write),), operation)
    elif operation in ("BatchGetItem", "BatchWriteItem"):
        for table, asked in params["RequestItems"].items():
            yield Need(f"dynamodb:{operation}", _table(table), tuple(_batched(asked)))
    else:
        keys = () if operation == "Scan" else (_pk(params),)
        yield Need(f"dynamodb:{operation}", _table(params["TableName"]), keys)


def _batched(asked: Any) -> Iterator[str]:
    if isinstance(asked, Mapping):
        yield from (key["pk"]["S"] for key in asked["Keys"])
    else:
        yield from (_pk(next(iter(request.values()))) for request in asked)


def _pk(params: Params) -> str:
    if "KeyConditionExpression" in params:
        # The partition key is compared first, and for equality.
        name = re.search(r"= (:\w+)", params["KeyConditionExpression"])
        assert name
        return str(params["ExpressionAttributeValues"][name[1]]["S"])
    return str((params.get("Key") or params["Item"])["pk"]["S"])


def _table(name: str) -> str:
    kind = {settings().runs_table: "runs", settings().ledger_table: "ledger"}[name]
    return f"arn:aws:dynamodb:{_HERE}:table/cumulog-{FILLED['Stage']}-{kind}"


def _of_bucket(operation: str, params: Params) -> Iterator[Need]:
    bucket = f"arn:aws:s3:::{_BUCKET}"
    if operation in _BUCKET_ACTIONS:
        yield Need(f"s3:{_BUCKET_ACTIONS[operation]}", bucket)
    elif operation == "DeleteObjects":
        for each in params["Delete"]["Objects"]:
            yield Need("s3:DeleteObject", f"{bucket}/{each['Key']}")
    else:
        yield Need(f"s3:{_OBJECT_ACTIONS[operation]}", f"{bucket}/{params['Key']}")


def _of_machine(operation: str, _: Params) -> Iterator[Need]:
    # What answers a task names it by a token; the leave is for its machine.
    execution = _MACHINE.replace(":stateMachine:", ":execution:") + ":name"
    yield Need(f"states:{operation}", execution if operation == "DescribeExecution" else _MACHINE)


def _of_bus(operation: str, _: Params) -> Iterator[Need]:
    yield Need(f"events:{operation}", f"arn:aws:events:{_HERE}:event-bus/default")
