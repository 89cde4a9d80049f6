"""Retries with full jitter, so that many clients that failed together do not retry together."""

import math
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from cumulog._http.errors import TransferFailed

T = TypeVar("T")


class Interrupted(Exception):
    """An attempt failed; another may succeed after `wait` seconds. Internal: `Retry.run` never lets it out."""

    def __init__(self, why: str, wait: float = 0.0) -> None:
        super().__init__(why)
        self.wait = wait


@dataclass(frozen=True)
class Retry:
    """How often to try, and the longest waits in seconds: `first`, then doubled each time, up to `most`.

    No attempt begins later than `within` seconds after the first.
    """

    attempts: int = 6
    first: float = 0.5
    most: float = 20.0
    sleep: Callable[[float], None] = time.sleep
    within: float = math.inf

    def run(self, attempt: Callable[[int], T]) -> T:
        """Call `attempt` with its number, from 0, until it succeeds. Raises TransferFailed after the last attempt."""
        ends_at = time.monotonic() + self.within
        for number in range(self.attempts):
            try:
                return attempt(number)
            except Interrupted as error:
                pause = max(error.wait, self._pause(number))
                if number + 1 == self.attempts or time.monotonic() + pause > ends_at:
                    times = "1 attempt" if number == 0 else f"{number + 1} attempts"
                    raise TransferFailed(f"{error} ({times})") from error
                self.sleep(pause)
        raise ValueError("A Retry needs at least one attempt.")

    def _pause(self, number: int) -> float:
        return random.uniform(0, min(self.most, self.first * 2**number))  # noqa: S311 - nothing secret about it
