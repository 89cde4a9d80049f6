"""What must hold for long, for many, or with a bad network: small by day, in full at night (`make test-nightly`)."""

import os
import random
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

import cumulog
from cumulog._delivery.sync import sync
from cumulog._fluent import process
from cumulog._journal import places
from tests.sampling import NIGHTLY, times
from tests.unit.client.fake_server import Status, World
from tests.unit.client.test_processes import ENDLESS, ran, started

DAY = """
import cumulog, os, sys
def resident():
    return int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
lines = int(sys.argv[1])
cumulog.start_run()
# What delivers is imported by then.
cumulog.flush(0.5)
for step in range(lines):
    cumulog.log_metric("loss", 0.5, step)
    if step == lines // 10:
        early = resident()
print(resident() - early)
sys.stdout.flush()
os._exit(0)
"""
# Each child is a job of its own, which ends when the pipe does: all of them at once.
JOBS = """
import os, sys
import cumulog
read, write = os.pipe()
children = []
for number in range(int(sys.argv[1])):
    child = os.fork()
    if not child:
        os.close(write)
        for step in range(20):
            cumulog.log_metric("loss", 0.5, step)
        os.read(read, 1)
        cumulog.finish()
        os._exit(0)
    children.append(child)
os.close(write)
print([os.waitpid(child, 0)[1] for child in children].count(0))
"""
ENDS = """
import cumulog, os, threading
for number in range(3):
    with cumulog.start_run():
        cumulog.log_metric("loss", 0.5, number)
        cumulog.log_text("hello", "notes.txt")
    assert cumulog.finish()
    assert [each.name for each in threading.enumerate()] == ["MainThread"], threading.enumerate()
open_now = [os.readlink(f"/proc/self/fd/{name}") for name in sorted(os.listdir("/proc/self/fd"))[:-1]]
assert not [name for name in open_now if "journal" in name or "memfd" in name], open_now
"""
SLOWER = ENDLESS.replace("print(step, flush=True)", "print(step, flush=True); __import__('time').sleep(0.02)")
RECORD_BYTES = 60


def journals() -> list[Path]:
    return [path for folder in places.folders() for path in folder.rglob("*")]


class Gate:
    """Passes connections on to a server, and can be cut: connections are refused, or taken and never answered."""

    def __init__(self, server: str) -> None:
        self._server = ("127.0.0.1", int(server.rsplit(":", 1)[1]))
        self._open: list[socket.socket] = []
        self._is_silent = False
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._port = self._listening.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"
        self.restore()

    def refuse(self) -> None:
        with suppress(OSError):
            # Else the thread that accepts would go on.
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._hang_up()

    def hang(self) -> None:
        self.restore()
        self._is_silent = True
        self._hang_up()

    def restore(self) -> None:
        self._is_silent = False
        self.refuse()
        self._listening = socket.create_server(("127.0.0.1", self._port))
        threading.Thread(target=self._accept, args=(self._listening,), daemon=True).start()

    def _hang_up(self) -> None:
        while self._open:
            with suppress(OSError):
                self._open.pop().shutdown(socket.SHUT_RDWR)

    def _accept(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near = listening.accept()[0]
                self._open.append(near)
                if self._is_silent:
                    threading.Thread(target=_pass_on, args=(near, None), daemon=True).start()
                else:
                    far = socket.create_connection(self._server)
                    self._open.append(far)
                    for source, target in ((near, far), (far, near)):
                        threading.Thread(target=_pass_on, args=(source, target), daemon=True).start()


def _pass_on(source: socket.socket, target: socket.socket | None) -> None:
    with suppress(OSError):
        while data := source.recv(1 << 16):
            if target:
                target.sendall(data)
    for each in (source, target) if target else (source,):
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
        each.close()


@pytest.fixture
def gate(world: World) -> Iterator[Gate]:
    made = Gate(world.url)
    yield made
    made.refuse()


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="This system does not tell how much memory is used.")
def test_a_day_of_lines_for_a_dead_server_stays_on_disk_and_arrives_later(world: World, gate: Gate) -> None:
    count = times(40_000, 86_400 * 20)
    gate.refuse()

    grown = int(ran(DAY, gate.url, str(count)).splitlines()[0])

    sizes = [path.stat().st_size for path in journals() if path.suffix == ".lines"]
    assert grown < 2 << 20
    assert max(sizes) <= 16 << 20
    assert sum(sizes) < count * RECORD_BYTES
    gate.restore()
    assert sync(gate.url, print).left == {}
    (run,) = world.tracking.runs.values()
    assert len(run.points) == count
    assert journals() == []


def test_many_jobs_that_end_at_once_lose_nothing_to_a_server_that_is_too_busy(world: World) -> None:
    count = times(12, 200)
    world.call_faults.extend([Status(429)] * 2 * count)

    ended = ran(JOBS, world.url, str(count))

    assert ended.splitlines()[0] == str(count)
    world.call_faults.clear()
    sync(world.url, print)
    assert [len(run.points) for run in world.tracking.runs.values()] == [20] * count
    assert {run.status for run in world.tracking.runs.values()} == {"FINISHED"}
    assert list(places.chains()) == []


@pytest.mark.parametrize("seed", range(50 if NIGHTLY else 1))
def test_a_kill_while_the_network_comes_and_goes_loses_no_line(world: World, gate: Gate, seed: int) -> None:
    chance = random.Random(seed)
    job = started(SLOWER, gate.url)
    assert job.stdout
    job.stdout.readline()
    for _ in range(5):
        chance.choice([gate.refuse, gate.hang, gate.restore])()
        time.sleep(chance.uniform(0, 0.2))
    job.send_signal(signal.SIGKILL)
    printed = [int(line) for line in job.stdout]
    job.communicate()
    gate.restore()

    assert sync(gate.url, print).left == {}

    (run,) = world.tracking.runs.values()
    assert {point[3] for point in run.points} == set(range(len(run.points)))
    assert len(run.points) >= max(printed, default=250)
    assert list(places.chains()) == []


def test_synchronous_calls_wait_once_for_a_server_that_never_answers(
    world: World, gate: Gate, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(process, "END_SECONDS", 0.2)
    cumulog.set_tracking_uri(gate.url)
    gate.hang()
    cumulog.start_run()

    for step in range(3):
        cumulog.log_metric("loss", 0.5, step, synchronous=True)
    in_vain = [text for text in caplog.messages if "return at once" in text or "lines are not on" in text]
    gate.restore()
    assert cumulog.flush(30)
    cumulog.log_metric("loss", 0.5, 3, synchronous=True)
    (run,) = world.tracking.runs.values()
    steps = [point[3] for point in run.points]
    cumulog.finish()
    cumulog.set_tracking_uri("")

    assert len(in_vain) == 2
    assert sorted(steps) == [0, 1, 2, 3]


def test_after_finish_no_thread_and_no_file_is_left(world: World) -> None:
    ran(ENDS, world.url)

    assert [run.status for run in world.tracking.runs.values()] == ["FINISHED"] * 3
    assert journals() == []


def test_what_a_kill_left_half_made_is_deleted_by_the_next_sync(world: World) -> None:
    folder = places.writable()
    assert folder
    left = folder / f"{places.FRESH}left"
    left.mkdir()
    (left / "lock").touch()
    os.utime(left, (1, 1))

    sync(world.url, print)

    assert journals() == []
