"""Several reads at once: DynamoDB answers each in its own time, so waiting for them one by one adds up.

A search reads until its deadline, as API Gateway gives up after 29 seconds.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from typing import TypeVar

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


def each(call: Callable[[Argument], Answer], arguments: Iterable[Argument]) -> list[Answer]:
    """The results of the call for each argument, in their order. Raises the first exception.

    The calls see the caller's context variables, so their capacity is counted with the request's.
    """
    todo = list(arguments)
    if len(todo) < 2:
        return [call(argument) for argument in todo]
    contexts = [copy_context() for _ in todo]
    with ThreadPoolExecutor(min(_AT_ONCE, len(todo))) as pool:
        return list(pool.map(lambda pair: pair[0].run(call, pair[1]), zip(contexts, todo, strict=True)))


@dataclass(frozen=True)
class Deadline:
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
