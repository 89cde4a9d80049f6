"""Runs whose lease ran out: nobody has heard of their process for as long as it had promised to speak up."""

from chalicelib import clock
from chalicelib.storage import keys, parallel, tables
from chalicelib.storage.items import Lease, RunInfo
from chalicelib.tracking.feed import reading
from chalicelib.tracking.index import sealing
from chalicelib.tracking.runs import leases
from chalicelib.tracking.runs.lease_rules import GOING_ON, is_silent


def end_silent() -> None:
    """End the runs whose lease ran out. Safe at any time, also concurrently.

    All leases are read, some 25 to a read unit. A key that sorts by time would have each renewal delete and put an
    item, at twice the price, and there are many renewals for each round.
    """
    now = clock.now_ms()
    over = [each for each in tables.query(Lease, keys.LEASES) if each.expires <= now]
    parallel.each(_end, over)


def _end(lease: Lease) -> None:
    info = tables.get(RunInfo, keys.run(lease.sk), keys.INFO)
    if info is not None and lease.state == leases.LAPSED:
        leases.finish(info, lease)
        return
    if info is None or info.status not in GOING_ON:
        leases.drop(lease)
        return
    logged = _last_logged(info)
    if is_silent(leases.held(lease), logged, clock.now_ms()):
        leases.lapse(info, lease, max(logged, int(lease.renewed)))


def _last_logged(info: RunInfo) -> int:
    """When a metric was last logged to a run (ms); 0 if none ever was."""
    fed = [entry.received_ms for entry in reading.entries_of(info) if entry.points is not None]
    return max([sealing.last_logged(info), *fed])
