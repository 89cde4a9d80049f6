"""CloudFormation's stacks: finding one, and following its events."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from infra.deploy.aws import states
from infra.deploy.aws.account import code_of

# Small changes are done at once; for the others, CloudFormation throttles more frequent calls.
_FIRST_PAUSE_SECONDS = 0.1
_PAUSE_SECONDS = 2.0

Say = Callable[[str], None]


@dataclass(frozen=True)
class Stack:
    id: str
    status: str
    parameters: dict[str, str]
    outputs: dict[str, str]


def find(client: Any, name: str) -> Stack | None:
    """The stack with this name or id as it is now. A deleted stack is found only by its id."""
    try:
        [found] = client.describe_stacks(StackName=name)["Stacks"]
    except ClientError as error:
        # AWS has no separate code for a stack that does not exist.
        if code_of(error) == "ValidationError" and "does not exist" in str(error):
            return None
        raise
    return Stack(
        id=found["StackId"],
        status=found["StackStatus"],
        parameters={each["ParameterKey"]: each["ParameterValue"] for each in found.get("Parameters", [])},
        outputs={each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", [])},
    )


class Follower:
    """Reports the events of one stack from now on, until CloudFormation is done.

    Make it before the operation starts: earlier events are not reported, so no event is missed or reported twice.
    """

    def __init__(self, client: Any, stack_id: str, say: Say) -> None:
        self._client, self._stack_id, self._say = client, stack_id, say
        self._seen = {event["EventId"] for event in self._events()}

    def wait(self) -> str:
        """Wait until CloudFormation is done; returns the stack's final state. Reports failures with their reasons."""
        pause = _FIRST_PAUSE_SECONDS
        while True:
            # First the state, then the events, so that the events that led to the final state are included.
            status = self._status()
            for event in reversed(list(self._new_events())):
                self._seen.add(event["EventId"])
                self._report(event)
            if not states.is_moving(status):
                return status
            time.sleep(pause)
            pause = min(_PAUSE_SECONDS, 2 * pause)

    def _report(self, event: dict[str, Any]) -> None:
        status, reason = event["ResourceStatus"], event.get("ResourceStatusReason", "")
        if status.endswith("_FAILED"):
            self._say(f"  {status} {event['LogicalResourceId']} ({event['ResourceType']}): {reason}")
        elif status.endswith(("_COMPLETE", "_SKIPPED")):
            self._say(f"  {status} {event['LogicalResourceId']} ({event['ResourceType']})")

    def _status(self) -> str:
        found = find(self._client, self._stack_id)
        return found.status if found else "DELETE_COMPLETE"

    def _new_events(self) -> Iterator[dict[str, Any]]:
        # Newest first, so the first known event ends the reading.
        for event in self._events():
            if event["EventId"] in self._seen:
                return
            yield event

    def _events(self) -> Iterator[dict[str, Any]]:
        pages = self._client.get_paginator("describe_stack_events").paginate(StackName=self._stack_id)
        for page in pages:
            yield from page["StackEvents"]
