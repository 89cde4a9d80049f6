"""Time and randomness. Tests must be able to hold them still, so nothing else reads the clock or creates ids."""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(eq=False)
class Frozen:
    """A moment at which the clock stands still (ms). Equal to itself alone."""

    at_ms: int


# The last one counts. A list, because blocks of several threads may end in any order.
_frozen: list[Frozen] = []


def now_ms() -> int:
    """Milliseconds since 1970, by the server's clock."""
    last = _frozen[-1:]
    return last[0].at_ms if last else time.time_ns() // 1_000_000


def steady_s() -> float:
    """Seconds from an arbitrary moment that no correction of the clock moves, to measure how long something took."""
    last = _frozen[-1:]
    return last[0].at_ms / 1000 if last else time.monotonic()


def unique_id() -> str:
    """32 hexadecimal digits that are unique: the id of a run, or of one log call."""
    return uuid.uuid4().hex


def short_id() -> str:
    """16 hexadecimal digits: unique together with the time or the id that precedes them in a key."""
    return unique_id()[:16]


@contextmanager
def frozen(at_ms: int) -> Iterator[None]:
    """Freeze the clock at `at_ms` inside the block, for the whole process. For tests."""
    mine = Frozen(at_ms)
    _frozen.append(mine)
    try:
        yield
    finally:
        _frozen.remove(mine)
