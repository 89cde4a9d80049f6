"""Jobs that are killed, suspended or MLflow's own, and what becomes of their runs, with a lease of some seconds."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

import cumulog
from infra.local import stack

SOURCES = Path(cumulog.__file__).parents[1]

# Renewed every five seconds, each time for nine.
PERIOD = "5"
SECONDS = 60

JOB = """
import sys, time
import cumulog
cumulog.set_tracking_uri(sys.argv[1])
run = cumulog.start_run(run_name=sys.argv[2])
print(run.info.run_id, flush=True)
for step in range(1_000):
    cumulog.log_metric("loss", 1 / (step + 1), step=step)
    time.sleep(0.25)
"""


class Job:
    """A process that logs four points a second to a run."""

    def __init__(self, url: str, name: str, folder: Path) -> None:
        ours = {"PYTHONPATH": str(SOURCES), "CUMULOG_LEASE": PERIOD, "CUMULOG_JOURNAL": str(folder / name)}
        environment = {**os.environ, **ours}
        command = [sys.executable, "-c", JOB, url, name]
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        self.run_id = self.process.stdout.readline().strip()


@contextmanager
def started(url: str, name: str, folder: Path) -> Iterator[Job]:
    job = Job(url, name, folder)
    try:
        yield job
    finally:
        job.process.kill()
        job.process.wait()
        assert job.process.stdout
        job.process.stdout.close()


def until(wanted: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not wanted():
        assert time.monotonic() < deadline
        time.sleep(0.2)


@pytest.mark.timeout(240)
def test_a_killed_job_s_run_is_killed_a_suspended_one_s_comes_back_and_mlflow_s_own_is_left_alone(
    tmp_path: Path,
) -> None:
    with ExitStack() as ending:
        running = ending.enter_context(stack.running(tmp_path / "data", environment={"CUMULOG_SWEEP_SECONDS": "1"}))
        client = cumulog.Client(running.url)
        killed, suspended = (ending.enter_context(started(running.url, name, tmp_path)) for name in ("one", "two"))
        stock = client.runs.create(experiment_id="0", start_time=1)["run"]["info"]["run_id"]

        def run(run_id: str) -> dict[str, Any]:
            return dict(client.runs.get(run_id)["run"])

        def status(run_id: str) -> str:
            return str(run(run_id)["info"]["status"])

        def has_lease(job: Job) -> bool:
            reply = client.runs.lease(job.run_id, holder="the test", seconds=5)
            return "other_holder" in reply

        until(lambda: len(run(killed.run_id)["data"].get("metrics", [])) > 0)
        time.sleep(6)
        assert has_lease(killed)
        assert has_lease(suspended)
        before = time.time()
        killed.process.kill()
        suspended.process.send_signal(signal.SIGSTOP)
        until(lambda: status(killed.run_id) == status(suspended.run_id) == "KILLED")
        ended = run(killed.run_id)
        suspended.process.send_signal(signal.SIGCONT)
        until(lambda: status(suspended.run_id) == "RUNNING")

        assert abs(ended["info"]["end_time"] / 1000 - before) < 5
        assert {metric["key"] for metric in ended["data"]["metrics"]} == {"loss"}
        assert "cumulog.lease" in {tag["key"] for tag in ended["data"]["tags"]}
        assert "end_time" not in run(suspended.run_id)["info"]
        assert status(stock) == "RUNNING"
