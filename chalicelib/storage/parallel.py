"""Several reads at once: DynamoDB answers each in its own time, so waiting for them one by one adds up.

A search reads until its deadline, as API Gateway gives up after 29 seconds.
"""

import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Generic, NamedTuple, TypeVar

from chalicelib.errors import InvalidParameterValue

# More threads would compete for processor time rather than wait for DynamoDB.
_AT_ONCE = 4

# After this time a page ends where it is, with a token.
_SECONDS = 20.0
# A search without a position to go on from gets this much more.
_GRACE_SECONDS = 5.0
# Calls between which the clock is looked at.
_BETWEEN_LOOKS = 32

Argument = TypeVar("Argument")
Answer = TypeVar("Answer")

# They stay, as starting a thread takes longer than many a call. Enough for all that a local stack answers at once.
_helpers = ThreadPoolExecutor(48, thread_name_prefix="reading")


def each(call: Callable[[Argument], Answer], arguments: Iterable[Argument]) -> list[Answer]:
    """The results of the call for each argument, in their order. Raises the first exception.

    The calls see the caller's context variables, so their capacity is counted with the request's.
    """
    todo = list(arguments)
    if len(todo) < 2:
        return [call(argument) for argument in todo]
    work = _Work(call, todo)
    helping = [_helpers.submit(copy_context().run, work.take) for _ in range(min(_AT_ONCE, len(todo)) - 1)]
    # The caller works too: so calls inside of calls go on, even when all helpers are busy.
    work.take()
    for helper in helping:
        # One that has not begun would find nothing to do.
        if not helper.cancel():
            helper.result()
    return work.answers()


class Ahead(Generic[Answer]):
    """A call that a helper makes while its caller does something else. It sees the caller's context variables."""

    def __init__(self, call: Callable[[], Answer]) -> None:
        self._call = call
        self._helper = _helpers.submit(copy_context().run, call)

    def answer(self) -> Answer:
        """What the call returned, or raises what it raised."""
        # One that has not begun is made here: so nobody waits for helpers that wait themselves.
        return self._call() if self._helper.cancel() else self._helper.result()


class _Work(Generic[Argument, Answer]):
    """Calls that several threads take, one after the other, until one fails."""

    def __init__(self, call: Callable[[Argument], Answer], arguments: Iterable[Argument]) -> None:
        self._call = call
        self._waiting = deque(enumerate(arguments))
        self._answers: dict[int, Answer] = {}
        self._failures: dict[int, BaseException] = {}

    def take(self) -> None:
        """Make the calls that no other thread has taken."""
        while self._waiting:
            try:
                number, argument = self._waiting.popleft()
            except IndexError:
                # Another thread took the last one.
                return
            try:
                self._answers[number] = self._call(argument)
            except BaseException as failure:  # noqa: BLE001 - `answers` raises it in the caller's thread
                self._failures[number] = failure
                self._waiting.clear()

    def answers(self) -> list[Answer]:
        """What the calls returned, in order, once nobody takes any more. Raises the first failure."""
        if self._failures:
            raise self._failures[min(self._failures)]
        return [self._answers[number] for number in range(len(self._answers))]


class Deadline(NamedTuple):
    """When a page has to end, by time.monotonic()."""

    at: float

    def is_over(self) -> bool:
        return time.monotonic() > self.at

    def check(self) -> None:
        """Raise InvalidParameterValue if the time that a search may go on without a position is over too."""
        if time.monotonic() > self.at + _GRACE_SECONDS:
            raise InvalidParameterValue(
                "This search has more to read than one request has time for: narrow the filter, or name fewer "
                "experiments."
            )

    def each(self, call: Callable[[Argument], Answer], arguments: Sequence[Argument]) -> list[Answer]:
        """The results of the call for each argument, in their order, several at once. Raises as `check` does."""
        found: list[Answer] = []
        for at in range(0, len(arguments), _BETWEEN_LOOKS):
            self.check()
            found += each(call, arguments[at : at + _BETWEEN_LOOKS])
        return found


def deadline() -> Deadline:
    """The deadline of a search that begins now."""
    return Deadline(time.monotonic() + _SECONDS)
