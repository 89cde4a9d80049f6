"""Several reads at once: DynamoDB answers each in its own time, so waiting for them one by one adds up."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

# More threads would compete for processor time rather than wait for DynamoDB.
_AT_ONCE = 4

Argument = TypeVar("Argument")
Answer = TypeVar("Answer")
First = TypeVar("First")
Second = TypeVar("Second")


def both(one: Callable[[], First], other: Callable[[], Second]) -> tuple[First, Second]:
    """Make two calls at once and return both results. Raises an exception of either."""
    with ThreadPoolExecutor(1) as pool:
        second = pool.submit(copy_context().run, other)
        first = one()
        return first, second.result()


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
