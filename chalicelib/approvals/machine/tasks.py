"""The tasks of the state machine `infra/deploy/statemachines/transition.asl.json`, named after its states.

Each takes an event with `model_id` and `request_id` and returns the request's `status`. Each may run twice, at any
time, after a crash of an earlier task. When a task raises, the machine retries it or goes to `fail`.
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
    """Return the request's status; a request that was not decided in time expires."""
    return _status(ending.expire(event["request_id"]))


def wait_for_decision(event: Event) -> Answer:
    """Store the task `token`; answer it at once if the request is already decided."""
    request_id = event["request_id"]
    requests.load(request_id)
    driving.keep(request_id, event["token"])
    # Read again after that: a concurrent decision sees the token, or we see the decision.
    request = requests.load(request_id)
    if request.status != PENDING:
        driving.wake(request)
    return _status(request)


def apply(event: Event) -> Answer:
    """Carry out the transition, if it is approved and the files are unchanged."""
    return _status(applying.apply(event["request_id"]))


def announce(event: Event) -> Answer:
    """Send the event of how the request ended."""
    request = requests.load(event["request_id"])
    announcing.announce_end(request)
    return _status(request)


def reject(event: Event) -> Answer:
    """End a request after the execution got a rejection or a cancellation, which the request has recorded already."""
    return _status(ending.reject(event["request_id"], _cause(event)))


def expire(event: Event) -> Answer:
    """End a request whose time is over; one that was approved in time stays approved."""
    return _status(ending.expire(event["request_id"]))


def fail(event: Event) -> Answer:
    """Fail the request, if it is still open, after a task failed and is not retried."""
    return _status(ending.fail(event["request_id"], _cause(event)))


# For the interpreter of the local stack: tasks by the state's name in snake_case.
BY_NAME: Mapping[str, Callable[[Event], Answer]] = {
    task.__name__: task for task in (validate, wait_for_decision, apply, announce, reject, expire, fail)
}


def _status(request: TransitionRequest) -> Answer:
    return {"status": request.status}


def _cause(event: Event) -> str:
    given = [str(event[name]) for name in ("error", "cause") if event.get(name)]
    return ": ".join(given)[:_CAUSE_CHARACTERS] or "The state machine gave no reason."
