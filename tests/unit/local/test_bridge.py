import json

import pytest

from chalicelib.errors import InvalidState
from infra.local import bridge
from infra.local.machines_engine import poster


def refuse(_event):
    raise InvalidState("The files changed.")


FUNCTIONS = {"echo": lambda event: {"seen": event}, "refuse": refuse}


def test_a_function_answers_its_event():
    assert bridge.invoked(FUNCTIONS, "echo", {"a": 1}) == {"result": {"seen": {"a": 1}}}


def test_an_exception_is_told_by_its_class():
    answer = bridge.invoked(FUNCTIONS, "refuse", {})

    assert answer["error"] == "InvalidState"
    assert json.loads(answer["cause"]) == {"errorMessage": "The files changed.", "errorType": "InvalidState"}


def test_a_function_that_is_not_there_is_an_error_of_lambda():
    assert bridge.invoked(FUNCTIONS, "nobody", {})["error"] == "Lambda.ResourceNotFoundException"


def test_events_come_over_the_bridge():
    with bridge.bridging(FUNCTIONS) as there:
        assert poster(there.url, there.secret)("echo", {"a": "ü"}) == {"result": {"seen": {"a": "ü"}}}


@pytest.mark.parametrize("secret", ["", "guess"])
def test_who_does_not_know_the_secret_calls_nothing(secret):
    called = []
    with bridge.bridging({"echo": called.append}) as there:
        answer = poster(there.url, secret)("echo", {})

    assert answer["error"] == "Lambda.ServiceException"
    assert called == []
