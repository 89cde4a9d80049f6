"""Simulated time that only goes on: what clients and sweepers do, each at its moment."""

from collections.abc import Callable
from typing import TypeVar

from chalicelib import clock
from chalicelib.sweeper.sweep import sweep
from tests.contract.sweeping import A_QUARTER_HOUR_MS

Answer = TypeVar("Answer")

# Open again, close, seal, finish; and after that the experiment's change is more than five minutes past.
_ENOUGH = 6


class Timeline:
    """A clock of its own, which stands at the present first."""

    def __init__(self) -> None:
        self.now_ms = clock.now_ms()

    def do(self, call: Callable[[], Answer]) -> Answer:
        """Make a call at this moment."""
        with clock.frozen(self.now_ms):
            return call()

    def wait(self, passed_ms: int) -> None:
        self.now_ms += passed_ms

    def sweep(self, rounds: int = 1) -> None:
        """Sweep every quarter of an hour, first in a quarter of an hour."""
        for _ in range(rounds):
            self.wait(A_QUARTER_HOUR_MS)
            self.sweep_now()

    def sweep_now(self) -> None:
        self.do(sweep)

    def settle(self) -> None:
        """Sweep until nothing is left to do."""
        self.sweep(_ENOUGH)
