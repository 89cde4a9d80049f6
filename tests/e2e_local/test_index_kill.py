"""Processes killed while they seal: searches stay right, and the last sweep leaves the index as a rebuild would.

The waits of sealing are minutes, so the sweepers that are killed here have a clock that was put forward.
"""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from chalicelib import remembered
from chalicelib.config import settings
from chalicelib.storage import connection
from infra.local import engines, processes, stack
from infra.local.settings import REPOSITORY
from tests import client as api
from tests.contract.index_audit import differences, wrong_answers
from tests.contract.timeline import Timeline
from tests.e2e_local.test_kill import call
from tests.sampling import times

RUNS = times(20, nightly=100)
KILLS = times(5, nightly=20)
SEED = 4


@pytest.mark.sampled(keep=2, of="what survives a kill")
@pytest.mark.timeout(1800)
def test_an_index_whose_sweepers_and_store_were_killed_is_whole_after_the_last_sweep(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, chance = tmp_path / "data", random.Random(SEED)
    experiment_id, run_ids = _stack_killed_after_logging(data)
    timeline = Timeline()

    with _engine(data, monkeypatch):
        timeline.sweep()
    timeline.wait(200_000)
    for turn in range(KILLS):
        with _engine(data, monkeypatch, kill=turn % 4 == 3):
            _sweeper_killed(timeline, seconds=chance.uniform(0.005, 0.3))
            timeline.wait(10_000)
            problems = timeline.do(lambda: wrong_answers(experiment_id)) if turn % 5 == 4 else []
            timeline.do(lambda turn=turn: _changed(turn, chance.sample(run_ids, 3)))
        assert problems == []
        timeline.wait(200_000)

    with _engine(data, monkeypatch):
        timeline.settle()
        assert timeline.do(lambda: differences(experiment_id)) == []


def _stack_killed_after_logging(data: Path) -> tuple[str, list[str]]:
    """The local stack with finished runs, killed while a client was at work and its sweeper swept every second."""
    running = stack.running(data, environment={"CUMULOG_SWEEP_SECONDS": "1"})
    experiment_id = str(call(running.url, "POST", "experiments/create", {"name": "kill"})["experiment_id"])
    run_ids = [_logged(running.url, experiment_id, number) for number in range(RUNS)]
    running.kill_all()
    return experiment_id, run_ids


def _logged(url: str, experiment_id: str, number: int) -> str:
    created = {"experiment_id": experiment_id, "start_time": 1 + number, "run_name": f"r{number}"}
    run_id = str(call(url, "POST", "runs/create", created)["run"]["info"]["run_id"])
    batch = {
        "metrics": [{"key": "loss", "value": number / RUNS, "timestamp": 1}],
        "params": [{"key": "lr", "value": "0.1"}],
        "tags": [{"key": "team", "value": ("audio", "video")[number % 2]}],
    }
    call(url, "POST", "runs/log-batch", {"run_id": run_id, **batch})
    call(url, "POST", "runs/update", {"run_id": run_id, "status": "FINISHED", "end_time": 1000 + number})
    return run_id


@contextmanager
def _engine(data: Path, monkeypatch: pytest.MonkeyPatch, *, kill: bool = False) -> Iterator[None]:
    """The stack's own store, served to this process and to its children; killed at the end of the block, or ended."""
    address = processes.free_address()
    log = data / "logs" / "killed.log"
    child = processes.Child(
        "dynamodb", processes.start(engines.dynamodb_command(address, data), {}, log), address, "/", log
    )
    with processes.ended_after(child.process), monkeypatch.context() as environment:
        processes.wait_ready(child)
        environment.setenv("CUMULOG_DYNAMODB_ENDPOINT", address.url)
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            environment.setenv(name, "test")
        environment.setenv("AWS_DEFAULT_REGION", "us-east-1")
        _forget()
        yield
        if kill:
            child.process.kill()
    _forget()


def _forget() -> None:
    settings.cache_clear()
    connection.forget()
    remembered.forget_all()


def _sweeper_killed(timeline: Timeline, seconds: float) -> None:
    command = [sys.executable, "-m", "tests.e2e_local.sweeping_script", str(timeline.now_ms)]
    with subprocess.Popen(command, cwd=REPOSITORY, env=dict(os.environ), stdout=subprocess.PIPE) as sweeper:
        assert sweeper.stdout is not None
        assert sweeper.stdout.readline() == b"sweeping\n"
        time.sleep(seconds)
        sweeper.kill()


def _changed(turn: int, run_ids: list[str]) -> None:
    """Runs in any phase are written to, which opens those that were sealed."""
    tagged, changed, measured = run_ids
    api.post("/runs/set-tag", run_id=tagged, key="team", value=f"turn {turn}")
    api.post("/runs/delete" if turn % 2 else "/runs/restore", run_id=changed)
    api.post("/runs/log-metric", run_id=measured, key="loss", value=turn, timestamp=2 + turn)
