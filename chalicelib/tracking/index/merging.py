"""The keys of many partitions as one stream in order. A partition is asked only when its first key may be the next."""

import heapq
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import NamedTuple

from chalicelib.storage.parallel import Deadline

# Partitions that are asked together.
_AT_ONCE = 32
# Of those that may hold the least key, so many are asked first.
_FIRST = 8


class Stream(NamedTuple):
    """The keys of a partition, which are read as they are taken. None is less than `least`."""

    least: str
    keys: Iterator[str]


Opened = tuple[str, Iterator[str]]


def merged(streams: Sequence[Stream], forward: bool, deadline: Deadline) -> Iterator[str]:
    """All keys in order; backward, `least` does not count. Raises InvalidParameterValue when time is up."""
    if len(streams) == 1:
        return streams[0].keys
    return _forward(sorted(streams, key=lambda each: each.least), deadline) if forward else _backward(streams, deadline)


def _backward(streams: Sequence[Stream], deadline: Deadline) -> Iterator[str]:
    yield from heapq.merge(*(chain([first], rest) for first, rest in _opened(streams, deadline)), reverse=True)


def _forward(streams: Sequence[Stream], deadline: Deadline) -> Iterator[str]:
    heap: list[tuple[str, int, Iterator[str]]] = []
    begun = 0
    while begun < len(streams) or heap:
        while begun < len(streams) and (not heap or streams[begun].least <= heap[0][0]):
            due = _due(streams[begun : begun + _AT_ONCE], heap[0][0] if heap else None)
            for number, (first, rest) in enumerate(_opened(due, deadline), begun):
                heapq.heappush(heap, (first, number, rest))
            begun += len(due)
        if heap:
            yield _taken(heap)


def _due(following: Sequence[Stream], head: str | None) -> Sequence[Stream]:
    """The next streams to ask: those that may come before the head, or if there is none, a few."""
    if head is not None:
        return [each for each in following if each.least <= head]
    return following if following[0].least == following[-1].least else following[:_FIRST]


def _taken(heap: list[tuple[str, int, Iterator[str]]]) -> str:
    """Take the least key."""
    key, number, rest = heap[0]
    following = next(rest, None)
    if following is None:
        heapq.heappop(heap)
    else:
        heapq.heapreplace(heap, (following, number, rest))
    return key


def _opened(streams: Sequence[Stream], deadline: Deadline) -> list[Opened]:
    """The first key and the others of each stream that has any."""
    firsts = deadline.each(lambda each: list(islice(each.keys, 1)), streams)
    return [(first[0], each.keys) for first, each in zip(firsts, streams, strict=True) if first]
