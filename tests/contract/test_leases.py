"""Leases under faults: no sign of life is missed, no silence either; and what they cost."""

from collections.abc import Callable

import pytest

from chalicelib import clock
from chalicelib.storage import keys, tables
from chalicelib.storage.capacity import Meter, metered
from chalicelib.storage.items import Lease
from chalicelib.sweeper.lapsing import end_silent
from chalicelib.tracking.runs import leases
from chalicelib.tracking.runs.schemas import LeaseRun, UpdateRun
from tests import client as api
from tests.contract.faults import Crash, Fault, at_write, injected, writes
from tests.contract.leased import RUNS, SILENT_MS, WAS_KILLED, lease_of, leased_run, meet, renew, seen, sweep


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
        meet(run_id)
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
