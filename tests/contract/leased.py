"""Runs with leases, what is done to them, and what is to be seen of them afterwards."""

from collections.abc import Callable
from typing import Any

from chalicelib import clock, remembered
from chalicelib.storage import keys, tables
from chalicelib.storage.items import Lease
from chalicelib.sweeper.lapsing import end_silent
from tests import client as api

SILENT_MS = 600_000

# What is done to a run; and its status, whether it has an end, and the tag.
Move = Callable[[str], object]
Seen = tuple[str, bool, bool]

RUNS = ("RUNNING", False, False)
WAS_KILLED = ("KILLED", True, True)
HAS_FINISHED = ("FINISHED", True, False)


def leased_run(holder: str = "me") -> str:
    experiment_id = api.create_experiment(clock.unique_id())
    run_id = api.create_run(experiment_id)
    assert api.lease(run_id, holder).status == 200
    meet(run_id)
    return run_id


def meet(run_id: str) -> None:
    """From now on this process knows the run by what it is told of it."""
    experiment_id = api.get("/runs/get", run_id=run_id).body["run"]["info"]["experiment_id"]
    assert api.found_ids(experiment_id) == [run_id]


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


def seen(run_id: str) -> Seen:
    """The status by which searches find the run, of this process and of one that has just started; an end, a tag."""
    run = api.get("/runs/get", run_id=run_id).body["run"]
    status = run["info"]["status"]
    for _ in range(2):
        assert api.found_ids(run["info"]["experiment_id"], filter=f"attributes.status = '{status}'") == [run_id]
        remembered.forget_all()
    return status, "end_time" in run["info"], "cumulog.lease" in api.run_data(run_id)["tags"]


def lease_of(run_id: str) -> Lease | None:
    return tables.get(Lease, keys.LEASES, run_id)


def silent(run_id: str) -> int:
    """Have the lease run out a moment ago; returns when it was last renewed (ms)."""
    lease = lease_of(run_id)
    assert lease is not None
    now = clock.now_ms()
    began = Lease.since.set(now - SILENT_MS)
    moments = [Lease.renewed.set(now - SILENT_MS), Lease.held_until.set(now - 1), Lease.expires.set(now - 1)]
    tables.update(lease, [began, *moments])
    return now - SILENT_MS
