"""Things in portions, so that what is held in memory has a bound."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Thing = TypeVar("Thing")


def portions(things: Iterable[Thing], size: Callable[[Thing], int], enough: int) -> Iterator[list[Thing]]:
    """Yield the things in order, in portions that end once their sizes add up to `enough`."""
    portion: list[Thing] = []
    total = 0
    for thing in things:
        portion.append(thing)
        total += size(thing)
        if total >= enough:
            yield portion
            portion, total = [], 0
    if portion:
        yield portion
