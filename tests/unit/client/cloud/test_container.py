"""The container of a job: it does what was submitted, and a second attempt goes on where the first one was stopped."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cumulog._command import main
from tests.unit.client.cloud.fake_batch import Jobs
from tests.unit.client.fake_server import World
from tests.unit.client.fake_tracking import Run

DOCUMENT = Path(__file__).resolve().parents[4] / "infra/docs/batch.md"

# It counts to 3, a number an attempt, and waits to be stopped before the last one.
COUNTING = """
entry_points:
  main:
    command: >-
      n=$(cat $CUMULOG_CHECKPOINTS/n 2>/dev/null || echo 0); n=$((n + 1)); echo attempt $CUMULOG_ATTEMPT count $n;
      echo unfinished > $CUMULOG_CHECKPOINTS/.n; echo $n > $CUMULOG_CHECKPOINTS/n.tmp;
      mv $CUMULOG_CHECKPOINTS/n.tmp $CUMULOG_CHECKPOINTS/n; touch {ready}; [ $n = 3 ] || sleep 60
    parameters: {ready: string}
"""


def submitted(world: World, folder: Path, *options: str) -> tuple[str, Run]:
    main(["run", str(folder), "--backend", "batch", "--experiment-name", "new", "--no-wait", *options])
    ((run_id, run),) = world.tracking.runs.items()
    return run_id, run


def files(world: World, run: Run, run_id: str) -> dict[str, bytes]:
    root = f"{run.body['experiment_id']}/{run_id}/artifacts/"
    return {name.removeprefix(root): content for name, content in world.objects.items()}


def test_a_job_does_what_was_submitted_though_the_folder_is_gone(
    world: World, folder: Path, jobs: Jobs, capfd: pytest.CaptureFixture[str]
) -> None:
    run_id, run = submitted(world, folder, "-P", "text=a b; $(echo c)", "-P", f"data={folder / 'data.csv'}")
    for each in folder.iterdir():
        each.unlink()

    code = main(["run", "--run-id", run_id])
    assert (code, run.status, capfd.readouterr().out) == (0, "FINISHED", "a b; $(echo c)|1,2")
    assert run.params == {"text": "a b; $(echo c)", "data": str(folder / "data.csv")}
    assert (run.tags["mlflow.project.backend"], run.tags["mlflow.source.name"]) == ("aws-batch", str(folder))


def test_the_exit_code_is_the_commands(world: World, folder: Path, jobs: Jobs) -> None:
    run_id, run = submitted(world, folder, "-e", "fails")

    assert (main(["run", "--run-id", run_id]), run.status) == (9, "FAILED")


def test_a_run_that_has_ended_does_not_run_again(
    world: World, folder: Path, jobs: Jobs, capfd: pytest.CaptureFixture[str]
) -> None:
    run_id, run = submitted(world, folder)
    main(["run", "--run-id", run_id])
    capfd.readouterr()

    assert (main(["run", "--run-id", run_id]), run.status, capfd.readouterr().out) == (0, "FINISHED", "")


def test_a_source_that_was_exchanged_is_not_run(world: World, folder: Path, jobs: Jobs) -> None:
    run_id, run = submitted(world, folder)
    world.objects[f"{run.body['experiment_id']}/{run_id}/artifacts/cumulog/source.zip"] = b"other"

    assert (main(["run", "--run-id", run_id]), run.status) == (1, "FAILED")
    assert "is not what was submitted" in run.tags["cumulog.failure"]


def test_an_order_that_was_exchanged_is_not_followed(
    world: World, folder: Path, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id, run = submitted(world, folder)
    (told,) = jobs.submitted
    for each in told["containerOverrides"]["environment"]:
        monkeypatch.setenv(each["name"], each["value"])
    path = f"{run.body['experiment_id']}/{run_id}/artifacts/cumulog/scheduled.json"
    world.objects[path] = world.objects[path].replace(b'"x"', b'"y"')

    assert (main(["run", "--run-id", run_id]), run.status) == (1, "FAILED")
    assert "cumulog/scheduled.json of the run is not what was submitted" in run.tags["cumulog.failure"]


def test_a_run_that_was_never_submitted_cannot_be_run(world: World, folder: Path, jobs: Jobs) -> None:
    run_id, run = submitted(world, folder)
    world.objects.clear()

    assert main(["run", "--run-id", run_id]) != 0
    assert run.status == "FAILED"


def attempt(
    world: World, run_id: str, number: int, ready: Path, *, stop: bool | Callable[[], object]
) -> tuple[int, str]:
    """Start the container's command as a process of its own, and take its machine away once it works."""
    ready.unlink(missing_ok=True)
    told = {"AWS_BATCH_JOB_ATTEMPT": str(number), "MLFLOW_RUN_ID": run_id}
    env = {**os.environ, **told, "PYTHONPATH": os.pathsep.join(sys.path)}
    words = [sys.executable, "-m", "cumulog", "run", "--run-id", run_id]
    with subprocess.Popen(words, env=env, stdout=subprocess.PIPE, text=True) as process:
        while stop and not ready.exists() and process.poll() is None:
            time.sleep(0.02)
        if callable(stop):
            stop()
        if stop:
            process.send_signal(signal.SIGTERM)
        output = process.communicate()[0]
    return process.returncode, output


def test_an_attempt_goes_on_from_the_checkpoint_of_the_one_before(
    world: World, folder: Path, jobs: Jobs, tmp_path: Path
) -> None:
    (folder / "MLproject").write_text(COUNTING)
    ready = tmp_path / "ready"
    run_id, run = submitted(world, folder, "--attempts", "3", "-P", f"ready={ready}")

    seen = []
    for number in (1, 2, 3):
        code, output = attempt(world, run_id, number, ready, stop=number < 3)
        seen.append((code, output, run.status))
    assert seen == [
        (143, "attempt 1 count 1\n", "SCHEDULED"),
        (143, "attempt 2 count 2\n", "SCHEDULED"),
        (0, "attempt 3 count 3\n", "FINISHED"),
    ]
    kept = {name for name in files(world, run, run_id) if name.startswith("checkpoints/")}
    assert kept == {"checkpoints/n"}
    assert "cumulog.failure" not in run.tags


def test_the_last_attempt_that_is_stopped_ends_the_run(world: World, folder: Path, jobs: Jobs, tmp_path: Path) -> None:
    (folder / "MLproject").write_text(COUNTING)
    ready = tmp_path / "ready"
    run_id, run = submitted(world, folder, "--attempts", "1", "-P", f"ready={ready}")

    code, _ = attempt(world, run_id, 1, ready, stop=True)
    assert (code, run.status) == (143, "KILLED")


def test_a_run_that_is_cancelled_while_it_runs_waits_for_no_other_attempt(
    world: World, folder: Path, jobs: Jobs, tmp_path: Path
) -> None:
    (folder / "MLproject").write_text(COUNTING)
    ready = tmp_path / "ready"
    run_id, run = submitted(world, folder, "--attempts", "3", "-P", f"ready={ready}")

    code, _ = attempt(world, run_id, 1, ready, stop=lambda: main(["cancel", run_id]))
    assert (code, run.status, jobs.terminated) == (143, "KILLED", ["job-1"])


def test_a_run_that_waits_for_its_machine_can_be_cancelled(world: World, folder: Path, jobs: Jobs) -> None:
    run_id, run = submitted(world, folder)

    assert (main(["cancel", run_id]), run.status, jobs.terminated) == (0, "KILLED", ["job-1"])


def test_the_script_of_the_document_goes_on_from_its_checkpoint(tmp_path: Path) -> None:
    script = re.findall(r"^```python\n(.+?)^```", DOCUMENT.read_text(), re.MULTILINE | re.DOTALL)[0]
    (tmp_path / "epoch").write_text("0")

    subprocess.run([sys.executable, "-c", script], env={"CUMULOG_CHECKPOINTS": str(tmp_path)}, check=True)
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("epoch", "2")]
