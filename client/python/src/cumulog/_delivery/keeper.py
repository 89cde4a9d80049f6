"""The thread that renews leases: not the one that delivers, as to send a file may take longer than a lease runs."""

import threading
import time
from collections.abc import Callable
from typing import Protocol

from cumulog._delivery.lease import Lease
from cumulog._http.forks import importing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cumulog._delivery.leases import Leases

_TICK = 1.0


class Host(Protocol):
    """What delivers to the same server."""

    server: str
    say: Callable[[str], None]

    def tell(self, text: str) -> None:
        """Tell the user once."""

    def guarded(self, step: Callable[[], None]) -> None:
        """Do something whose faults are said, and end nothing."""

    def is_pausing(self) -> bool:
        """Whether the server is left alone for a while."""

    def has_news(self) -> bool:
        """Whether there are lines to deliver."""


class Keeper:
    """The leases of the runs that this process says are alive. The thread starts when the first one is due."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._alive: list[Lease] = []
        self._leases: Leases | None = None
        self._thread: threading.Thread | None = None

    def add(self, run_id: str) -> Lease:
        """Say again and again that the run is alive, until its lease ends."""
        lease = Lease(run_id)
        self._alive.append(lease)
        return lease

    def begin(self) -> None:
        """Start the thread if a lease is due. Where none can be started any more, renew here."""
        if self._thread or not self._due():
            return
        self._thread = threading.Thread(target=self._run, name="cumulog-lease", daemon=True)
        try:
            self._thread.start()
        except RuntimeError:
            self._thread = None
            self._renew()

    def _run(self) -> None:
        while self._alive:
            self._host.guarded(self._renew)
            time.sleep(_TICK)
        self._thread = None

    def _renew(self) -> None:
        due = self._due()
        if not due or self._host.is_pausing():
            return
        with importing:
            # Most scripts end before that.
            from cumulog._delivery import leases, terms  # noqa: PLC0415

            seconds = terms.period(self._host.say)
            self._leases = self._leases or leases.Leases(self._host.server, self._host.tell, seconds)
        self._leases.renew(due, self._host.has_news)

    def _due(self) -> list[Lease]:
        """The leases that have to be renewed; those that are over are forgotten."""
        # Not by a new list: another thread may add one meanwhile.
        for lease in [each for each in self._alive if each.is_over]:
            self._alive.remove(lease)
        return [each for each in self._alive if each.is_due()]
