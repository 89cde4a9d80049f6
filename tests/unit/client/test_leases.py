"""Leases: a process says that its runs are alive, without holding up a line, and stops when they end."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

import cumulog
from cumulog._delivery import deliverer, leases, terms
from cumulog._delivery.deliverer import Deliverer
from cumulog._delivery.lease import Lease
from cumulog._delivery.leases import Leases
from tests.unit.client.fake_server import Status, World
from tests.unit.client.jobs import RUN, Job, stored

LEASE = "/api/2.0/cumulog/runs/lease"
AWAY = Status(503, "TEMPORARILY_UNAVAILABLE")


class Kept:
    """Leases of a server, and what was said of them."""

    def __init__(self, url: str, seconds: float = 300.0) -> None:
        self.said: list[str] = []
        self.leases = Leases(url, self.said.append, seconds)
        self._all: list[Lease] = []

    def taken(self, run_id: str = RUN) -> Lease:
        self._all.append(Lease(run_id))
        return self._all[-1]

    def renew(self, *due: Lease, has_news: Callable[[], bool] = lambda: False) -> None:
        """A round in which these are due."""
        for lease in due:
            lease.renewed(-1.0)
        self.leases.renew(filter(Lease.is_due, self._all), has_news)


@pytest.fixture
def kept(world: World, job: Job) -> Kept:
    """Leases of a server that knows the run RUN."""
    job.deliver()
    return Kept(world.url)


def asked(world: World) -> list[str]:
    """The runs whose leases the server was asked for."""
    return [each["run_id"] for each in world.tracking.leases]


def test_a_lease_names_its_process_and_runs_longer_than_until_the_next_renewal(world: World, kept: Kept) -> None:
    kept.renew(kept.taken())

    (request,) = world.tracking.leases
    machine, pid, digits = request["holder"].rsplit(":", 2)
    assert (request["run_id"], request["seconds"]) == (RUN, 540)
    assert (machine, pid, len(digits)) == (os.uname().nodename, str(os.getpid()), 8)


def test_a_lease_is_asked_for_again_when_it_is_due(world: World, kept: Kept) -> None:
    lease = kept.taken()

    kept.renew()
    kept.renew(lease)
    kept.renew()
    kept.renew(lease)

    assert asked(world) == [RUN, RUN]
    assert len({request["holder"] for request in world.tracking.leases}) == 1


def test_the_end_of_a_run_gives_back_a_lease_that_was_asked_for(kept: Kept) -> None:
    short, long = kept.taken(), kept.taken()
    kept.renew(long)

    assert short.ended() == {}
    assert long.ended() == {"lease_holder": leases.holder()}


def test_a_lease_that_was_given_back_is_not_renewed(world: World, kept: Kept) -> None:
    lease = kept.taken()
    lease.ended()

    kept.renew(lease)

    assert asked(world) == []


def test_lines_go_before_the_next_lease(world: World, kept: Kept) -> None:
    several = [kept.taken() for _ in range(3)]

    kept.renew(*several, has_news=lambda: True)
    first = len(asked(world))
    kept.renew()

    assert (first, len(asked(world))) == (1, 3)


@pytest.mark.parametrize("status", [Status(404, "ENDPOINT_NOT_FOUND"), Status(404), Status(405), Status(501)])
def test_a_server_that_knows_no_leases_is_asked_once(world: World, kept: Kept, status: Status) -> None:
    world.call_faults.append(status)
    lease, other = kept.taken(), kept.taken()

    for _ in range(3):
        kept.renew(lease, other)

    assert world.calls_of(LEASE) == 1
    assert kept.said == []


def test_a_server_that_is_away_is_asked_for_one_lease_only(world: World, kept: Kept) -> None:
    world.call_faults.extend([AWAY] * 2)
    several = [kept.taken() for _ in range(4)]

    kept.renew(*several)
    first = world.calls_of(LEASE)
    kept.renew(*several)
    kept.renew(*several)

    assert (first, len(asked(world))) == (1, 4)
    assert kept.said == []


REFUSALS = [Status(401, "UNAUTHENTICATED"), Status(400, "INVALID_PARAMETER_VALUE"), Status(200)]


@pytest.mark.parametrize("status", REFUSALS)
def test_a_refusal_holds_up_no_other_lease(world: World, kept: Kept, status: Status) -> None:
    world.call_faults.append(status)

    kept.renew(kept.taken(), kept.taken())

    assert asked(world) == [RUN]


def test_a_run_that_was_ended_on_the_server_is_said_once_and_has_no_more_lease(world: World, kept: Kept) -> None:
    world.tracking.lease = {"ended": True}
    lease = kept.taken()

    kept.renew(lease)
    kept.renew(lease)

    (said,) = kept.said
    assert "was ended on the server" in said
    assert len(asked(world)) == 1


def test_a_deleted_run_has_no_more_lease(world: World, kept: Kept) -> None:
    stored(world).is_deleted = True
    lease = kept.taken()

    kept.renew(lease)
    kept.renew(lease)

    assert world.calls_of(LEASE) == 1


def other(name: str, until: int = 0) -> dict[str, Any]:
    return {"expires": 1, "other_holder": {"holder": name, "since": 1_795_000_000_000, "until": until}}


def test_a_run_that_is_shared_with_a_process_of_ones_own_is_no_news(
    world: World, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, theirs = kept.taken(), kept.taken()
    mine.is_shared = True
    monkeypatch.setenv(leases.LAUNCHER, "gpu-7:4242:1a2b3c4d")

    world.tracking.lease = other("gpu-7:4242:1a2b3c4d")
    kept.renew(theirs)
    world.tracking.lease = {"ended": True}
    kept.renew(mine)

    assert kept.said == []
    assert mine.is_over


def test_another_process_of_the_run_is_named_once(world: World, kept: Kept) -> None:
    lease = kept.taken()
    for until in (1_795_000_540_000, 1_795_000_840_000):
        world.tracking.lease = other("gpu-7:4242:1a2b3c4d", until)
        kept.renew(lease)

    assert kept.said == [
        f"Another process has run {RUN} too: process 4242 on gpu-7, since 2026-11-18 11:06:40 UTC. If it was killed, "
        "it counts as alive until 2026-11-18 11:15:40 UTC; else both log to the run."
    ]


def test_an_earlier_attempt_on_this_machine_that_is_gone_is_not_named(world: World, kept: Kept) -> None:
    gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    machine = os.uname().nodename
    for pid in (gone.stdout.decode().strip(), os.getpid()):
        world.tracking.lease = other(f"{machine}:{pid}:1a2b3c4d")
        kept.renew(kept.taken())

    assert kept.said == []


@pytest.mark.parametrize("name", ["", ":", "::", "{machine}:²:x", "{machine}:99999999999999999999:x", "{machine}"])
def test_a_holder_of_any_name_is_no_fault(world: World, kept: Kept, name: str) -> None:
    world.tracking.lease = other(name.replace("{machine}", os.uname().nodename))

    kept.renew(kept.taken())

    assert len(asked(world)) == 1


def test_a_living_process_on_this_machine_is_named(world: World, kept: Kept) -> None:
    world.tracking.lease = other(f"{os.uname().nodename}:{os.getppid()}:1a2b3c4d")

    kept.renew(kept.taken())

    assert len(kept.said) == 1


@pytest.mark.parametrize(
    ("text", "seconds"), [("", 300), ("60", 60), ("1", 5), ("1e9", 48_000), ("0", 0), (" 7.5 ", 7.5)]
)
def test_the_time_between_renewals_is_a_setting(text: str, seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUMULOG_LEASE", text)

    assert terms.period(pytest.fail) == seconds


@pytest.mark.parametrize("text", ["often", "-1", "nan", "inf"])
def test_a_setting_that_is_no_time_is_said(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUMULOG_LEASE", text)
    said: list[str] = []

    assert terms.period(said.append) == 300
    assert f"'{text}'" in said[0]


def test_without_a_time_there_is_no_lease(world: World) -> None:
    kept = Kept(world.url, 0.0)
    lease = kept.taken()

    kept.renew(lease)

    assert world.calls_of(LEASE) == 0
    assert lease.ended() == {}


def test_leases_wait_as_long_as_lines_do_for_a_server_that_is_away_and_no_longer(world: World, job: Job) -> None:
    job.deliver()
    job.deliverer.keep_alive(RUN).renewed(-1.0)

    job.deliverer._pause.lengthen(60.0)
    job.deliverer._keeper._renew()
    meanwhile = asked(world)
    job.deliverer._pause._until = 0.0
    job.deliverer._keeper._renew()

    assert job.deliverer._pause.is_failing()
    assert (meanwhile, asked(world)) == ([], [RUN])


class HeldUp(Deliverer):
    """It takes long to send something, as a large file does, from the second round on."""

    rounds = 0

    def round(self) -> None:
        self.rounds += 1
        while self.rounds > 1 and not self._may_end:
            time.sleep(0.01)


def becomes_true(wanted: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 20
    while not wanted() and time.monotonic() < deadline:
        time.sleep(0.01)
    return wanted()


def test_a_lease_is_renewed_while_something_takes_long_to_send(
    world: World, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliverer, "_TICK", 0.02)
    job.deliver()
    held = HeldUp(world.url, adopts=False)
    lease = held.keep_alive(RUN)
    lease.renewed(-1.0)
    held._begin()
    assert becomes_true(lambda: held.rounds >= 2 and not lease.is_due())

    for _ in range(2):
        lease.renewed(-1.0)
        assert becomes_true(lambda: not lease.is_due())

    lease.ended()
    held.end()
    assert asked(world)[:3] == [RUN] * 3


def test_a_run_has_a_lease_from_its_beginning_to_its_end(world: World) -> None:
    cumulog.set_tracking_uri(world.url)

    with cumulog.start_run() as run:
        assert cumulog.flush()
        assert run.lease
        run.lease.renewed(-1.0)
        cumulog.log_metric("loss", 0.5)
        assert cumulog.flush()
        deadline = time.monotonic() + 20
        while not world.tracking.leases and time.monotonic() < deadline:
            time.sleep(0.02)
    assert cumulog.flush()

    assert asked(world) == [run.info.run_id]
    assert stored(world, run.info.run_id).lease_holder == leases.holder()
    assert run.lease.is_over


def test_a_short_script_asks_for_no_lease(world: World) -> None:
    cumulog.set_tracking_uri(world.url)

    with cumulog.start_run() as run:
        cumulog.log_metric("loss", 0.5)

    assert cumulog.flush()

    assert world.tracking.leases == []
    assert stored(world, run.info.run_id).lease_holder == ""


def test_a_rank_that_joins_a_run_has_no_lease(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    cumulog.set_tracking_uri(world.url)
    with cumulog.start_run(job="4711") as first:
        assert first.lease
    monkeypatch.setenv("RANK", "1")
    monkeypatch.setenv("WORLD_SIZE", "2")

    with cumulog.start_run(job="4711") as run:
        assert run.lease is None
    assert cumulog.flush()


def test_a_forked_child_has_no_lease_of_its_parent_s_run(job: Job, kept: Kept) -> None:
    job.run.lease = kept.taken()

    job.run.after_fork()

    assert job.run.lease is None
