"""Leases against a model that simply remembers: random histories of two processes, a user and the sweeper."""

from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib import clock
from chalicelib.sweeper.lapsing import end_silent
from chalicelib.tracking.runs import lease_rules
from chalicelib.tracking.runs.lease_rules import Held
from tests import client as api
from tests.contract.store import empty
from tests.sampling import examples

START_MS = 1_795_000_000_000
LEASE_MS = 540_000
LOOK_MS = 1_800_000
HOLDERS = ("gpu-7:1", "gpu-8:2")
STATUSES = ("RUNNING", "FINISHED", "FAILED", "KILLED")


@dataclass
class Remembered:
    """A run and its lease, as a dictionary would have them."""

    run_id: str
    status: str = "RUNNING"
    lapsed: bool = False
    lease: Held | None = None
    looked: int = 0
    logged: int = 0

    def renew(self, holder: str, now: int) -> None:
        reply = api.lease(self.run_id, holder).body
        is_quick = self.lease and self.lease.holder == holder and self.looked > now - LOOK_MS
        comes_back = self.lapsed
        if comes_back:
            self.status, self.lapsed, self.lease = "RUNNING", False, None
        if self.status != "RUNNING" and not is_quick:
            self.lease = None
        else:
            self.lease = lease_rules.taken(self.lease, holder, now, now + LEASE_MS)
            # The renewal after the one that brings a run back looks in any case.
            self.looked = self.looked if is_quick else 0 if comes_back else now
        assert reply.get("expires") == (self.lease and self.lease.expires)
        assert ("other_holder" in reply) == (self.lease is not None and self.lease.holder != holder)

    def update(self, status: str, holder: str | None) -> None:
        api.done("/runs/update", run_id=self.run_id, status=status, lease_holder=holder)
        self.status, self.lapsed = status, False
        if self.lease and self.lease.holder == holder and status != "RUNNING":
            self.lease = None

    def log(self, now: int) -> None:
        api.done("/runs/log-metric", run_id=self.run_id, key="loss", value=1, timestamp=1, step=1)
        self.logged = now

    def sweep(self, now: int) -> None:
        end_silent()
        if self.lease is None or self.lease.expires > now:
            return
        if self.status != "RUNNING":
            self.lease = None
        elif lease_rules.is_silent(self.lease, self.logged, now):
            self.status, self.lapsed, self.lease = "KILLED", True, None


def _events() -> st.SearchStrategy[list[tuple[int, tuple[Any, ...]]]]:
    holders = st.sampled_from(HOLDERS)
    event = st.one_of(
        st.tuples(st.just("renew"), holders),
        st.tuples(st.just("renew"), holders),
        st.tuples(st.just("sweep")),
        st.tuples(st.just("sweep")),
        st.tuples(st.just("log")),
        st.tuples(st.just("update"), st.sampled_from(STATUSES), st.sampled_from([None, *HOLDERS])),
    )
    passed_s = st.sampled_from([1, 60, 300, 539, 540, 600, 1_800])
    return st.lists(st.tuples(passed_s, event), min_size=5, max_size=25)


def _carry_out(told: Remembered, event: tuple[Any, ...], now: int) -> None:
    if event[0] == "renew":
        told.renew(event[1], now)
    elif event[0] == "update":
        told.update(*event[1:])
    elif event[0] == "log":
        told.log(now)
    else:
        told.sweep(now)


@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=_events())
def test_whatever_happens_a_run_is_what_was_last_heard_of_it(events: list[tuple[int, tuple[Any, ...]]]) -> None:
    empty()
    now = START_MS
    with clock.frozen(now):
        experiment_id = api.create_experiment()
        told = Remembered(api.create_run(experiment_id))

    for passed_s, event in events:
        now += passed_s * 1_000
        with clock.frozen(now):
            _carry_out(told, event, now)
            tags = api.run_data(told.run_id)["tags"]
            found = api.found_ids(experiment_id, filter=f"attributes.status = '{told.status}'")

        assert found == [told.run_id]
        assert ("cumulog.lease" in tags) == told.lapsed
