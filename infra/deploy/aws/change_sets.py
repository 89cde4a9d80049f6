"""Change sets: what a template would do to a stack, before it does."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from infra.deploy.aws import stacks, states
from infra.deploy.aws.account import code_of
from infra.deploy.aws.changes import Change
from infra.deploy.aws.errors import Failed
from infra.deploy.aws.names import Place
from infra.deploy.aws.template import Holder

_CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
_PAUSE_SECONDS = 0.5
# Executed ones are CloudFormation's to keep or to remove.
_UNTOUCHED = ("AVAILABLE", "UNAVAILABLE")
# How CloudFormation words it when nothing would change; it calls that a failure.
_NOTHING = ("didn't contain changes", "No updates are to be performed")


@dataclass(frozen=True)
class ChangeSet:
    """`changes` is empty when there is nothing to do; then it cannot be executed."""

    id: str
    stack_id: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Wanted:
    """`url` is where the template lies; `kind` is CREATE, UPDATE, or IMPORT for what is in `imports`."""

    url: str
    kind: str
    parameters: list[dict[str, Any]]
    imports: tuple[Holder, ...] = ()


@contextmanager
def proposed(client: Any, place: Place, wanted: Wanted) -> Iterator[ChangeSet]:
    """What would change, as CloudFormation works it out. What the block does not execute leaves nothing behind.

    Raises Failed with CloudFormation's reason if it refuses the template.
    """
    made = client.create_change_set(
        StackName=place.stack,
        # A name begins with a letter; the time keeps it apart from those of earlier deployments.
        ChangeSetName=f"deploy-{time.time_ns() // 1_000_000}",
        ChangeSetType=wanted.kind,
        TemplateURL=wanted.url,
        Parameters=wanted.parameters,
        Capabilities=_CAPABILITIES,
        **_of_kind(place, wanted),
    )
    try:
        described = _settled(client, made["Id"])
        if described["Status"] == "FAILED" and not _says_nothing(described):
            raise Failed(f"CloudFormation refuses the template: {described.get('StatusReason', 'it gives no reason')}")
        yield ChangeSet(made["Id"], made["StackId"], tuple(described["Changes"]))
    finally:
        _discard(client, made["Id"], made["StackId"])


def _of_kind(place: Place, wanted: Wanted) -> dict[str, Any]:
    if wanted.kind == "IMPORT":
        # An import may not bring tags along.
        return {"ResourcesToImport": [holder.identifier() for holder in wanted.imports]}
    # CloudFormation hands it on to all that can carry a tag, for the bill.
    return {"Tags": [{"Key": "cumulog-stage", "Value": place.stage}]}


def execute(client: Any, change_set: ChangeSet) -> None:
    """Begin to carry it out."""
    client.execute_change_set(ChangeSetName=change_set.id)


def _discard(client: Any, change_set_id: str, stack_id: str) -> None:
    """Leave nothing of a change set that was not executed, nor of the empty stack that CREATE has made for it."""
    stack = stacks.find(client, stack_id)
    if stack and stack.status == states.UNBORN:
        client.delete_stack(StackName=stack_id)
    elif stack and _execution(client, change_set_id) in _UNTOUCHED:
        client.delete_change_set(ChangeSetName=change_set_id)


def _execution(client: Any, change_set_id: str) -> str:
    try:
        return str(client.describe_change_set(ChangeSetName=change_set_id)["ExecutionStatus"])
    except ClientError as error:
        if code_of(error) != "ChangeSetNotFound":
            raise
        return "GONE"


def _settled(client: Any, name: str) -> dict[str, Any]:
    """The change set with its changes of all pages, once CloudFormation is done with it."""
    while True:
        page = client.describe_change_set(ChangeSetName=name)
        if page["Status"] in ("CREATE_COMPLETE", "FAILED"):
            break
        time.sleep(_PAUSE_SECONDS)
    changes = [each["ResourceChange"] for each in page.get("Changes", [])]
    while token := page.get("NextToken"):
        page = client.describe_change_set(ChangeSetName=name, NextToken=token)
        changes += [each["ResourceChange"] for each in page["Changes"]]
    return {**page, "Changes": changes}


def _says_nothing(described: Mapping[str, Any]) -> bool:
    return any(words in described.get("StatusReason", "") for words in _NOTHING)
