"""`cumulog run --backend batch`: the request that AWS gets, the run that waits for it, and how it ends."""

import hashlib
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from cumulog._cloud import batch
from cumulog._command import main
from tests.unit.client.cloud.fake_batch import Jobs
from tests.unit.client.fake_server import World
from tests.unit.client.fake_tracking import Run


def submitted(folder: Path, *options: str, wait: str = "--no-wait") -> int:
    return main(["run", str(folder), "--backend", "batch", "--experiment-name", "new", wait, *options])


def only(world: World) -> tuple[str, Run]:
    ((run_id, run),) = world.tracking.runs.items()
    return run_id, run


def stored(world: World) -> bytes:
    run_id, run = only(world)
    return world.objects[f"{run.body['experiment_id']}/{run_id}/artifacts/cumulog/scheduled.json"]


def document(world: World) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(stored(world))
    return found


def test_a_job_is_told_its_run_and_nothing_that_was_typed(
    world: World, folder: Path, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "cml_p_secret")
    code = submitted(folder, "-P", "text=a b; $(echo c)", "--vcpus", "2", "--memory", "4096", "--timeout", "3600")

    run_id, run = only(world)
    (request,) = jobs.submitted
    assert code == 0
    assert request == {
        "jobName": f"cumulog-{run_id}",
        "jobQueue": "queue",
        "jobDefinition": "definition",
        "containerOverrides": {
            "command": ["cumulog", "run", "--run-id", run_id],
            "environment": [
                {"name": "MLFLOW_TRACKING_URI", "value": world.url},
                {"name": "MLFLOW_EXPERIMENT_ID", "value": run.body["experiment_id"]},
                {"name": "MLFLOW_RUN_ID", "value": run_id},
                {"name": "CUMULOG_SCHEDULED_SHA256", "value": hashlib.sha256(stored(world)).hexdigest()},
            ],
            "resourceRequirements": [{"type": "VCPU", "value": "2"}, {"type": "MEMORY", "value": "4096"}],
        },
        "retryStrategy": {
            "attempts": 3,
            "evaluateOnExit": [
                {"onStatusReason": "Host EC2*", "action": "RETRY"},
                {"onStatusReason": "Your Spot Task was interrupted*", "action": "RETRY"},
                {"onExitCode": "143", "action": "RETRY"},
                {"onExitCode": "*", "action": "EXIT"},
                {"onReason": "*", "action": "EXIT"},
            ],
        },
        "tags": {"cumulog-run": run_id},
        "timeout": {"attemptDurationSeconds": 3600},
    }


def test_the_run_waits_with_its_params_and_says_which_job_it_is(world: World, folder: Path, jobs: Jobs) -> None:
    submitted(folder, "-P", "text=a b", "-P", "more=1")

    _, run = only(world)
    assert (run.status, run.params) == ("SCHEDULED", {"text": "a b", "data": "data.csv", "more": "1"})
    wanted = {
        "mlflow.project.backend": "aws-batch",
        "mlflow.source.type": "PROJECT",
        "mlflow.project.entryPoint": "main",
        "cumulog.batch.job": "job-1",
        "cumulog.batch.queue": "queue",
    }
    assert wanted.items() <= run.tags.items()


def test_the_project_is_kept_with_the_run(world: World, folder: Path, jobs: Jobs) -> None:
    submitted(folder, "-P", f"data={folder / 'data.csv'}")

    run_id, run = only(world)
    assert world.objects[f"{run.body['experiment_id']}/{run_id}/artifacts/cumulog/source.zip"]
    assert document(world)["parameters"] == {"text": "x", "data": "data.csv"}


def committed(folder: Path) -> str:
    """Make a repository of a folder; its commit."""
    git = ("git", "-c", "user.name=a", "-c", "user.email=a@b.c", "-C", str(folder))
    for words in (("init", "-q"), ("add", "."), ("commit", "-qm", "x")):
        subprocess.run([*git, *words], check=True)
    return subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout.strip()


@pytest.mark.parametrize("is_edited", [False, True])
def test_a_folder_of_a_repository_is_sent_as_it_is_with_its_commit(
    world: World, folder: Path, jobs: Jobs, monkeypatch: pytest.MonkeyPatch, is_edited: bool
) -> None:
    commit = committed(folder)
    if is_edited:
        (folder / "data.csv").write_text("3")
    submitted(folder)
    monkeypatch.setenv("CUMULOG_RECORD", "on")

    run_id, run = only(world)
    code = main(["run", "--run-id", run_id])
    found = world.objects[f"{run.body['experiment_id']}/{run_id}/artifacts/cumulog/project.json"]
    assert (code, json.loads(found)["source"]["commit"]) == (0, commit)
    assert (run.tags["mlflow.source.git.commit"], run.tags["mlflow.source.git.dirty"]) == (
        commit,
        str(is_edited).lower(),
    )


def test_a_public_repository_is_named_at_its_commit_and_not_sent(
    world: World, folder: Path, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = committed(folder)
    for name, value in {"COUNT": "1", "KEY_0": f"url.{folder}.insteadOf", "VALUE_0": "https://git.example/p"}.items():
        monkeypatch.setenv(f"GIT_CONFIG_{name}", value)

    main(["run", "https://git.example/p", "--backend", "batch", "--experiment-name", "new", "--no-wait"])
    told = document(world)
    assert (told["source"], told["version"], told["sha256"]) == ("https://git.example/p", commit, "")
    assert not [name for name in world.objects if name.endswith("source.zip")]


@pytest.mark.parametrize("given", ["../outside.csv", "ignored.csv"])
def test_a_file_that_the_job_would_not_have_is_refused(world: World, folder: Path, jobs: Jobs, given: str) -> None:
    (folder / given).write_text("1")
    (folder / ".gitignore").write_text("ignored.csv")

    assert submitted(folder, "-P", f"data={given}") != 0
    assert (jobs.submitted, world.tracking.runs) == ([], {})


def test_a_project_with_an_image_of_its_own_is_refused(world: World, folder: Path, jobs: Jobs) -> None:
    with (folder / "MLproject").open("a") as file:
        file.write("docker_env: {image: theirs}\n")

    assert submitted(folder) != 0
    assert (jobs.submitted, world.tracking.runs) == ([], {})


def test_a_run_whose_job_is_refused_has_failed_with_what_aws_says(world: World, folder: Path, jobs: Jobs) -> None:
    jobs.refuses = "Job definition definition not found"

    _, run = submitted(folder), only(world)[1]
    assert (run.status, len(jobs.submitted)) == ("FAILED", 1)
    assert "Job definition definition not found" in run.tags["cumulog.failure"]


def test_a_job_that_never_started_fails_its_run_with_the_reason(world: World, folder: Path, jobs: Jobs) -> None:
    jobs.job = {"status": "FAILED", "statusReason": "CannotPullContainerError: no such image"}

    code, (_, run) = submitted(folder, wait="--wait"), only(world)
    assert (code, run.status) == (1, "FAILED")
    assert "CannotPullContainerError: no such image" in run.tags["cumulog.failure"]


def test_a_job_that_succeeded_without_running_anything_is_a_failure(world: World, folder: Path, jobs: Jobs) -> None:
    code, (_, run) = submitted(folder, wait="--wait"), only(world)
    assert (code, run.status) == (1, "FAILED")


def test_a_run_that_its_container_ended_is_left_alone(world: World, folder: Path, jobs: Jobs) -> None:
    submitted(folder)
    run_id, run = only(world)
    run.status = "FINISHED"

    assert main(["run", "--backend", "batch", "--run-id", run_id]) == 0
    assert (run.status, "cumulog.failure" in run.tags) == ("FINISHED", False)


def test_a_job_that_is_forgotten_has_failed(world: World, folder: Path, jobs: Jobs) -> None:
    jobs.job = {}

    code, (_, run) = submitted(folder, wait="--wait"), only(world)
    assert (code, run.status) == (1, "FAILED")


def test_a_queue_has_to_be_named(world: World, folder: Path, jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CUMULOG_BATCH_QUEUE")

    assert submitted(folder) != 0
    assert world.tracking.runs == {}


def test_a_url_loses_its_password(world: World) -> None:
    request = batch.request("a" * 32, "1", "https://me:secret@tracking.example", "0", batch.Wanted("q", "d"))

    assert "secret" not in json.dumps(request)
    assert request["retryStrategy"] == {"attempts": 1}


@pytest.mark.parametrize("option", [["--queue", "q"], ["--vcpus", "2"], ["--timeout", "60"]])
def test_options_of_jobs_are_refused_without_one(world: World, folder: Path, option: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["run", str(folder), "--experiment-name", "new", *option])

    assert (ended.value.code, world.tracking.runs) == (2, {})
