"""Leases: this process says again and again that the runs that it started are alive.

If it is killed, the server hears no more of it and ends them. A thread of its own does this from the first time on, as
to send a file may take longer than a lease runs; while there are lines to deliver, it asks for one lease at a time.
Nothing of it is on the disk, as only a living process can say so.
"""

import os
import time
from collections.abc import Callable, Iterable
from typing import Any

from cumulog._delivery import terms
from cumulog._delivery.lease import Lease
from cumulog._http.errors import ApiError, NotCumulog
from cumulog._http.forks import importing
from cumulog._http.wire import TRANSIENT

# Names the process that has started this one for its run, as `holder` does: both log to the run.
LAUNCHER = "CUMULOG_LAUNCHER"
# While the server is away, it is asked as often as for lines.
_AWAY = 30.0
_NO_ROUTE = (404, 405, 501)

_holders: dict[int, str] = {}


class Leases:
    """The leases of this process's runs on one server, renewed every so many seconds; none if that is 0."""

    def __init__(self, server: str, tell: Callable[[str], None], seconds: float) -> None:
        self._server = server
        self._tell = tell
        self._seconds = seconds
        # A server of an earlier version, or MLflow's own.
        self._is_unknown = False
        # Who was named as another process of a run.
        self._named: set[tuple[str, str]] = set()

    def renew(self, due: Iterable[Lease], has_news: Callable[[], bool]) -> None:
        """Renew what is due, at least one; the others wait for the next round if there is news to deliver."""
        for lease in sorted(due, key=lambda each: each.due):
            if self._is_unknown or not self._seconds:
                lease.is_over = True
            elif not self._renew(lease) or has_news():
                return

    def _renew(self, lease: Lease) -> bool:
        """Whether the server answered."""
        lease.holder = holder()
        try:
            self._read(lease, self._ask(lease))
        except ApiError as error:
            return self._refused(lease, error)
        return True

    def _ask(self, lease: Lease) -> dict[str, Any]:
        with importing:
            # By then the thread that delivers has imported it.
            from cumulog._delivery.opening import renewed  # noqa: PLC0415

        seconds = int(terms.LONGER * self._seconds)
        return renewed(self._server, {"run_id": lease.run_id, "holder": holder(), "seconds": seconds})

    def _read(self, lease: Lease, reply: dict[str, Any]) -> None:
        lease.renewed(self._seconds)
        if reply.get("ended"):
            if not lease.is_over and not lease.is_shared:
                self._tell(
                    f"Run {lease.run_id} was ended on the server while this process still logs to it. Its lines are "
                    "delivered all the same; its status stays until this process ends the run."
                )
            lease.is_over = True
        elif "expires" not in reply:
            self._is_unknown = True
        elif (other := reply.get("other_holder")) and not lease.is_shared:
            self._tell_of(lease.run_id, other)

    def _refused(self, lease: Lease, error: ApiError) -> bool:
        """Whether the server answered."""
        if isinstance(error, NotCumulog) and error.status in _NO_ROUTE:
            self._is_unknown = True
        elif error.cumulog_error in ("RUN_DELETED", "EXPERIMENT_DELETED"):
            lease.is_over = True
        is_away = error.status == 0 or error.status in TRANSIENT or error.status >= 500
        lease.failed(min(self._seconds, _AWAY) if is_away else self._seconds, error.retry_after)
        return not is_away

    def _tell_of(self, run_id: str, other: dict[str, Any]) -> None:
        name = str(other.get("holder"))
        if (run_id, name) not in self._named and not _is_gone(name) and name != os.environ.get(LAUNCHER):
            self._named.add((run_id, name))
            self._tell(
                f"Another process has run {run_id} too: {_shown(name)}, since {_time(other['since'])}. If it was "
                f"killed, it counts as alive until {_time(other['until'])}; else both log to the run."
            )


def holder() -> str:
    """This process, for others to know it by: its machine, its number, and digits that no other process has."""
    pid = os.getpid()
    if pid not in _holders:
        _holders[pid] = f"{terms.machine()}:{pid}:{os.urandom(4).hex()}"
    return _holders[pid]


def _is_gone(name: str) -> bool:
    """Whether the holder was a process of this machine that is there no more: this job's earlier attempt."""
    machine, _, pid = name.rpartition(":")[0].rpartition(":")
    if machine != terms.machine() or not pid.isdecimal() or os.name != "posix":
        return False
    if int(pid) == os.getpid():
        # As in a container that was started again.
        return True
    try:
        os.kill(int(pid), 0)
    except (ProcessLookupError, OverflowError):
        return True
    except PermissionError:
        return False
    return False


def _shown(name: str) -> str:
    machine, _, pid = name.rpartition(":")[0].rpartition(":")
    return f"process {pid} on {machine}" if machine and pid else name


def _time(at_ms: int) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(at_ms / 1000))
