"""Leases: a client says again and again that its run is alive, and the sweeper ends a run of which it hears no more.

A run without a lease is never touched: MLflow's own client knows of none. Only the server's clock counts. The steps:

    renewed   one conditional write, which reads nothing: the holder's lease, nothing has happened to it, and somebody
              has looked at the run in the last half hour
    taken     otherwise the lease and the run are read, and the lease is put if it is still as it was read
    lapsed    one transaction: the run is KILLED, with a tag that says why, and its lease is marked, on the condition
              that nobody has renewed it; then it is told; then the lease is deleted
    revived   one transaction: the run is RUNNING as before, and has a lease again, which is marked; then it is told

So a renewal and the end of a run never miss each other: whichever comes first fails the condition of the other. The
marks are for what comes after a crash. The sweeper finds a lapsed lease and tells again; the next renewal of a revived
one looks at the run, tells again and takes the mark away.

A run that somebody else has ended stays so. Its lease is deleted when somebody looks: a client that says nothing of
leases, such as MLflow's, is not to pay for them when it ends a run.
"""

from collections.abc import Sequence
from typing import NamedTuple

from chalicelib import clock, errors
from chalicelib.storage import keys, tables
from chalicelib.storage.failures import ConditionFailed
from chalicelib.storage.items import Lease, RunInfo
from chalicelib.storage.tables import Action, Condition
from chalicelib.storage.transactions import Refused, Transaction
from chalicelib.tracking.experiments import recent_experiments
from chalicelib.tracking.experiments.lifecycle import ACTIVE
from chalicelib.tracking.feed import writing
from chalicelib.tracking.runs import lease_rules, overflow, runs
from chalicelib.tracking.runs.lease_rules import GOING_ON, LEASE_TAG, Held
from chalicelib.tracking.runs.schemas import LeaseRun, UpdateRun

LAPSED = "lapsed"
REVIVED = "revived"

_LOOK_MS = 1_800_000


class Granted(NamedTuple):
    """A lease as it is now, and whether another one than the caller holds it; None if the run has ended."""

    lease: Held | None
    is_of_another: bool = False


def renew(request: LeaseRun) -> Granted:
    """Prolong the lease of a run, or take one. A run that was ended for want of a lease goes on.

    Raises ResourceDoesNotExist, and InvalidParameterValue if the run is deleted.
    """
    return tables.decided(lambda: _renewed(request) or _taken(request))


def update(request: UpdateRun) -> RunInfo:
    """Change a run as `runs.update` does; its end ends the lease of the process that says so, too.

    So does SCHEDULED: it goes on in another process, and waits for that one as long as it takes.
    """
    info = runs.update(request)
    if request.lease_holder and info.status != "RUNNING":
        _release(info.run_id, request.lease_holder)
    return info


def lapse(info: RunInfo, lease: Lease, sign_ms: int) -> None:
    """End a run whose lease ran out, of which the last sign of life came then (ms), unless one has come meanwhile."""
    if info.phase != runs.OPEN:
        info = runs.reopen(info)
    remark = lease_rules.remark(held(lease), sign_ms)
    if not info.overflow and overflow.outgrows(info, {}, {LEASE_TAG: remark}):
        overflow.freeze(info)
    both = Transaction()
    both.update(lease, [Lease.state.set(LAPSED)], _unchanged(lease))
    # By the client's clock it may have begun later.
    end_time = RunInfo.end_time.set(max(sign_ms, int(info.start_time or 0)))
    ended = [RunInfo.status.set("KILLED"), end_time, RunInfo.lapsed.set(clock.now_ms())]
    _change(both, info, (ended, remark), RunInfo.status.is_in(*sorted(GOING_ON)))
    if _committed(both):
        finish(info, lease)


def finish(info: RunInfo, lease: Lease) -> None:
    """Tell of a run that was ended, and delete the lease."""
    writing.tell(info)
    drop(lease, LAPSED)


def drop(lease: Lease, state: str | None = None) -> None:
    """Delete a lease that was read, and marked since if a state is named, unless it was renewed meanwhile."""
    marked = Lease.state == state if state else Lease.holder.exists()
    try:
        tables.delete(lease, (Lease.renewed == lease.renewed) & marked)
    except ConditionFailed:
        return


def held(lease: Lease) -> Held:
    """A lease as the rules know it."""
    numbers = (lease.since, lease.held_until, lease.renewed, lease.expires)
    return Held(lease.holder, *map(int, numbers))


def _renewed(request: LeaseRun) -> Granted | None:
    now = clock.now_ms()
    until = now + request.seconds * 1000
    is_mine = Lease.holder == request.holder
    # Else something has happened to the run: it was ended, or has just come back.
    is_plain = Lease.state.does_not_exist()
    # Or else somebody may have ended it.
    is_known_to_run = Lease.looked > now - _LOOK_MS
    renewing = [Lease.renewed.set(now), Lease.held_until.set(until), Lease.expires.set(until)]
    try:
        lease = tables.update(Lease(keys.LEASES, request.run_id), renewing, is_mine & is_plain & is_known_to_run)
    except ConditionFailed:
        return None
    return Granted(held(lease))


def _taken(request: LeaseRun) -> Granted | None:
    """The lease after a look at the run; None if it changed meanwhile."""
    lease, info = _load(request.run_id)
    now = clock.now_ms()
    known = held(lease) if lease and lease.state != LAPSED else None
    wanted = lease_rules.taken(known, request.holder, now, now + request.seconds * 1000)
    granted = Granted(wanted, wanted.holder != request.holder)
    if info.lapsed and info.status not in GOING_ON:
        return granted if _revive(info, lease, wanted) else None
    if info.status not in GOING_ON:
        if lease:
            drop(lease)
        return Granted(None)
    if lease and lease.state == REVIVED:
        # The call that revived the run may have ended before it told.
        writing.tell(info)
    try:
        tables.put(_item(request.run_id, wanted), _unchanged(lease))
    except ConditionFailed:
        return None
    return granted


def _load(run_id: str) -> tuple[Lease | None, RunInfo]:
    """A run and its lease. Raises as `renew` does."""
    lease, info = tables.get_two(Lease, (keys.LEASES, run_id), RunInfo, (keys.run(run_id), keys.INFO))
    if info is None:
        raise runs.missing(run_id)
    if recent_experiments.run_stage(info) != ACTIVE:
        raise errors.RunDeleted(run_id)
    return lease, info


def _revive(info: RunInfo, lease: Lease | None, wanted: Held) -> bool:
    if info.phase != runs.OPEN:
        info = runs.reopen(info)
    both = Transaction()
    both.put(_item(info.run_id, wanted, REVIVED), _unchanged(lease))
    revived = [RunInfo.status.set("RUNNING"), RunInfo.end_time.remove(), RunInfo.lapsed.remove()]
    _change(both, info, (revived, None), RunInfo.lapsed.exists())
    if not _committed(both):
        return False
    writing.tell(info)
    return True


def _change(both: Transaction, info: RunInfo, to: tuple[Sequence[Action], str | None], condition: Condition) -> None:
    """Change an open run and its tag, on a condition."""
    actions, remark = to
    tagging, items = runs.with_tag(info, LEASE_TAG, remark)
    updated = RunInfo.updated.set(clock.now_ms())
    both.update(info, [*actions, updated, *tagging], runs.still_open(info) & condition)
    for item in items:
        both.put(item)


def _committed(both: Transaction) -> bool:
    """Whether it was carried out. If not, something has changed, and whoever asked has to look again."""
    try:
        both.commit()
    except Refused:
        return False
    return True


def _release(run_id: str, holder: str) -> None:
    try:
        tables.delete(Lease(keys.LEASES, run_id), Lease.holder == holder)
    except ConditionFailed:
        # There is none, or another one's: the sweeper deletes it when it runs out.
        return


def _item(run_id: str, wanted: Held, state: str | None = None) -> Lease:
    return Lease(
        keys.LEASES,
        run_id,
        holder=wanted.holder,
        since=wanted.since,
        held_until=wanted.held_until,
        renewed=wanted.renewed,
        expires=wanted.expires,
        looked=clock.now_ms(),
        state=state,
    )


def _unchanged(lease: Lease | None) -> Condition:
    """A condition: the lease is as it was read, or still missing."""
    if lease is None:
        return Lease.holder.does_not_exist()
    same_state = Lease.state == lease.state if lease.state else Lease.state.does_not_exist()
    condition: Condition = (Lease.renewed == lease.renewed) & (Lease.holder == lease.holder) & same_state
    return condition
