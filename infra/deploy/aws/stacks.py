"""CloudFormation's stacks: how one is, and following what happens to it."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from infra.deploy.aws import states
from infra.deploy.aws.account import code_of

# Small changes are done at once; for the others, CloudFormation throttles those who ask more often than this.
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
    """The stack of this name or id as it is now. One that was deleted is found by its id alone."""
    try:
        [found] = client.describe_stacks(StackName=name)["Stacks"]
    except ClientError as error:
        # There is no code of its own for a stack that does not exist.
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
    """Says what happens to one stack from now on, until CloudFormation rests.

    Made before the operation starts: events from before are not said, so none is missed and none said twice.
    """

    def __init__(self, client: Any, stack_id: str, say: Say) -> None:
        self._client, self._stack_id, self._say = client, stack_id, say
        self._seen = {event["EventId"] for event in self._events()}

    def wait(self) -> str:
        """The state in which the stack rests. Failures are said with their reasons as they come."""
        pause = _FIRST_PAUSE_SECONDS
        while True:
            # First the state, then the events: so those that led to the last state are among them.
            status = self._status()
            for event in reversed(list(self._new_events())):
                self._seen.add(event["EventId"])
                self._tell(event)
            if not states.is_moving(status):
                return status
            time.sleep(pause)
            pause = min(_PAUSE_SECONDS, 2 * pause)

    def _tell(self, event: dict[str, Any]) -> None:
        status, reason = event["ResourceStatus"], event.get("ResourceStatusReason", "")
        if status.endswith("_FAILED"):
            self._say(f"  {status} {event['LogicalResourceId']} ({event['ResourceType']}): {reason}")
        elif status.endswith(("_COMPLETE", "_SKIPPED")):
            self._say(f"  {status} {event['LogicalResourceId']} ({event['ResourceType']})")

    def _status(self) -> str:
        found = find(self._client, self._stack_id)
        return found.status if found else "DELETE_COMPLETE"

    def _new_events(self) -> Iterator[dict[str, Any]]:
        # Newest first, so the first one that was seen before ends the reading.
        for event in self._events():
            if event["EventId"] in self._seen:
                return
            yield event

    def _events(self) -> Iterator[dict[str, Any]]:
        pages = self._client.get_paginator("describe_stack_events").paginate(StackName=self._stack_id)
        for page in pages:
            yield from page["StackEvents"]
