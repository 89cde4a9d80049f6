import threading
from types import SimpleNamespace

import pytest

from infra.local import machines_engine

ARN = "arn:aws:lambda:us-east-1:000000000000:function:"


class RefusedError(Exception):
    pass


def interpreter(**functions):
    return SimpleNamespace(_ExecutionError=RefusedError, _task_tokens={}, **functions)


def test_functions_are_named_after_their_states():
    text = '{"a": "${ApplyFunction}", "b": "${WaitForDecisionFunction}", "c": "$$.Task.Token"}'

    assert machines_engine.filled(text) == f'{{"a": "{ARN}apply", "b": "{ARN}wait_for_decision", "c": "$$.Task.Token"}}'


def test_an_event_goes_over_the_bridge_and_its_result_comes_back():
    posted = []
    call = machines_engine.bridged(
        interpreter(), lambda *sent: posted.append(sent) or {"result": {"status": "APPLIED"}}
    )

    assert call(ARN + "apply", {"request_id": "r"}) == {"status": "APPLIED"}
    assert posted == [("apply", {"request_id": "r"})]


def test_an_error_keeps_its_name():
    call = machines_engine.bridged(interpreter(), lambda *_: {"error": "InvalidState", "cause": "{}"})

    with pytest.raises(RefusedError) as raised:
        call(ARN + "apply", {"request_id": "r"})

    assert raised.value.args == ("InvalidState", "{}")


def test_nobody_waits_for_a_token_whose_function_crashed():
    states = interpreter()
    waiting = states._task_tokens["t"] = {"event": threading.Event(), "error": None}
    call = machines_engine.bridged(states, lambda *_: {"error": "Crash", "cause": "{}"})

    with pytest.raises(RefusedError):
        call(ARN + "wait_for_decision", {"token": "t"})

    assert waiting["event"].is_set()
    assert waiting["error"] == {"Error": "Crash", "Cause": "{}"}


def test_a_timeout_may_come_from_the_input():
    states = interpreter(
        _execute_task=lambda state, *_: state.get("TimeoutSeconds"),
        _resolve_path_or_ctx=lambda path, data, _context: data[path.removeprefix("$.")],
    )
    execute = machines_engine.with_timeout_paths(states)

    assert execute({"TimeoutSecondsPath": "$.left"}, {"left": 7}, None, None) == 7
    assert execute({"TimeoutSeconds": 60}, {"left": 7}, None, None) == 60


def test_a_bridge_that_is_gone_is_a_failure_of_the_lambda_service():
    post = machines_engine.poster("http://127.0.0.1:9", "secret")

    assert post("apply", {})["error"] == "Lambda.ServiceException"
