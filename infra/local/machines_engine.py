"""ministack's Step Functions on a socket that listens already; runs in ministack's own virtual environment.

Usage: python -m infra.local.machines_engine HOST PORT FD NAME DEFINITION BRIDGE. It ends when its standard input
closes: with its parent. It knows one state machine, made from the definition file when it starts, and forgets every
execution when it ends: a request's item is the truth, and the sweeper starts an execution for each that is open and has
none.

Where ministack would run a Lambda we POST the event to the bridge, which calls the function in the stack's own process.
AUTH makes ministack check signatures, so a web page that found the port could start nothing.
"""

import asyncio
import http.client
import json
import os
import re
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from infra.local.s3_engine import end_with_parent, guarded

ACCOUNT = "000000000000"
REGION = "us-east-1"
SECRET_HEADER = "X-Cumulog-Bridge"  # noqa: S105 - the header's name
# A Lambda lives 30 s (chalicelib/storage/connection.py relies on it).
_CALL_SECONDS = 35

Post = Callable[[str, Any], dict[str, Any]]


def configure(host: str, port: str) -> None:
    """ministack reads its settings from the environment when it is imported. SFN_WAIT_SCALE is left as it comes."""
    os.environ.update(
        SERVICES="states",
        AUTH="true",
        MINISTACK_HOST=host,
        GATEWAY_PORT=port,
        LOG_LEVEL="WARNING",
        SFTP_ENABLED="0",
        IOT_MTLS_ENABLED="0",
        DOCKER_HOST="unix:///nonexistent",
    )


def filled(definition: str) -> str:
    """The definition with a Lambda's ARN for each `${…Function}`; functions have the names of states, in snake_case."""
    return re.sub(r"\$\{(\w+)Function\}", lambda found: _arn(snake_case(found[1])), definition)


def snake_case(state: str) -> str:
    """WaitForDecision → wait_for_decision."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", state).lower()


def _arn(function: str) -> str:
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function}"


def bridged(states: Any, post: Post) -> Callable[[str, Any], Any]:
    """What takes the place of ministack's call of a Lambda; `states` is its module of Step Functions."""

    def call(function: str, event: Any) -> Any:
        answer = post(function.rpartition(":")[2], event)
        if "error" in answer:
            _fail_waiting(states, event, answer)
            raise states._ExecutionError(answer["error"], answer["cause"])
        return answer["result"]

    return call


def _fail_waiting(states: Any, event: Any, answer: dict[str, Any]) -> None:
    # ministack goes on waiting for a token when the function that was to take it crashed; Step Functions does not.
    waiting = states._task_tokens.get(event.get("token"))
    if waiting:
        waiting["error"] = {"Error": answer["error"], "Cause": answer["cause"]}
        waiting["event"].set()


def with_timeout_paths(states: Any) -> Callable[..., Any]:
    """ministack's `_execute_task`, which knows TimeoutSeconds and not TimeoutSecondsPath."""
    execute = states._execute_task

    def execute_task(state: dict[str, Any], raw_input: Any, execution: Any, context: Any) -> Any:
        path = state.get("TimeoutSecondsPath")
        if path:
            state = {**state, "TimeoutSeconds": states._resolve_path_or_ctx(path, raw_input, context)}
        return execute(state, raw_input, execution, context)

    return execute_task


def poster(bridge: str, secret: str) -> Post:
    """Sends events to the bridge at that URL. What keeps it from answering is a failure of the Lambda service."""

    def post(function: str, event: Any) -> dict[str, Any]:
        connection = http.client.HTTPConnection(urlsplit(bridge).netloc, timeout=_CALL_SECONDS)
        try:
            connection.request("POST", f"/{function}", json.dumps(event), {SECRET_HEADER: secret})
            answer: dict[str, Any] = json.loads(connection.getresponse().read())
        except (OSError, http.client.HTTPException, ValueError) as error:
            return {"error": "Lambda.ServiceException", "cause": str(error)}
        finally:
            connection.close()
        return answer

    return post


def main() -> None:
    host, port, descriptor, name, definition, bridge = sys.argv[1:]
    configure(host, port)
    threading.Thread(target=end_with_parent, daemon=True).start()
    # After configure(), and absent from the environment that the rest of the stack runs in.
    from hypercorn.asyncio import serve  # noqa: PLC0415
    from hypercorn.config import Config  # noqa: PLC0415
    from ministack.app import app  # noqa: PLC0415
    from ministack.services import stepfunctions  # noqa: PLC0415

    # Its own names, and no settings: tests/contract/test_transition_machine.py tells when another version changes them.
    stepfunctions._call_lambda = bridged(stepfunctions, poster(bridge, os.environ["BRIDGE_SECRET"]))
    stepfunctions._execute_task = with_timeout_paths(stepfunctions)
    # No role: with one ministack asks whether it exists, and here nothing is done in its name.
    machine = {"name": name, "roleArn": "", "definition": filled(Path(definition).read_text())}
    made = stepfunctions._create_state_machine(machine)
    if made[0] != 200:
        sys.exit(f"The state machine was refused: {made[2]!r}")
    config = Config()
    config.bind = [f"fd://{descriptor}"]
    config.keep_alive_timeout = 75
    config.loglevel = "WARNING"
    asyncio.run(serve(guarded(app, f"{host}:{port}"), config))


if __name__ == "__main__":
    main()
