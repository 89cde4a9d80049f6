"""The definition that is deployed, executed: each way through it, crashes on the way, executions that come twice."""

import http.client
from uuid import uuid4

import pytest

from chalicelib.errors import InvalidState, TemporarilyUnavailable
from chalicelib.storage import machines
from tests.contract.machines import MODEL, Crash, Requests, executions, forget, interpreter, settled, until

ENDED = {"APPLIED", "REJECTED", "CANCELED", "EXPIRED", "FAILED"}


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    functions = {}
    with interpreter(functions, tmp_path_factory.mktemp("machines")) as running:
        yield running, functions


@pytest.fixture
def requests(engine, store):
    _, functions = engine
    found = Requests()
    functions.clear()
    functions.update(found.functions())
    return found


@pytest.fixture
def environment():
    """Settings for one test, which calls `forget` once it has made them."""
    with pytest.MonkeyPatch.context() as changed:
        yield changed
    forget()


def opened(requests, status="PENDING", seconds=600):
    """The id of a request whose execution was started."""
    request = uuid4().hex
    requests.status[request] = status
    machines.start(MODEL, request, seconds)
    return request


def test_without_approval_nothing_waits(requests):
    request = opened(requests, "APPROVED")

    execution = settled(request)

    assert execution["status"] == "SUCCEEDED"
    assert requests.called() == ["validate", "apply", "announce"]
    assert {str(event) for _, event in requests.calls} == {str({"model_id": MODEL, "request_id": request})}


def test_an_approved_request_is_applied(requests):
    request = opened(requests)

    requests.decide(request, "APPROVED")

    assert settled(request)["status"] == "SUCCEEDED"
    assert requests.called() == ["validate", "wait_for_decision", "apply", "announce"]
    assert requests.events("wait_for_decision") == [
        {"model_id": MODEL, "request_id": request, "token": requests.token[request]}
    ]


@pytest.mark.parametrize("status", ["REJECTED", "CANCELED"])
def test_a_request_that_was_turned_down_is_closed_and_announced(requests, status):
    request = opened(requests)

    requests.decide(request, status)

    assert settled(request)["status"] == "SUCCEEDED"
    assert requests.called() == ["validate", "wait_for_decision", "reject", "announce"]
    told = {"error": status.capitalize(), "cause": "not good enough"}
    assert requests.events("reject") == [{"model_id": MODEL, "request_id": request, **told}]
    assert requests.status[request] == status


def test_a_request_that_nobody_decides_expires(requests):
    request = opened(requests, seconds=1)

    assert settled(request)["status"] == "SUCCEEDED"
    assert requests.called() == ["validate", "wait_for_decision", "expire", "announce"]
    assert requests.status[request] == "EXPIRED"


def test_one_approved_when_the_time_ran_out_is_still_applied(requests):
    request = opened(requests, seconds=1)
    token = until(lambda: requests.token.get(request))

    requests.status[request] = "APPROVED"

    assert settled(request)["status"] == "SUCCEEDED"
    assert requests.called() == ["validate", "wait_for_decision", "expire", "apply", "announce"]
    assert not machines.succeed(token, "APPROVED")
    assert not machines.fail(token, "Rejected", "too late")


def test_a_decision_before_anybody_waits_is_not_lost(requests):
    request = uuid4().hex
    requests.status[request] = "PENDING"
    requests.validate = lambda _event: requests.status.update({request: "APPROVED"}) or {"status": "PENDING"}

    machines.start(MODEL, request, 600)

    assert settled(request)["status"] == "SUCCEEDED"
    assert requests.called() == ["validate", "wait_for_decision", "apply", "announce"]


WAYS = [
    # task that crashes, what is decided (None: nothing, so it expires)
    ("validate", "APPROVED"),
    ("wait_for_decision", "APPROVED"),
    ("apply", "APPROVED"),
    ("announce", "APPROVED"),
    ("reject", "REJECTED"),
    ("expire", None),
]


@pytest.mark.parametrize(("task", "decision"), WAYS)
def test_a_task_that_crashes_once_is_done_again(requests, task, decision):
    requests.crashes[task] = [Crash("once")]
    request = opened(requests, seconds=600 if decision else 1)

    if decision:
        requests.decide(request, decision)

    assert settled(request)["status"] == "SUCCEEDED"
    assert requests.called().count(task) == 2
    assert requests.status[request] in ENDED
    assert len(requests.events("apply")) == (decision == "APPROVED") + (task == "apply")


@pytest.mark.parametrize("task", ["validate", "wait_for_decision", "apply", "reject", "expire"])
def test_a_task_that_always_crashes_ends_the_request(requests, task):
    requests.crashes[task] = [Crash("for ever")] * 100
    request = opened(requests, seconds=1 if task == "expire" else 600)

    if task in ("apply", "reject"):
        requests.decide(request, "APPROVED" if task == "apply" else "REJECTED")
    execution = settled(request)

    assert (execution["status"], execution["error"]) == ("FAILED", "TransitionFailed")
    assert requests.called().count(task) == 7
    assert requests.called()[-2:] == ["fail", "announce"]
    assert requests.status[request] == "FAILED"
    [failed] = requests.events("fail")
    assert failed["error"] == "Crash"
    assert "for ever" in failed["cause"]


def test_a_refusal_is_not_tried_again(requests):
    requests.crashes["apply"] = [InvalidState("The files changed after the approval.")]
    request = opened(requests, "APPROVED")

    execution = settled(request)

    assert execution["status"] == "FAILED"
    assert requests.called() == ["validate", "apply", "fail", "announce"]
    assert requests.events("fail")[0]["error"] == "InvalidState"


def test_a_store_that_is_away_for_a_while_is_waited_for(requests):
    requests.crashes["apply"] = [TemporarilyUnavailable("later")] * 6
    request = opened(requests, "APPROVED")

    assert settled(request)["status"] == "SUCCEEDED"
    assert requests.status[request] == "APPLIED"


def test_what_ended_stays_ended_when_nobody_can_be_told(requests):
    requests.crashes["announce"] = [Crash("no bus")] * 100
    request = opened(requests, "APPROVED")

    execution = settled(request)

    assert (execution["status"], execution["error"]) == ("FAILED", "NotAnnounced")
    assert requests.status[request] == "APPLIED"
    assert "fail" not in requests.called()


def test_a_request_that_could_not_even_fail_is_taken_up_again(requests):
    requests.crashes = {"apply": [Crash()] * 7, "fail": [Crash()] * 7}
    request = opened(requests, "APPROVED")
    assert settled(request)["error"] == "TransitionFailed"
    assert requests.status[request] == "APPROVED"

    assert machines.resume(MODEL, request, 600)

    assert settled(f"{request}-2")["status"] == "SUCCEEDED"
    assert requests.status[request] == "APPLIED"


def test_an_execution_is_started_once_under_a_name(requests):
    request = opened(requests)
    until(lambda: requests.token.get(request))

    machines.start(MODEL, request, 600)
    assert machines.resume(MODEL, request, 30)
    requests.decide(request, "APPROVED")
    settled(request)
    machines.start(MODEL, request, 600)

    assert [name for name in executions() if name.startswith(request)] == [request]
    assert requests.called().count("apply") == 1


def test_a_second_execution_of_a_request_that_ended_applies_nothing(requests):
    request = opened(requests, "APPROVED")
    settled(request)

    assert machines.resume(MODEL, request, 600)

    assert settled(f"{request}-2")["status"] == "SUCCEEDED"
    assert requests.called().count("apply") == 1


def test_a_waiting_request_survives_the_end_of_the_interpreter(requests, engine):
    request = opened(requests)
    lost = until(lambda: requests.token.pop(request, None))
    interpreter, _ = engine
    interpreter.process.kill()
    interpreter.process.wait()

    assert not machines.succeed(lost, "APPROVED")
    assert machines.resume(MODEL, request, 600)
    requests.decide(request, "APPROVED")

    assert settled(request)["status"] == "SUCCEEDED"
    assert requests.status[request] == "APPLIED"


@pytest.mark.parametrize("seconds", [-5, 0, 10**12])
def test_a_wait_is_never_a_number_that_step_functions_refuses(requests, seconds):
    request = opened(requests, seconds=seconds)

    if seconds > 0:
        requests.decide(request, "APPROVED")

    assert settled(request)["status"] == "SUCCEEDED"
    assert requests.status[request] == ("APPLIED" if seconds > 0 else "EXPIRED")


def test_the_interpreter_answers_only_what_is_signed(requests, engine):
    interpreter, _ = engine
    target = {"X-Amz-Target": "AWSStepFunctions.ListStateMachines", "Content-Type": "application/x-amz-json-1.0"}
    connection = http.client.HTTPConnection(interpreter.address.host, interpreter.address.port, timeout=10)

    connection.request("POST", "/", "{}", target)
    answer = connection.getresponse()

    assert answer.status == 400
    assert b"MissingAuthenticationToken" in answer.read()
    connection.close()


def test_without_a_machine_nothing_can_be_started(requests, environment):
    environment.delenv("CUMULOG_TRANSITION_MACHINE")
    forget()

    assert not machines.is_configured()
    with pytest.raises(InvalidState, match="CUMULOG_TRANSITION_MACHINE"):
        machines.start(MODEL, "request", 600)


def test_step_functions_that_do_not_answer_are_told_apart_from_a_refusal(requests, environment):
    environment.setenv("CUMULOG_STATES_ENDPOINT", "http://127.0.0.1:9")
    forget()

    with pytest.raises(TemporarilyUnavailable):
        machines.start(MODEL, "request", 600)
