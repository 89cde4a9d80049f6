"""Time and randomness. Tests must be able to hold them still, so nothing else reads the clock or creates ids."""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

_frozen_ms: int | None = None


def now_ms() -> int:
    """Milliseconds since 1970, by the server's clock."""
    return time.time_ns() // 1_000_000 if _frozen_ms is None else _frozen_ms


def steady_s() -> float:
    """Seconds from an arbitrary moment that no correction of the clock moves, to measure how long something took."""
    return time.monotonic() if _frozen_ms is None else _frozen_ms / 1000


def unique_id() -> str:
    """32 hexadecimal digits that are unique: the id of a run, or of one log call."""
    return uuid.uuid4().hex


def short_id() -> str:
    """16 hexadecimal digits: unique together with the time or the id that precedes them in a key."""
    return unique_id()[:16]


@contextmanager
def frozen(at_ms: int) -> Iterator[None]:
    """Freeze the clock at `at_ms` inside the block, for the whole process. For tests."""
    global _frozen_ms
    before, _frozen_ms = _frozen_ms, at_ms
    try:
        yield
    finally:
        _frozen_ms = before
