"""Connects a transition request with the execution that drives it.

Failures here never undo a change that was made: the sweeper catches up in its next round.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import suppress

from chalicelib import clock
from chalicelib.approvals import rules
from chalicelib.errors import RetryLater
from chalicelib.registry.chain import announcing
from chalicelib.storage import keys, machines, tables
from chalicelib.storage.failures import ConditionFailed
from chalicelib.storage.registry_items import TransitionRequest, WaitingTask

# The state machine's errors, by the status of the request.
_ERRORS = {rules.REJECTED: "Rejected", rules.CANCELED: "Canceled"}

log = logging.getLogger("cumulog")


def start(request: TransitionRequest) -> None:
    """Start the execution of a request, once, if there is a state machine."""
    if machines.is_configured():
        _tried(lambda: machines.start(request.model_id, request.request_id, _seconds(request)))


def drive(request: TransitionRequest) -> bool:
    """Make sure an execution drives an open request and knows its status; False if none does. Raises RetryLater."""
    if not machines.is_configured():
        return False
    is_driven = machines.resume(request.model_id, request.request_id, _seconds(request))
    if request.status != rules.PENDING:
        wake(request)
    return is_driven


def keep(request_id: str, token: str) -> None:
    """Store the task that waits for the decision. In an item of its own: a decision writes the request's item whole."""
    tables.put(WaitingTask(keys.WAITING_TASKS, request_id, token=token))


def waiting() -> Iterator[WaitingTask]:
    """The tasks that wait for a decision, or for which no delivery of the decision was recorded."""
    return tables.query(WaitingTask, keys.WAITING_TASKS)


def wake(request: TransitionRequest) -> bool:
    """Send the decision to the waiting execution; False if none is known to wait, or sending failed."""
    return machines.is_configured() and _tried(lambda: _wake(request))


def go_on(request: TransitionRequest) -> None:
    """Have an approved request carried out: by the waiting execution, else by a new one."""
    if not wake(request):
        _tried(lambda: drive(request))


def conclude(request: TransitionRequest) -> None:
    """Announce the end of a request: through the waiting execution, else here."""
    if not wake(request):
        announcing.try_to_announce_end(request)


def _wake(request: TransitionRequest) -> bool:
    task = tables.get(WaitingTask, keys.WAITING_TASKS, request.request_id)
    if task is None:
        return False
    is_delivered = _answer(task.token, request)
    # Unless another execution, which has not got the decision, waits by now.
    with suppress(ConditionFailed):
        tables.delete(task, WaitingTask.token == task.token)
    return is_delivered


def _answer(token: str, request: TransitionRequest) -> bool:
    error = _ERRORS.get(request.status)
    if error:
        return machines.fail(token, error, request.reason or "")
    return machines.succeed(token, request.status)


def _tried(call: Callable[[], bool | None]) -> bool:
    """The result of the call; False if Step Functions or the store does not answer."""
    try:
        return bool(call())
    except RetryLater as error:
        log.warning("An execution was not reached; the sweeper will try again: %s", error.message)
        return False


def _seconds(request: TransitionRequest) -> int:
    """Seconds until it expires, rounded up so that a task that wakes then finds it expired."""
    return max(1, -(-(int(request.expires) - clock.now_ms()) // 1000))
