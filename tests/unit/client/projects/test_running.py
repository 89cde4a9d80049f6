"""A project's run: what is recorded of it, and how it ends, whatever ends it."""

import json
import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

import pytest

import cumulog
from cumulog._projects.children import Stop
from cumulog._projects.project import Environment
from cumulog._projects.running.order import Order
from cumulog._projects.running.output import Terminal
from cumulog._projects.running.running import Ended, launch
from tests.unit.client.fake_server import World
from tests.unit.client.fake_tracking import Run
from tests.unit.client.projects.orders import in_docker, order, program, target, with_values


@pytest.fixture
def folder(tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    cumulog.set_tracking_uri(world.url)
    place = tmp_path / "project"
    place.mkdir()
    return place


def launched(wanted: Order, world: World, **more: str) -> tuple[Ended, Run]:
    with Stop() as stop:
        ended = launch(wanted, target(world, **more), stop, Terminal())
    return ended, world.tracking.runs[ended.run_id]


def artifact(world: World, ended: Ended, path: str) -> bytes:
    return world.objects[f"0/{ended.run_id}/artifacts/{path}"]


def document(world: World, ended: Ended) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(artifact(world, ended, "cumulog/project.json"))
    return found


def is_gone(pid: int) -> bool:
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.02)
    return False


def test_a_run_has_mlflows_tags_and_the_params_as_they_were_typed(world: World, folder: Path) -> None:
    wanted = with_values(order(folder, "true"), {"text": "'a b' $(c)", "empty": ""})

    ended, run = launched(wanted, world, run_name="first", parent="b" * 32)

    assert ended == Ended(ended.run_id, "0", "FINISHED", 0)
    assert (run.status, run.params) == ("FINISHED", {"text": "'a b' $(c)", "empty": ""})
    assert run.body["run_name"] == "first"
    assert run.tags.pop("mlflow.user")
    assert run.tags == {
        "mlflow.source.name": str(folder),
        "mlflow.source.type": "PROJECT",
        "mlflow.project.entryPoint": "main",
        "mlflow.project.backend": "local",
        "mlflow.parentRunId": "b" * 32,
    }


def test_the_command_is_told_of_its_run_and_of_the_manager(world: World, folder: Path) -> None:
    names = ("MLFLOW_RUN_ID", "MLFLOW_TRACKING_URI", "MLFLOW_EXPERIMENT_ID", "CUMULOG_ENV_MANAGER")
    ended, _ = launched(order(folder, "; ".join(f"echo ${name}" for name in names)), world)

    lines = artifact(world, ended, "cumulog/output.log").decode().splitlines()
    assert lines[1:] == [ended.run_id, world.url, "0", "local"]


def test_what_is_printed_comes_through_as_it_is_and_is_kept(
    world: World, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    ended, _ = launched(order(folder, r"printf 'a\rb\033[1mc'; printf 'wrong\n' >&2"), world)

    output, errors = capfd.readouterr()
    assert output == "a\rb\033[1mc"
    assert errors.endswith("wrong\n")
    kept = artifact(world, ended, "cumulog/output.log")
    assert b"a\rb\x1b[1mc" in kept
    assert b"wrong\n" in kept


@pytest.mark.parametrize(
    ("command", "code", "why"),
    [("exit 7", 7, "the command ended with 7"), ("kill -9 $$", 137, "the command was ended by SIGKILL")],
)
def test_a_command_that_fails_ends_the_run_as_failed_and_says_why(
    world: World, folder: Path, command: str, code: int, why: str
) -> None:
    ended, run = launched(order(folder, command), world)

    assert (ended.status, ended.code) == ("FAILED", code)
    assert (run.status, run.tags["cumulog.failure"]) == ("FAILED", why)
    assert document(world, ended)["exit_code"] == code


def test_an_environment_that_cannot_be_built_ends_the_run_as_failed(world: World, folder: Path) -> None:
    (folder / "python_env.yaml").write_text("dependencies: nothing\n")
    wanted = order(folder, "touch ran", Environment("python_env", folder / "python_env.yaml"), manager="uv")

    ended, run = launched(wanted, world)

    assert (ended.status, ended.code, run.status) == ("FAILED", 1, "FAILED")
    assert run.tags["cumulog.failure"].endswith("have to be lists.")
    assert not (folder / "ran").exists()


def test_a_run_that_its_own_script_ends_as_failed_stays_failed(world: World, folder: Path) -> None:
    wanted = order(folder, "touch waits; while [ -e waits ]; do sleep 0.02; done")

    def fail() -> None:
        while not (folder / "waits").exists():
            time.sleep(0.02)
        (run,) = world.tracking.runs.values()
        run.status = "FAILED"
        (folder / "waits").unlink()

    threading.Thread(target=fail, daemon=True).start()
    ended, run = launched(wanted, world)

    assert (ended.status, ended.code, run.status) == ("FAILED", 0, "FAILED")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_command_with_all_its_processes_and_the_run_as_killed(
    world: World, folder: Path, number: signal.Signals
) -> None:
    def interrupt() -> None:
        while not (folder / "pid").exists():
            time.sleep(0.02)
        os.kill(os.getpid(), number)

    threading.Thread(target=interrupt, daemon=True).start()
    ended, run = launched(order(folder, "sleep 50 & echo $! > part; mv part pid; wait"), world)

    assert (ended.status, ended.code, run.status) == ("KILLED", 128 + number, "KILLED")
    assert is_gone(int((folder / "pid").read_text()))


def test_nothing_that_the_command_has_left_goes_on(world: World, folder: Path) -> None:
    ended, _ = launched(order(folder, "sleep 50 & echo $! > pid"), world)

    assert ended.status == "FINISHED"
    assert is_gone(int((folder / "pid").read_text()))


def test_files_and_folders_that_were_given_are_told_by_their_digests(world: World, folder: Path) -> None:
    data = folder / "data"
    data.mkdir()
    (data / "a.csv").write_text("1")
    wanted = with_values(order(folder, "true"), {"data": str(data), "file": str(data / "a.csv")}, "path")

    ended, _ = launched(wanted, world)

    digest = "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b"
    told = document(world, ended)["inputs"]
    assert told["file"] == {"path": str(data / "a.csv"), "bytes": 1, "sha256": digest}
    assert told["data"]["files"] == {"a.csv": {"bytes": 1, "sha256": digest}}
    assert len(told["data"]["sha256"]) == 64


def test_a_run_that_is_there_is_gone_on_with(world: World, folder: Path) -> None:
    first, _ = launched(order(folder, "exit 1"), world)
    again, run = launched(order(folder, "true"), world, run_id=first.run_id)

    assert again.run_id == first.run_id
    assert run.status == "FINISHED"


def test_uncommitted_changes_of_the_project_are_recorded(
    world: World, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUMULOG_RECORD", "on")
    os.system(
        f"cd {folder} && git init -qb main && echo 1 > a && git add a && "
        "git -c user.name=n -c user.email=e commit -qm first && echo 2 > a"
    )
    ended, run = launched(order(folder, "true"), world)

    assert run.tags["mlflow.source.git.dirty"] == "true"
    assert run.tags["mlflow.source.name"] == f"file://{folder}"
    assert run.tags["mlflow.source.git.branch"] == "main"
    assert b"+2" in artifact(world, ended, "cumulog/changes.patch")
    assert json.loads(artifact(world, ended, "cumulog/run.json"))["git"]["commit"]


def test_the_program_of_a_project_that_is_not_there_is_named(world: World, folder: Path) -> None:
    wanted = order(folder, "true")
    wanted = wanted._replace(command=wanted.command._replace(arguments=["no-such-program"]))

    ended, run = launched(wanted, world)

    assert ended.status == "FAILED"
    assert "no-such-program" in run.tags["cumulog.failure"]


def test_conda_is_asked_for_the_environment_and_to_run_in_it(
    world: World, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script = f'echo "$*" >> {folder}/asked; [ "$1" = run ] && shift 4 && exec "$@"; exit 0'
    monkeypatch.setenv("PATH", f"{program(tmp_path / 'bin', 'conda', script)}:{os.environ['PATH']}")
    (folder / "conda.yaml").write_text("dependencies: [cudatoolkit]\n")
    wanted = order(folder, "echo inside", Environment("conda_env", folder / "conda.yaml"), manager="")

    ended, run = launched(wanted, world)

    create, within = (folder / "asked").read_text().splitlines()
    assert (ended.status, run.tags["mlflow.project.env"]) == ("FINISHED", "conda")
    assert create.startswith("env create --quiet --prefix ")
    assert within.startswith("run --no-capture-output --prefix ")
    assert b"inside\n" in artifact(world, ended, "cumulog/output.log")


def test_every_tag_artifact_and_field_is_documented(
    world: World, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CUMULOG_RECORD", "on")
    script = '[ "$2" = inspect ] && echo sha256:1; exit 0'
    monkeypatch.setenv("PATH", f"{program(tmp_path / 'bin', 'docker', script)}:{os.environ['PATH']}")
    os.system(f"git -C {folder} init -qb main && echo > {folder}/a")
    runs = [
        launched(order(folder, "exit 1", in_docker(), manager=""), world, parent="b" * 32),
        launched(with_values(order(folder, "false"), {"data": str(folder)}, "path"), world),
    ]
    tags = {tag for _, run in runs for tag in run.tags}
    artifacts = {path.partition("/artifacts/")[2] for path in world.objects}
    fields = {name for ended, _ in runs for name in document(world, ended)}

    text = Path("infra/docs/projects.md").read_text()

    assert len(tags) >= 9
    assert {name for name in tags | artifacts | fields if f"`{name}`" not in text} == set()
