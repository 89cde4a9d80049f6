"""The tasks of the state machine `infra/deploy/statemachines/transition.asl.json`, named after its states.

Each takes an event with `model_id` and `request_id` and answers the request's `status`; each may run twice, at any
time, after a crash of the one before. What a task raises, the machine tries again or ends in `fail`.
"""

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.approvals import applying, driving, ending, requests
from chalicelib.approvals.rules import PENDING
from chalicelib.registry.chain import announcing
from chalicelib.storage.registry_items import TransitionRequest

Event = Mapping[str, Any]
Answer = dict[str, str]

_CAUSE_CHARACTERS = 1000


def validate(event: Event) -> Answer:
    """Where is the request by now? One that nobody decided in time expires."""
    return _status(ending.expire(event["request_id"]))


def wait_for_decision(event: Event) -> Answer:
    """Keep the task `token`; if there is nothing to wait for, answer it at once."""
    request_id = event["request_id"]
    requests.load(request_id)
    driving.keep(request_id, event["token"])
    # Read again after that: whoever decides meanwhile sees the token, or we see the decision.
    request = requests.load(request_id)
    if request.status != PENDING:
        driving.wake(request)
    return _status(request)


def apply(event: Event) -> Answer:
    """Carry out the transition, if it was approved and the files are the same."""
    return _status(applying.apply(event["request_id"]))


def announce(event: Event) -> Answer:
    """Put the event of how the request ended."""
    request = requests.load(event["request_id"])
    announcing.announce_end(request)
    return _status(request)


def reject(event: Event) -> Answer:
    """The execution was told of a rejection or a cancellation, which are noted already."""
    return _status(ending.reject(event["request_id"], _cause(event)))


def expire(event: Event) -> Answer:
    """The time is over; but what was approved in time is approved."""
    return _status(ending.expire(event["request_id"]))


def fail(event: Event) -> Answer:
    """A task has failed for good: so has the request, if it is open still."""
    return _status(ending.fail(event["request_id"], _cause(event)))


# What the interpreter of the local stack calls: the state's name in snake_case.
BY_NAME: Mapping[str, Callable[[Event], Answer]] = {
    task.__name__: task for task in (validate, wait_for_decision, apply, announce, reject, expire, fail)
}


def _status(request: TransitionRequest) -> Answer:
    return {"status": request.status}


def _cause(event: Event) -> str:
    told = [str(event[name]) for name in ("error", "cause") if event.get(name)]
    return ": ".join(told)[:_CAUSE_CHARACTERS] or "The state machine gave no reason."
