"""A sweep against the local stack: killed in the middle, it goes on, and each trial has one result."""

import collections
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import cumulog
from infra.local import engines, stack
from infra.local.stack import Stack
from tests.sampling import times

pytestmark = pytest.mark.skipif(engines.installed() != (True, True), reason="dynoxide or ministack is not installed")
SOURCES = Path(__file__).resolve().parents[2] / "client/python/src"
TRIALS = times(12, nightly=200)
# It needs nothing but Python, as a project in an environment without packages.
SCRIPT = """
import json, os, sys, urllib.request

point = {"run_id": os.environ["MLFLOW_RUN_ID"], "key": "loss", "value": float(sys.argv[2]), "timestamp": 1}
url = os.environ["MLFLOW_TRACKING_URI"] + "/api/2.0/mlflow/runs/log-metric"
urllib.request.urlopen(urllib.request.Request(url, json.dumps(point).encode(), {"Content-Type": "application/json"}))
"""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with stack.running(tmp_path_factory.mktemp("stack") / "data") as started:
        yield started


def sweeping(running: Stack, log: Path, *line: str) -> "subprocess.Popen[bytes]":
    environment = {**os.environ, "MLFLOW_TRACKING_URI": running.url, "PYTHONPATH": str(SOURCES)}
    with log.open("wb") as file:
        return subprocess.Popen([sys.executable, "-m", "cumulog", "sweep", *line], env=environment, stderr=file)


def ended_trials(log: Path) -> int:
    return log.read_text().count(" finished ")


def test_a_sweep_that_was_killed_goes_on_until_each_trial_has_one_result(running: Stack, tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(SCRIPT)
    first, second = tmp_path / "first.log", tmp_path / "second.log"
    space = ("-S", "x=0.0..1.0", "--trials", str(TRIALS), "--metric", "loss", "-j", "3", "--env-manager", "local")

    killed = sweeping(running, first, str(tmp_path / "train.py"), *space)
    deadline = time.monotonic() + 60
    while ended_trials(first) < TRIALS // 3 and time.monotonic() < deadline:
        time.sleep(0.02)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    sweep = first.read_text().split()[1].rstrip(":")
    resumed = sweeping(running, second, "--resume", sweep, "-j", "3").wait(timeout=300)

    assert resumed == 0, second.read_text()
    runs = cumulog.Client(running.url).runs.search(
        experiment_ids=["0"], filter=f"tags.`mlflow.parentRunId` = '{sweep}'", max_results=1000
    )["runs"]
    finished = [run for run in runs if run["info"]["status"] == "FINISHED"]
    numbers = collections.Counter(
        tag["value"] for run in finished for tag in run["data"]["tags"] if tag["key"] == "cumulog.sweep.trial"
    )
    assert numbers == {str(number): 1 for number in range(TRIALS)}
    assert {run["info"]["status"] for run in runs} <= {"FINISHED", "KILLED"}
    for run in finished:
        assert run["data"]["metrics"][0]["value"] == float(run["data"]["params"][0]["value"])


def test_a_sweep_whose_first_trials_fail_gives_up_and_says_how_to_go_on(running: Stack, tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text("raise SystemExit(3)")
    log = tmp_path / "log"

    code = sweeping(
        running, log, str(tmp_path / "train.py"), "-S", "x=1..9", "--method", "grid", "--env-manager", "local"
    ).wait(timeout=60)

    assert code == 1
    assert "The first 5 trials all failed" in log.read_text()
    assert "cumulog sweep --resume" in log.read_text()
