"""Transition requests with everything that can go wrong around them: each step happens once, whole, and is audited."""

import functools
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.approvals import requests, resuming
from chalicelib.approvals.machine import tasks
from chalicelib.approvals.rules import Policy
from chalicelib.errors import CumulogError
from chalicelib.storage import objects
from tests.contract import approvals
from tests.contract.approvals import World
from tests.contract.approvals import bucket as bucket
from tests.contract.approvals import memory as memory
from tests.contract.at_once import at_once
from tests.contract.faults import Crash, Fault, injected, once
from tests.sampling import some, times

pytestmark = pytest.mark.usefixtures("bucket")

FAR = 10**15
WRITES = frozenset({"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"})


@dataclass(frozen=True)
class Step:
    """Brings a new world so far that `act` can be done, with the id of its request; and the links that `act` adds."""

    prepare: Callable[[World], str]
    act: Callable[[World, str], object]
    links: int = 1


def _opened(world: World) -> str:
    return approvals.opened(world).request_id


def _once_approved(world: World) -> str:
    return approvals.approved(_opened(world), "bea").request_id


def _approved(world: World) -> str:
    return approvals.approved(_opened(world), "bea", "cem").request_id


def _tampered(world: World) -> str:
    request_id = _approved(world)
    objects.put(world.file, b"0123456780")
    return request_id


def _event(request_id: str) -> dict[str, str]:
    return {"request_id": request_id, "error": "Crash", "cause": "for ever", "token": "token"}


def _later(act: Callable[[], object]) -> object:
    with clock.frozen(FAR):
        return act()


STEPS = {
    "open": Step(lambda world: "", lambda world, _: approvals.opened(world)),
    "approve": Step(_opened, lambda _, each: approvals.approved(each, "bea")),
    "approve last": Step(_once_approved, lambda _, each: approvals.approved(each, "cem")),
    "reject": Step(_once_approved, lambda _, each: approvals.rejected(each, "cem")),
    "cancel": Step(_opened, lambda _, each: approvals.canceled(each)),
    "validate": Step(_opened, lambda _, each: tasks.validate(_event(each)), links=0),
    "wait for decision": Step(_opened, lambda _, each: tasks.wait_for_decision(_event(each)), links=0),
    "apply": Step(_approved, lambda _, each: tasks.apply(_event(each))),
    "apply other files": Step(_tampered, lambda _, each: tasks.apply(_event(each))),
    "announce": Step(_approved, lambda _, each: tasks.announce(_event(each)), links=0),
    "expire": Step(_opened, lambda _, each: _later(lambda: tasks.expire(_event(each)))),
    "fail": Step(_approved, lambda _, each: tasks.fail(_event(each))),
    "reject by machine": Step(_opened, lambda _, each: tasks.reject(_event(each))),
    "resume": Step(_approved, lambda _, each: resuming.resume()),
}

every_step = pytest.mark.parametrize("name", STEPS)
of_each_step = pytest.mark.sampled(keep=1, by="name")
REQUESTS = 1


@functools.cache
def _clean(name: str) -> tuple[list[str], Any]:
    """The requests that a step makes when nothing fails, and what is to be seen afterwards."""
    step = STEPS[name]
    world = approvals.make()
    request_id = step.prepare(world)
    before = approvals.observe(world)
    with pytest.MonkeyPatch.context() as patched, injected(lambda _at, _operation: None, patched) as sent:
        step.act(world, request_id)
    after = approvals.observe(world)
    assert len(after["links"]) == len(before["links"]) + step.links
    return list(sent), after


@every_step
def test_a_step_that_is_done_twice_is_done_once(name):
    step = STEPS[name]
    _, expected = _clean(name)
    world = approvals.make()
    request_id = step.prepare(world)

    for _ in range(2):
        step.act(world, request_id)

    assert approvals.observe(world) == expected


@of_each_step
@every_step
@pytest.mark.parametrize("fault", [Fault.THROTTLED, Fault.LOST, Fault.CONFLICT], ids=lambda fault: fault.name)
def test_one_failed_request_is_not_noticed(name, fault, monkeypatch):
    step = STEPS[name]
    sent, expected = _clean(name)
    failing = [at for at, operation in enumerate(sent) if fault is not Fault.CONFLICT or operation in WRITES]

    for at in some(failing, REQUESTS):
        world = approvals.make()
        request_id = step.prepare(world)
        with injected(once(at, fault), monkeypatch):
            step.act(world, request_id)

        assert approvals.observe(world) == expected, sent[at]


@of_each_step
@every_step
@pytest.mark.parametrize("fault", [Fault.CRASH_BEFORE, Fault.CRASH_AFTER], ids=lambda fault: fault.name)
def test_a_crash_at_any_request_leaves_what_a_retry_completes(name, fault, monkeypatch):
    step = STEPS[name]
    sent, expected = _clean(name)

    for at in some(range(len(sent)), REQUESTS):
        world = approvals.make()
        request_id = step.prepare(world)
        with injected(once(at, fault), monkeypatch), pytest.raises(Crash):
            step.act(world, request_id)
        step.act(world, request_id)

        assert approvals.observe(world) == expected, sent[at]


def answers_at_once(work: Callable[[int], object], workers: int) -> list[object]:
    """What each worker returns, or the error that it was told."""

    def answered(worker: int) -> object:
        try:
            return work(worker)
        except CumulogError as error:
            return error

    return at_once(answered, workers)


def test_sixteen_who_ask_at_once_open_one_request():
    world = approvals.make()

    found = answers_at_once(lambda worker: approvals.opened(world, f"user {worker}").request_id, 16)

    assert len(set(found)) == 1
    assert approvals.observe(world)["links"] == [(f"user {_winner(world)}", "request:create")]


def _winner(world: World) -> str:
    return requests.page(world.model_id, "", 1, lambda _: True)[0][0].requester.removeprefix("user ")


def test_of_sixteen_approvals_at_once_those_that_are_needed_count():
    world = approvals.make(Policy(needed=5))
    request_id = _opened(world)

    answers = answers_at_once(lambda worker: approvals.approved(request_id, f"user {worker}").status, 16)

    told = Counter(answer if isinstance(answer, str) else answer.error_code for answer in answers)
    assert told == {"PENDING": 4, "APPROVED": 1, "INVALID_STATE": 11}
    assert Counter(action for _, action in approvals.observe(world)["links"])["request:approve"] == 5


def test_one_principal_sixteen_times_at_once_is_one_approval():
    world = approvals.make()
    request_id = _opened(world)

    answers = answers_at_once(lambda _: approvals.approved(request_id, "bea").status, 16)

    assert answers == ["PENDING"] * 16
    assert approvals.observe(world)["links"] == [("ada", "request:create"), ("bea", "request:approve")]


def test_the_last_approval_a_rejection_a_cancellation_and_the_end_of_time_have_one_winner():
    for round_number in range(times(3, nightly=10)):
        world = approvals.make()
        request_id = _once_approved(world)
        ways: list[Callable[[], object]] = [
            lambda each=request_id: approvals.approved(each, "cem"),
            lambda each=request_id: approvals.rejected(each, "dan"),
            lambda each=request_id: approvals.canceled(each),
            lambda each=request_id: tasks.fail(_event(each)),
        ]

        answers_at_once(lambda worker, these=ways, turn=round_number: these[(worker + turn) % 4](), 4)
        resuming.resume()

        seen = approvals.observe(world)
        actions = Counter(action for _, action in seen["links"])
        ends = {"APPLIED": "version:stage:set", "REJECTED": "request:reject", "CANCELED": "request:cancel"}
        (status,) = seen["statuses"]
        assert actions[ends.get(status, "request:fail")] == 1
        assert sum(actions[each] for each in (*ends.values(), "request:fail")) == 1
        assert seen["versions"] == (["Production", "Archived"] if status == "APPLIED" else ["None", "Production"])
        assert seen["open"] == 0


def test_eight_executions_apply_a_transition_once():
    for _ in range(times(3, nightly=10)):
        world = approvals.make()
        request_id = _approved(world)

        answers = answers_at_once(lambda worker, each=request_id: _drive(worker, each), 8)

        assert not [answer for answer in answers if isinstance(answer, CumulogError)]
        seen = approvals.observe(world)
        assert [action for _, action in seen["links"]].count("version:stage:set") == 1
        assert (seen["stages"], seen["open"]) == ({"Archived": "2", "Production": "1"}, 0)


def _drive(worker: int, request_id: str) -> object:
    return resuming.resume() if worker % 2 else tasks.apply(_event(request_id))
