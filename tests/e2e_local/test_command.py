"""The command `cumulog` against the local stack: what needs its storage, and how a pipe and Ctrl-C end it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import cumulog
from infra.local import engines, stack
from infra.local.stack import Stack

pytestmark = pytest.mark.skipif(engines.installed() != (True, True), reason="dynoxide or ministack is not installed")
SOURCES = Path(__file__).resolve().parents[2] / "client/python/src"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with stack.running(tmp_path_factory.mktemp("stack") / "data") as started:
        yield started


def typed(running: Stack, *line: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "MLFLOW_TRACKING_URI": running.url, "PYTHONPATH": str(SOURCES)}
    command = [sys.executable, "-m", "cumulog", *line]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)


def test_a_folder_goes_up_and_comes_back(running: Stack, tmp_path: Path) -> None:
    run_id = cumulog.Client(running.url).runs.create(experiment_id="0")["run"]["info"]["run_id"]
    folder = tmp_path / "model"
    (folder / "inner").mkdir(parents=True)
    (folder / "inner/b.txt").write_text("bb")

    put = typed(running, "artifacts", "put", run_id, str(folder), "deep")
    got = typed(running, "artifacts", "get", run_id, "deep/model", "--output", str(tmp_path / "back"))

    assert (put.returncode, put.stdout, put.stderr) == (0, "deep/model/inner/b.txt\n", "")
    assert got.returncode == 0, got.stderr
    assert (tmp_path / "back/model/inner/b.txt").read_text() == "bb"


def test_a_pipe_that_is_closed_ends_it_quietly(running: Stack) -> None:
    line = f"{sys.executable} -m cumulog experiments list --all --json | true; echo ${{PIPESTATUS[0]}}"
    environment = {**os.environ, "MLFLOW_TRACKING_URI": running.url, "PYTHONPATH": str(SOURCES)}

    told = subprocess.run(["bash", "-c", line], env=environment, capture_output=True, text=True, timeout=60)

    assert (told.stdout, told.stderr) == ("0\n", "")


def test_ctrl_c_ends_a_watch_with_130_and_without_a_traceback(running: Stack) -> None:
    run_id = cumulog.Client(running.url).runs.create(experiment_id="0")["run"]["info"]["run_id"]
    cumulog.Client(running.url).runs.log_metric(run_id, "loss", 0.5, 1)
    environment = {**os.environ, "MLFLOW_TRACKING_URI": running.url, "PYTHONPATH": str(SOURCES)}
    command = [sys.executable, "-u", "-m", "cumulog", "runs", "watch", run_id]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as watch:
        assert watch.stdout
        assert watch.stdout.readline() == "loss\t0\t0.5\n"

        watch.send_signal(signal.SIGINT)
        _, err = watch.communicate(timeout=30)

    assert (watch.returncode, err.strip()) == (130, "")
