"""Between a transition request and the execution that drives it.

Nothing here can fail a change that was made: what is missed, the sweeper does in its next round.
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

# The errors that the state machine knows, by the status of the request.
_ERRORS = {rules.REJECTED: "Rejected", rules.CANCELED: "Canceled"}

log = logging.getLogger("cumulog")


def start(request: TransitionRequest) -> None:
    """Start the execution of a request, once, where there is a state machine."""
    if machines.is_configured():
        _tried(lambda: machines.start(request.model_id, request.request_id, _seconds(request)))


def drive(request: TransitionRequest) -> bool:
    """Make sure that an execution drives an open request and knows its status; whether one does. Raises RetryLater."""
    if not machines.is_configured():
        return False
    is_driven = machines.resume(request.model_id, request.request_id, _seconds(request))
    if request.status != rules.PENDING:
        wake(request)
    return is_driven


def keep(request_id: str, token: str) -> None:
    """Remember who waits for the decision. An item of its own: the request's is put whole by whoever decides."""
    tables.put(WaitingTask(keys.WAITING_TASKS, request_id, token=token))


def waiting() -> Iterator[WaitingTask]:
    """All who wait for a decision, or were not seen to have been told of it."""
    return tables.query(WaitingTask, keys.WAITING_TASKS)


def wake(request: TransitionRequest) -> bool:
    """Tell the execution that waits what was decided; False if none is known to wait, or it could not be told."""
    return machines.is_configured() and _tried(lambda: _wake(request))


def go_on(request: TransitionRequest) -> None:
    """See to it that an approved request is carried out: by the execution that waits, else by one that is started."""
    if not wake(request):
        _tried(lambda: drive(request))


def conclude(request: TransitionRequest) -> None:
    """See to it that the end of a request is announced: by the execution that waits, else here."""
    if not wake(request):
        announcing.tell_end(request)


def _wake(request: TransitionRequest) -> bool:
    task = tables.get(WaitingTask, keys.WAITING_TASKS, request.request_id)
    if task is None:
        return False
    is_told = _answer(task.token, request)
    # Unless another execution waits by now, which was not told.
    with suppress(ConditionFailed):
        tables.delete(task, WaitingTask.token == task.token)
    return is_told


def _answer(token: str, request: TransitionRequest) -> bool:
    error = _ERRORS.get(request.status)
    if error:
        return machines.fail(token, error, request.reason or "")
    return machines.succeed(token, request.status)


def _tried(call: Callable[[], bool | None]) -> bool:
    """What the call returns; False if Step Functions or the store does not answer."""
    try:
        return bool(call())
    except RetryLater as error:
        log.warning("An execution was not reached; the sweeper will try again: %s", error.message)
        return False


def _seconds(request: TransitionRequest) -> int:
    """Until it expires, rounded up: whoever is woken finds it expired."""
    return max(1, -(-(int(request.expires) - clock.now_ms()) // 1000))
