"""Transition requests driven by the definition that is deployed, on its interpreter: each way through, and crashes."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.approvals import driving, requests, resuming
from chalicelib.approvals.machine import tasks
from chalicelib.approvals.rules import Policy
from chalicelib.storage import events, machines, objects
from infra.local import machines as local
from tests.contract import approvals
from tests.contract.approvals import World
from tests.contract.approvals import bucket as bucket
from tests.contract.approvals import memory as memory
from tests.contract.machines import executions, interpreter, settled, until

BEFORE, AFTER = "before", "after"
EXECUTIONS = local.ARN.replace(":stateMachine:", ":execution:")


class Ended(Exception):
    """The Lambda's process ended."""


class Tasks:
    """The real tasks by name, noted; `crash` ends one of them, once, before or after it did its work."""

    def __init__(self) -> None:
        self.called: list[str] = []
        self.crash: tuple[str, str] | None = None

    def functions(self) -> dict[str, Callable[[Any], Any]]:
        return {name: self._noted(name, task) for name, task in tasks.BY_NAME.items()}

    def _noted(self, name: str, task: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def run(event: dict[str, Any]) -> Any:
            self.called.append(name)
            if self._crashes(name, BEFORE):
                raise Ended
            answer = task(event)
            if self._crashes(name, AFTER):
                raise Ended
            return answer

        return run

    def _crashes(self, name: str, when: str) -> bool:
        found = self.crash == (name, when)
        if found:
            self.crash = None
        return found


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    functions: dict[str, Any] = {}
    with interpreter(functions, tmp_path_factory.mktemp("machines")):
        yield functions


@pytest.fixture
def machine(engine: dict[str, Any], bucket: None) -> Tasks:
    found = Tasks()
    engine.clear()
    engine.update(found.functions())
    return found


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The kinds of the events that were put."""
    found: list[str] = []
    monkeypatch.setattr(events, "put", lambda kind, _detail: found.append(kind))
    return found


def waits(request_id: str) -> None:
    """Return once an execution waits for the decision."""
    until(lambda: [task for task in _waiting() if task == request_id])


def _waiting() -> list[str]:
    return [task.sk for task in driving.waiting()]


def opened(world: World) -> str:
    request_id = approvals.opened(world).request_id
    waits(request_id)
    return request_id


def ended(request_id: str) -> str:
    settled(request_id)
    return requests.load(request_id).status


def test_two_approvals_bring_a_version_to_production(machine, announced):
    world = approvals.make()
    request_id = opened(world)

    assert approvals.approved(request_id, "bea").status == "PENDING"
    assert approvals.observe(world)["versions"] == ["None", "Production"]
    approvals.approved(request_id, "cem")

    assert settled(request_id)["status"] == "SUCCEEDED"
    assert machine.called == ["validate", "wait_for_decision", "apply", "announce"]
    assert approvals.observe(world) == {
        "links": [
            ("ada", "request:create"),
            ("bea", "request:approve"),
            ("cem", "request:approve"),
            ("cumulog:transition", "version:stage:set"),
        ],
        "statuses": ["APPLIED"],
        "stages": {"Archived": "2", "Production": "1"},
        "versions": ["Production", "Archived"],
        "open": 0,
    }
    told = ["request.create", "request.approve", "request.approve", "version.stage.set"]
    assert announced[1:] == [f"registry.{each}" for each in told]
    assert _waiting() == []


@pytest.mark.parametrize(
    ("end", "status"), [(approvals.rejected, "REJECTED"), (approvals.canceled, "CANCELED")], ids=["reject", "cancel"]
)
def test_a_request_that_is_turned_down_ends_its_execution(machine, announced, end, status):
    world = approvals.make()
    request_id = opened(world)

    end(request_id, "ada" if status == "CANCELED" else "bea")

    assert ended(request_id) == status
    assert machine.called == ["validate", "wait_for_decision", "reject", "announce"]
    assert approvals.observe(world)["versions"] == ["None", "Production"]
    assert announced[-1] == ("registry.request.cancel" if status == "CANCELED" else "registry.request.reject")
    assert announced.count(announced[-1]) == 1


def test_a_request_expires_when_its_time_has_come(machine, announced):
    world = approvals.make()
    request_id = opened(world)

    with clock.frozen(int(requests.load(request_id).expires)):
        resuming.resume()

        assert ended(request_id) == "EXPIRED"
    assert announced[-1] == "registry.request.expire"
    assert approvals.observe(world)["links"][-1] == ("cumulog:transition", "request:expire")


def test_the_machine_ends_a_request_that_nobody_sweeps(machine, announced):
    world = approvals.make(Policy(expires_in_seconds=1))

    # However slow this machine is, its time is not over before anybody waits.
    with clock.frozen(clock.now_ms()):
        request_id = opened(world)

    assert ended(request_id) == "EXPIRED"
    assert machine.called[:3] == ["validate", "wait_for_decision", "expire"]
    assert announced[-1] == "registry.request.expire"


def test_one_byte_changed_after_the_approval_is_refused(machine, announced):
    world = approvals.make()
    request_id = opened(world)
    approvals.approved(request_id, "bea")
    objects.put(world.file, b"0123456780")

    approvals.approved(request_id, "cem")

    assert settled(request_id)["error"] == "TransitionFailed"
    assert requests.load(request_id).status == "FAILED"
    assert "files" in str(requests.load(request_id).reason)
    assert approvals.observe(world)["versions"] == ["None", "Production"]
    assert approvals.observe(world)["links"][-1] == ("cumulog:transition", "request:fail")
    assert announced[-1] == "registry.request.fail"


WAYS = {
    "validate": "APPLIED",
    "wait_for_decision": "APPLIED",
    "apply": "APPLIED",
    "announce": "APPLIED",
    "reject": "REJECTED",
    "expire": "EXPIRED",
}


@pytest.mark.sampled(keep=1, by="task")
@pytest.mark.parametrize("when", [BEFORE, AFTER])
@pytest.mark.parametrize(("task", "status"), WAYS.items())
def test_a_task_that_crashes_is_done_again_and_its_work_once(machine, task, status, when):
    world = approvals.make(Policy(needed=2, expires_in_seconds=1 if status == "EXPIRED" else 600))
    machine.crash = (task, when)
    with clock.frozen(clock.now_ms()):
        request_id = opened(world)

    if status == "APPLIED":
        approvals.approved(request_id, "bea", "cem")
    elif status == "REJECTED":
        approvals.rejected(request_id, "bea")

    assert ended(request_id) == status
    assert machine.crash is None
    links = Counter(action for _, action in approvals.observe(world)["links"])
    assert links["version:stage:set"] == (status == "APPLIED")
    assert links["request:reject"] == (status == "REJECTED")
    assert links["request:expire"] == (status == "EXPIRED")
    assert links["request:fail"] == 0


def test_a_request_whose_execution_was_never_started_is_taken_up(machine, monkeypatch):
    world = approvals.make()
    with monkeypatch.context() as patched:
        # Our process ends between the transaction and the start.
        patched.setattr(machines, "start", lambda *_: None)
        request_id = approvals.opened(world).request_id
    assert request_id not in executions()

    resuming.resume()
    waits(request_id)
    approvals.approved(request_id, "bea", "cem")

    assert ended(request_id) == "APPLIED"


def test_an_approval_that_woke_nobody_is_heard_in_the_next_round(machine, monkeypatch):
    world = approvals.make()
    request_id = opened(world)
    with monkeypatch.context() as patched:
        patched.setattr(machines, "succeed", lambda *_: pytest.fail("our process has ended"))
        with pytest.raises(pytest.fail.Exception):
            approvals.approved(request_id, "bea", "cem")

    resuming.resume()

    assert ended(request_id) == "APPLIED"
    assert executions()[request_id] == "SUCCEEDED"


def test_a_rejection_that_woke_nobody_is_heard_in_the_next_round(machine, announced, monkeypatch):
    world = approvals.make()
    request_id = opened(world)
    with monkeypatch.context() as patched:
        patched.setattr(machines, "fail", lambda *_: pytest.fail("our process has ended"))
        with pytest.raises(pytest.fail.Exception):
            approvals.rejected(request_id, "bea")

    resuming.resume()

    assert ended(request_id) == "REJECTED"
    assert announced[-1] == "registry.request.reject"


def test_an_execution_that_was_stopped_is_replaced(machine):
    world = approvals.make()
    request_id = opened(world)
    machines.client().stop_execution(executionArn=f"{EXECUTIONS}:{request_id}")
    settled(request_id)

    resuming.resume()
    until(lambda: executions().get(f"{request_id}-2"))
    approvals.approved(request_id, "bea", "cem")
    resuming.resume()

    assert settled(f"{request_id}-2")["status"] == "SUCCEEDED"
    assert requests.load(request_id).status == "APPLIED"


def test_the_last_approval_starts_another_execution_at_once_where_the_first_is_gone(machine):
    world = approvals.make()
    request_id = opened(world)
    machines.client().stop_execution(executionArn=f"{EXECUTIONS}:{request_id}")
    settled(request_id)
    # As after a restart of the interpreter: the token is nobody's.
    driving.keep(request_id, "gone")

    approvals.approved(request_id, "bea", "cem")

    assert settled(f"{request_id}-2")["status"] == "SUCCEEDED"
    assert requests.load(request_id).status == "APPLIED"
