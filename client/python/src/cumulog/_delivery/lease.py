"""The lease of one run: until it ends, this process says again and again that it is alive (`leases.py`)."""

import time

# Scripts that end before this need no lease.
FIRST = 5.0


class Lease:
    """When to ask for it next, and whether the run has ended. `holder` is empty until it was asked for.

    `is_shared`: a process that this one has started logs to the run too, and may end it.
    """

    def __init__(self, run_id: str) -> None:
        self.run_id = run_id
        self.holder = ""
        self.is_over = self.is_shared = False
        self._failures = 0
        self._wait(FIRST)

    def ended(self) -> dict[str, str]:
        """Ask for it no more. Returns what the call that ends the run says of it."""
        self.is_over = True
        return {"lease_holder": self.holder} if self.holder else {}

    def is_due(self) -> bool:
        # Of a machine that slept, one of the clocks may not know.
        return not self.is_over and (time.monotonic() >= self.due or time.time() >= self._due_by_wall)

    def renewed(self, seconds: float) -> None:
        """Ask again after so many seconds."""
        self._failures = 0
        self._wait(seconds)

    def failed(self, most: float, asked: float = 0.0) -> None:
        """Ask again later: after some seconds, then after longer."""
        self._wait(min(most, max(asked, FIRST * 2**self._failures)))
        self._failures = min(self._failures + 1, 10)

    def _wait(self, seconds: float) -> None:
        self.due, self._due_by_wall = time.monotonic() + seconds, time.time() + seconds
