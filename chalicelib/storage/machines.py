"""Step Functions: starting the execution that drives a transition request, and answering the one that waits.

The request's item is authoritative and an execution only drives it, so each call here may come twice, late, or for an
execution that is gone. The local stack has an interpreter of the same definition (infra/local/machines.py).
"""

import json
from functools import cache
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.config import settings
from chalicelib.errors import InvalidState
from chalicelib.storage import clients
from chalicelib.storage.failures import translated

# The range of TimeoutSecondsPath; any other value ends an execution with an error that no state can catch.
_SHORTEST_WAIT = 1
_LONGEST_WAIT = 99_999_999
_MOST_EXECUTIONS = 20
_MOST_CAUSE = 32_768
_GONE = frozenset({"TaskDoesNotExist", "TaskTimedOut", "InvalidToken"})


def is_configured() -> bool:
    """Whether this installation has a state machine for transitions."""
    return settings().transition_machine is not None


def start(model_id: str, request_id: str, expires_in_seconds: int) -> None:
    """Start the execution named after the request. Does nothing if it was started before.

    Raises InvalidState without a state machine, errors.RetryLater if Step Functions does not answer.
    """
    _start(request_id, _input(model_id, request_id, expires_in_seconds))


def resume(model_id: str, request_id: str, expires_in_seconds: int) -> bool:
    """Make sure that an execution drives a request that is still open. Returns whether one does.

    Step Functions reserves a name for 90 days after its execution ended, so a second one is called `<request id>-2`.
    Raises as `start` does.
    """
    text = _input(model_id, request_id, expires_in_seconds)
    names = [request_id, *(f"{request_id}-{number}" for number in range(2, _MOST_EXECUTIONS + 1))]
    return any(_start(name, text) or _is_running(name) for name in names)


def succeed(token: str, status: str) -> bool:
    """Wake the execution that waits with this token; False if none waits. `status` is the request's present one."""
    return _answered("send_task_success", taskToken=token, output=json.dumps({"status": status}))


def fail(token: str, error: str, cause: str) -> bool:
    """Wake the execution that waits with this token with an error: "Rejected" or "Canceled". False if none waits."""
    return _answered("send_task_failure", taskToken=token, error=error, cause=cause[:_MOST_CAUSE])


@cache
def client() -> Any:
    """botocore's Step Functions client, created on first use: few requests need it."""
    return clients.make("stepfunctions", settings().states_endpoint, region=_machine().split(":")[3])


def forget() -> None:
    """Drop the client, for a test that changes the endpoint."""
    client.cache_clear()


def _machine() -> str:
    machine = settings().transition_machine
    if machine is None:
        raise InvalidState(
            "This installation cannot wait for approvals: CUMULOG_TRANSITION_MACHINE names no state machine."
        )
    return machine


def _input(model_id: str, request_id: str, expires_in_seconds: int) -> str:
    wait = min(max(expires_in_seconds, _SHORTEST_WAIT), _LONGEST_WAIT)
    return json.dumps({"model_id": model_id, "request_id": request_id, "expires_in_seconds": wait})


def _start(name: str, text: str) -> bool:
    """Whether this call started it, or might have: a call whose reply was lost finds its own execution."""
    with translated():
        try:
            client().start_execution(stateMachineArn=_machine(), name=name, input=text)
        except ClientError as error:
            if _code(error) != "ExecutionAlreadyExists":
                raise
            return False
    return True


def _is_running(name: str) -> bool:
    arn = _machine().replace(":stateMachine:", ":execution:") + ":" + name
    with translated():
        return bool(client().describe_execution(executionArn=arn)["status"] == "RUNNING")


def _answered(call: str, **request: str) -> bool:
    with translated():
        try:
            getattr(client(), call)(**request)
        except ClientError as error:
            if _code(error) not in _GONE:
                raise
            return False
    return True


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))
