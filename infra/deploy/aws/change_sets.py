"""Change sets: what a template would change in a stack, before it does."""

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
# Change sets that were not executed; CloudFormation itself keeps or removes the executed ones.
_UNTOUCHED = ("AVAILABLE", "UNAVAILABLE")
# CloudFormation's wording when nothing would change, which it reports as a failure.
_NOTHING = ("didn't contain changes", "No updates are to be performed")


@dataclass(frozen=True)
class ChangeSet:
    """`changes` is empty if there is nothing to do; then the change set cannot be executed."""

    id: str
    stack_id: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Wanted:
    """`url` is the template's; `kind` is CREATE, UPDATE, or IMPORT of the resources in `imports`."""

    url: str
    kind: str
    parameters: list[dict[str, Any]]
    imports: tuple[Holder, ...] = ()


@contextmanager
def proposed(client: Any, place: Place, wanted: Wanted) -> Iterator[ChangeSet]:
    """A change set with the changes that CloudFormation computes. Unless the block executes it, nothing stays of it.

    Raises Failed with CloudFormation's reason if it refuses the template.
    """
    made = client.create_change_set(
        StackName=place.stack,
        # A name must begin with a letter; the time makes it unique among the deployments.
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
            raise Failed(f"CloudFormation refused the template: {described.get('StatusReason', 'it gave no reason')}")
        yield ChangeSet(made["Id"], made["StackId"], tuple(described["Changes"]))
    finally:
        _discard(client, made["Id"], made["StackId"])


def _of_kind(place: Place, wanted: Wanted) -> dict[str, Any]:
    if wanted.kind == "IMPORT":
        # An import must not set tags.
        return {"ResourcesToImport": [holder.identifier() for holder in wanted.imports]}
    # CloudFormation passes the tag on to every resource that can have one, for the bill.
    return {"Tags": [{"Key": "cumulog-stage", "Value": place.stage}]}


def execute(client: Any, change_set: ChangeSet) -> None:
    """Start the execution of a change set."""
    client.execute_change_set(ChangeSetName=change_set.id)


def _discard(client: Any, change_set_id: str, stack_id: str) -> None:
    """Delete a change set that was not executed, or the empty stack that CREATE has made for it."""
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
    """The change set with the changes of all pages, once CloudFormation has computed them."""
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
