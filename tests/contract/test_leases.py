"""Leases under races and faults: no sign of life is missed, no silence either; and what they cost."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib import clock, remembered
from chalicelib.storage import keys, tables
from chalicelib.storage.capacity import Meter, metered
from chalicelib.storage.items import Lease
from chalicelib.sweeper.lapsing import end_silent
from chalicelib.tracking.runs import leases
from chalicelib.tracking.runs.schemas import LeaseRun, UpdateRun
from tests import client as api
from tests.contract.at_once import at_once
from tests.contract.faults import Crash, Fault, at_write, injected, meanwhile, writes

SILENT_MS = 600_000
RACES = 12


def leased_run(holder: str = "me") -> str:
    experiment_id = api.create_experiment(clock.unique_id())
    run_id = api.create_run(experiment_id)
    assert api.lease(run_id, holder).status == 200
    # From now on this process knows the run by what it is told of it.
    assert api.found_ids(experiment_id) == [run_id]
    return run_id


def sweep() -> None:
    """What the sweeper does when the lease has run out."""
    with clock.frozen(clock.now_ms() + SILENT_MS):
        end_silent()


def renew(run_id: str) -> dict[str, Any]:
    answer = api.lease(run_id, "me")
    assert answer.status == 200, answer.body
    return answer.body


def finish(run_id: str) -> None:
    api.done("/runs/update", run_id=run_id, status="FINISHED", end_time=9, lease_holder="me")


def seen(run_id: str) -> "Seen":
    """The status by which searches find the run, of this process and of one that has just started; an end, a tag."""
    run = api.get("/runs/get", run_id=run_id).body["run"]
    status = run["info"]["status"]
    for _ in range(2):
        assert api.found_ids(run["info"]["experiment_id"], filter=f"attributes.status = '{status}'") == [run_id]
        remembered.forget_all()
    return status, "end_time" in run["info"], "cumulog.lease" in api.run_data(run_id)["tags"]


def lease_of(run_id: str) -> Lease | None:
    return tables.get(Lease, keys.LEASES, run_id)


Seen = tuple[str, bool, bool]
Move = Callable[[str], object]

RUNS = ("RUNNING", False, False)
WAS_KILLED = ("KILLED", True, True)
HAS_FINISHED = ("FINISHED", True, False)


def cost(call: Callable[[], object]) -> Meter:
    with metered() as meter:
        call()
    return meter


def renewal(run_id: str) -> Meter:
    """What a renewal consumes."""
    request = LeaseRun(run_id=run_id, holder="me", seconds=540)
    return cost(lambda: leases.renew(request))


def end(run_id: str, holder: str | None) -> Meter:
    """What the end of a run consumes."""
    request = UpdateRun(run_id=run_id, status="FINISHED", end_time=9, lease_holder=holder)
    return cost(lambda: leases.update(request))


def test_a_renewal_costs_one_write_unit_and_reads_nothing() -> None:
    run_id = leased_run()

    assert renewal(run_id) == Meter(read=0, write=1, trips=1)


def test_the_first_lease_of_a_run_costs_two_read_units_more() -> None:
    run_id = api.create_run(api.create_experiment())

    # DynamoDB also bills a write unit for the condition that fails, which it does not report.
    assert renewal(run_id) == Meter(read=2, write=1, trips=3)


def test_the_end_of_a_run_costs_a_write_unit_more_if_it_has_a_lease() -> None:
    with_lease, without = leased_run(), api.create_run(api.create_experiment())

    leased, bare = end(with_lease, "me"), end(without, None)

    assert (leased.read, leased.write - bare.write) == (bare.read, 1)


def test_a_thousand_leases_cost_a_round_some_40_read_units() -> None:
    later = clock.now_ms() + SILENT_MS
    numbers = {"since": later, "held_until": later, "renewed": later, "expires": later, "looked": later}
    holder = "gpu-node-0017.cluster.example:41234:1a2b3c4d"
    tables.put_all(Lease(keys.LEASES, f"{number:032x}", holder=holder, **numbers) for number in range(1_000))

    consumed = cost(end_silent)

    assert consumed.write == 0
    assert consumed.read < 45


def test_a_round_without_leases_costs_one_read() -> None:
    consumed = cost(end_silent)

    assert (consumed.write, consumed.trips) == (0, 1)
    assert consumed.read <= 1


def test_ending_a_silent_run_costs_some_ten_units() -> None:
    run_id = leased_run()

    consumed = cost(sweep)

    assert seen(run_id) == WAS_KILLED
    assert consumed.write <= 12
    assert consumed.read <= 8


def test_a_renewal_and_the_sweeper_at_once_leave_a_run_that_runs() -> None:
    for _ in range(RACES):
        run_id = leased_run()
        _silent(run_id)

        at_once(lambda worker, run=run_id: renew(run) if worker % 2 else end_silent(), 4)

        assert seen(run_id) == RUNS
        assert lease_of(run_id) is not None


def test_the_end_of_a_run_and_the_sweeper_at_once_leave_a_run_that_has_finished() -> None:
    for _ in range(RACES):
        run_id = leased_run()
        _silent(run_id)

        at_once(lambda worker, run=run_id: finish(run) if worker == 0 else end_silent(), 3)

        assert seen(run_id) == HAS_FINISHED
        end_silent()
        assert lease_of(run_id) is None


def test_several_sweepers_at_once_end_a_run_once() -> None:
    run_id = leased_run()
    before = _silent(run_id)

    at_once(lambda _: end_silent(), 6)

    assert seen(run_id) == WAS_KILLED
    assert api.get("/runs/get", run_id=run_id).body["run"]["info"]["end_time"] == before
    assert lease_of(run_id) is None


def test_an_end_on_purpose_and_a_renewal_at_once_leave_the_run_ended() -> None:
    for _ in range(RACES):
        run_id = leased_run()
        sweep()

        def work(worker: int, run: str = run_id) -> object:
            if worker:
                return renew(run)
            return api.done("/runs/update", run_id=run, status="KILLED", end_time=9)

        at_once(work, 3)

        assert seen(run_id) == ("KILLED", True, False)
        assert renew(run_id).keys() <= {"ended", "expires"}


def renew_as_another(run_id: str) -> None:
    assert api.lease(run_id, "you").status == 200


def look_after(_: str) -> None:
    end_silent()


def kill(run_id: str) -> None:
    api.done("/runs/update", run_id=run_id, status="KILLED", end_time=9)


def go_on(run_id: str) -> None:
    api.done("/runs/update", run_id=run_id, status="RUNNING")


# Two who come at the same time to a run that was silent, and what it is afterwards.
OF_A_SILENT_RUN = [
    (renew, look_after, RUNS),
    (renew_as_another, look_after, RUNS),
    (finish, look_after, HAS_FINISHED),
    (look_after, renew, RUNS),
    (look_after, renew_as_another, RUNS),
    (look_after, finish, HAS_FINISHED),
    (look_after, look_after, WAS_KILLED),
]
OF_A_KILLED_RUN = [
    (renew, kill, ("KILLED", True, False)),
    (renew, renew_as_another, RUNS),
    (renew, look_after, RUNS),
    (renew, go_on, RUNS),
    (go_on, renew, RUNS),
    (finish, renew, HAS_FINISHED),
]


def _named(case: object) -> str | None:
    return getattr(case, "__name__", None)


@pytest.mark.parametrize(("one", "other", "expected"), OF_A_SILENT_RUN, ids=_named)
def test_two_who_come_to_a_silent_run_at_the_same_time(
    one: Move, other: Move, expected: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    for at in itertools.count():
        run_id = leased_run()
        _silent(run_id)

        if not _both(one, other, run_id, at, monkeypatch):
            break
        assert seen(run_id) == expected, at
        assert _is_fitting(lease_of(run_id), expected), at


@pytest.mark.parametrize(("one", "other", "expected"), OF_A_KILLED_RUN, ids=_named)
def test_two_who_come_to_a_killed_run_at_the_same_time(
    one: Move, other: Move, expected: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    for at in itertools.count():
        run_id = leased_run()
        _silent(run_id)
        end_silent()

        if not _both(one, other, run_id, at, monkeypatch):
            break
        assert seen(run_id) == expected, at


def _both(one: Move, other: Move, run_id: str, at: int, monkeypatch: pytest.MonkeyPatch) -> bool:
    """One makes its move, the other its own before that write of the first; False if there is no such write."""
    made = []

    def interrupt() -> None:
        made.append(other(run_id))

    with injected(meanwhile(at, interrupt), monkeypatch):
        one(run_id)
    return bool(made)


def _is_fitting(lease: Lease | None, expected: Seen) -> bool:
    """A run that goes on has a lease, one that was killed has none; that of any other is left to the sweeper."""
    return lease is not None if expected == RUNS else lease is None or expected == HAS_FINISHED


def test_many_leases_that_ran_out_are_all_ended_in_one_round() -> None:
    runs = [leased_run() for _ in range(30)]

    sweep()

    assert {seen(run_id) for run_id in runs} == {WAS_KILLED}


@pytest.mark.parametrize("comes_back", [False, True], ids=["silent", "comes back"])
def test_a_sweeper_that_dies_at_any_request_leaves_what_the_next_round_and_the_client_complete(
    comes_back: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for at in _writes_of_a_sweep(monkeypatch):
        run_id = leased_run()
        with injected(at_write(at, Fault.CRASH_AFTER), monkeypatch), pytest.raises(Crash):
            sweep()

        if comes_back:
            renew(run_id)
            renew(run_id)
            end_silent()
        else:
            sweep()

        assert seen(run_id) == (RUNS if comes_back else WAS_KILLED), at
        left = lease_of(run_id)
        assert (left.state is None) if comes_back and left else left is None, at


@pytest.mark.parametrize("fault", [Fault.LOST, Fault.REFUSED, Fault.CONFLICT], ids=lambda fault: fault.name)
def test_a_sweeper_does_not_notice_one_failed_request(fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    for at in _writes_of_a_sweep(monkeypatch):
        run_id = leased_run()

        with injected(at_write(at, fault), monkeypatch):
            sweep()

        assert seen(run_id) == WAS_KILLED, at
        assert lease_of(run_id) is None, at


@pytest.mark.parametrize("goes_on", [False, True], ids=["silent", "goes on"])
def test_a_server_that_dies_while_a_run_comes_back_leaves_what_a_retry_or_the_sweeper_completes(
    goes_on: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for at in _writes_of_a_revival(monkeypatch):
        run_id = leased_run()
        sweep()
        with injected(at_write(at, Fault.CRASH_AFTER), monkeypatch), pytest.raises(Crash):
            renew(run_id)

        if goes_on:
            renew(run_id)
        else:
            sweep()

        assert seen(run_id) == (RUNS if goes_on else WAS_KILLED), at


@pytest.mark.parametrize("fault", [Fault.LOST, Fault.REFUSED, Fault.CONFLICT], ids=lambda fault: fault.name)
def test_a_run_comes_back_although_one_request_fails(fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    for at in _writes_of_a_revival(monkeypatch):
        run_id = leased_run()
        sweep()

        with injected(at_write(at, fault), monkeypatch):
            renew(run_id)

        assert seen(run_id) == RUNS, at


def test_a_run_that_came_back_is_renewed_at_the_price_of_one_unit_again() -> None:
    run_id = leased_run()
    sweep()
    renew(run_id)
    renew(run_id)

    assert renewal(run_id) == Meter(read=0, write=1, trips=1)


def _silent(run_id: str) -> int:
    """Have the lease run out a moment ago; returns when it was last renewed (ms)."""
    lease = lease_of(run_id)
    assert lease is not None
    now = clock.now_ms()
    began = Lease.since.set(now - SILENT_MS)
    moments = [Lease.renewed.set(now - SILENT_MS), Lease.held_until.set(now - 1), Lease.expires.set(now - 1)]
    tables.update(lease, [began, *moments])
    return now - SILENT_MS


def _writes_of_a_sweep(monkeypatch: pytest.MonkeyPatch) -> range:
    """The numbers of the writes of a round that ends one run."""
    leased_run()
    with injected(lambda _at, _operation: None, monkeypatch) as sent:
        sweep()
    return range(len(writes(sent)))


def _writes_of_a_revival(monkeypatch: pytest.MonkeyPatch) -> range:
    run_id = leased_run()
    sweep()
    with injected(lambda _at, _operation: None, monkeypatch) as sent:
        renew(run_id)
    return range(len(writes(sent)))
