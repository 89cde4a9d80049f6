"""How long to wait before something that failed is tried again."""

import os
import time

_LONGEST_PAUSE = 30.0


def _chance() -> float:
    """A number from 0 to 1. Not by `random`, which imports OpenSSL."""
    return int.from_bytes(os.urandom(4), "big") / (1 << 32)


class Pause:
    """When to try again: with full jitter, so that many jobs that failed together do not come back together."""

    def __init__(self) -> None:
        self._failures = 0
        self._until = 0.0

    def is_over(self) -> bool:
        return time.monotonic() >= self._until

    def lengthen(self, asked: float) -> None:
        longest = min(_LONGEST_PAUSE, 0.5 * 2**self._failures)
        self._failures = min(self._failures + 1, 10)
        self._until = time.monotonic() + max(asked, 0.1 + _chance() * (longest - 0.1))

    def is_long(self) -> bool:
        """Whether it was lengthened so often that somebody should know."""
        return self._failures > 3

    def is_failing(self) -> bool:
        """Whether the last attempt failed."""
        return self._failures > 0

    def end(self) -> None:
        self._failures, self._until = 0, 0.0
