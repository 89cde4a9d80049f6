"""What must hold of the definition whatever executes it; tests/contract/test_transition_machine.py executes it."""

import json
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import pytest

from chalicelib import errors

DEFINITION = json.loads(
    (Path(__file__).parents[4] / "infra" / "deploy" / "statemachines" / "transition.asl.json").read_text()
)
STATES = DEFINITION["States"]
TASKS = {name: state for name, state in STATES.items() if state["Type"] == "Task"}
ENDS = {name for name, state in STATES.items() if state["Type"] in ("Succeed", "Fail")}


def following(state: dict[str, Any]) -> Iterator[str]:
    """Every state that may come next."""
    if "Next" in state:
        yield state["Next"]
    if "Default" in state:
        yield state["Default"]
    yield from (each["Next"] for each in [*state.get("Choices", []), *state.get("Catch", [])])


def reached(start: str, skipped: str | None = None) -> set[str]:
    """The states on every way from one, itself among them; `skipped` is passed by nobody."""
    found, ahead = set(), [start]
    while ahead:
        name = ahead.pop()
        if name not in found and name != skipped:
            found.add(name)
            ahead += following(STATES[name])
    return found


def test_every_state_is_reached_and_none_is_missing():
    assert reached(DEFINITION["StartAt"]) == set(STATES)


@pytest.mark.parametrize("name", sorted(STATES))
def test_every_state_says_what_it_is_for_and_leads_to_an_end(name):
    assert STATES[name]["Comment"]
    assert reached(name) & ENDS


@pytest.mark.parametrize("name", sorted(TASKS))
def test_a_task_has_the_name_of_its_function(name):
    assert TASKS[name]["Parameters"]["FunctionName"] == f"${{{name}Function}}"


@pytest.mark.parametrize("name", sorted(TASKS))
def test_every_task_is_repeated_caught_and_ends_in_time(name):
    state = TASKS[name]

    assert state["Retry"][-1]["ErrorEquals"][0] == "States.TaskFailed"
    assert state["Catch"][-1]["ErrorEquals"] == ["States.ALL"]
    assert state.keys() & {"TimeoutSeconds", "TimeoutSecondsPath"}


@pytest.mark.parametrize("name", sorted(TASKS))
def test_what_was_caught_does_not_hide_which_request_it_is(name):
    assert {catcher["ResultPath"] for catcher in TASKS[name]["Catch"]} == {"$.error"}
    assert TASKS[name]["ResultPath"] in ("$.request", None)


@pytest.mark.parametrize("name", sorted(TASKS))
def test_a_refusal_is_not_repeated(name):
    refusals = {kind.__name__ for kind in errors.CumulogError.__subclasses__() if issubclass(kind, Exception)}
    # No task sees a request over HTTP, nor a saved view.
    refusals -= {"RetryLater", "EndpointNotFound", "MethodNotAllowed", "RequestTooLarge", "ResourceConflict"}
    first = TASKS[name]["Retry"][0]

    assert first["MaxAttempts"] == 0
    assert set(first["ErrorEquals"]) - {"Rejected", "Canceled"} == refusals


def test_nothing_goes_round_without_waiting_for_a_decision():
    rest = {name: set(following(state)) for name, state in STATES.items() if name != "WaitForDecision"}
    # Expire sends a request back to wait whose time has not come.
    rest["NeedsApproval"] -= {"WaitForDecision"}

    assert set(TopologicalSorter(rest).static_order()) == set(STATES) - {"WaitForDecision"}


def test_nothing_ends_well_without_an_announcement():
    assert "Done" not in reached("Validate", skipped="Announce")
