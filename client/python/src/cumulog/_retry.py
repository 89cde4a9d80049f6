"""Trying again: waits of full jitter, so that many clients that failed together do not come back together."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from cumulog._errors import TransferFailed

T = TypeVar("T")


class Interrupted(Exception):
    """One attempt came to nothing, and another may succeed, after `wait` seconds. No caller of ours ever sees it."""

    def __init__(self, why: str, wait: float = 0.0) -> None:
        super().__init__(why)
        self.wait = wait


@dataclass(frozen=True)
class Retry:
    """How often to try, and the longest waits in seconds: `first`, then twice that, up to `most`."""

    attempts: int = 6
    first: float = 0.5
    most: float = 20.0
    sleep: Callable[[float], None] = time.sleep

    def run(self, attempt: Callable[[int], T]) -> T:
        """What the attempt, called with its number from 0 on, returns. Raises TransferFailed after the last."""
        for number in range(self.attempts):
            try:
                return attempt(number)
            except Interrupted as error:
                if number + 1 == self.attempts:
                    raise TransferFailed(f"{error} ({self.attempts} attempts)") from error
                self.sleep(max(error.wait, self._pause(number)))
        raise ValueError("A Retry needs at least one attempt.")

    def _pause(self, number: int) -> float:
        return random.uniform(0, min(self.most, self.first * 2**number))  # noqa: S311 - nothing secret about it
