"""The transition machine on its interpreter, and requests that are nothing but a status, with tasks to go with them."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from chalicelib.config import settings
from chalicelib.storage import machines
from infra.local import machines as local
from infra.local.bridge import Functions
from infra.local.machines import Interpreter

KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
MODEL = "m" * 32
_SECONDS = 60


@contextmanager
def interpreter(functions: Functions, folder: Path) -> Iterator[Interpreter]:
    """The machine, with no pause between two attempts of a task; `settled` and `storage.machines` find it."""
    named = ("CUMULOG_STATES_ENDPOINT", "CUMULOG_TRANSITION_MACHINE")
    with local.interpreting(functions, KEYS, folder / "machines.log", wait_scale=0) as running:
        os.environ.update(zip(named, (running.address.url, local.ARN), strict=True))
        forget()
        try:
            yield running
        finally:
            for name in named:
                del os.environ[name]
            forget()


def forget() -> None:
    settings.cache_clear()
    machines.forget()


def executions() -> dict[str, str]:
    """The status of every execution, by its name."""
    found = machines.client().list_executions(stateMachineArn=local.ARN)["executions"]
    return {each["name"]: each["status"] for each in found}


def settled(name: str) -> dict[str, Any]:
    """The execution, once it has ended."""
    arn = local.ARN.replace(":stateMachine:", ":execution:") + ":" + name
    return until(lambda: _ended(machines.client().describe_execution(executionArn=arn)))


def until(ask: Any) -> Any:
    """What `ask` answers, once that is something."""
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline:
        if answer := ask():
            return answer
        time.sleep(0.02)
    raise AssertionError("It did not happen.")


def _ended(execution: dict[str, Any]) -> dict[str, Any] | None:
    return execution if execution["status"] != "RUNNING" else None


class Crash(Exception):
    """What nobody foresaw."""


class Requests:
    """Stands in for the request's items: `status` by id, the `calls` of each task, and what a task raises next."""

    def __init__(self) -> None:
        self.status: dict[str, str] = {}
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.crashes: dict[str, list[Exception]] = {}
        self.token: dict[str, str] = {}

    def functions(self) -> dict[str, Any]:
        """The tasks by name, each noted and made to crash where the test says so."""
        tasks = ("validate", "wait_for_decision", "apply", "reject", "expire", "fail", "announce")
        return {name: self._task(name) for name in tasks}

    def called(self) -> list[str]:
        return [name for name, _ in self.calls]

    def events(self, task: str) -> list[dict[str, Any]]:
        return [event for name, event in self.calls if name == task]

    def decide(self, request: str, status: str) -> None:
        """What an approver's call does: the item first, then the execution."""
        token = until(lambda: self.token.get(request))
        self.status[request] = status
        if status == "APPROVED":
            assert machines.succeed(token, status)
        else:
            assert machines.fail(token, status.capitalize(), "not good enough")

    def _task(self, name: str) -> Any:
        def run(event: dict[str, Any]) -> dict[str, str]:
            self.calls.append((name, event))
            if self.crashes.get(name):
                raise self.crashes[name].pop()
            return getattr(self, name)(event) or {"status": self.status[event["request_id"]]}

        return run

    def validate(self, event: dict[str, Any]) -> None:
        """Nothing to do, as for `reject`: the status is what is asked for."""

    reject = announce = validate

    def wait_for_decision(self, event: dict[str, Any]) -> None:
        self.token[event["request_id"]] = event["token"]
        if self.status[event["request_id"]] != "PENDING":
            machines.succeed(event["token"], self.status[event["request_id"]])

    def apply(self, event: dict[str, Any]) -> None:
        self.status[event["request_id"]] = "APPLIED"

    def expire(self, event: dict[str, Any]) -> None:
        if self.status[event["request_id"]] == "PENDING":
            self.status[event["request_id"]] = "EXPIRED"

    def fail(self, event: dict[str, Any]) -> None:
        self.status[event["request_id"]] = "FAILED"
