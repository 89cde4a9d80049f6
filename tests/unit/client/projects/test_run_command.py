"""`cumulog run`: what its command line takes, and the exit code."""

import json
from pathlib import Path

import pytest

from cumulog._command import main
from tests.unit.client.fake_server import World

MLPROJECT = """
name: tests
entry_points:
  main:
    parameters: {text: {type: string, default: x}}
    command: "printf '%s|' {text}"
  fails:
    command: "exit 9"
"""


@pytest.fixture
def folder(tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    monkeypatch.setenv("MLFLOW_TRACKING_URI", world.url)
    monkeypatch.setenv("CUMULOG_ENV_MANAGER", "local")
    monkeypatch.delenv("CUMULOG_PARENT_RUN", raising=False)
    place = tmp_path / "project"
    place.mkdir()
    (place / "MLproject").write_text(MLPROJECT)
    return place


def test_a_value_is_one_argument_whatever_it_holds(
    world: World, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    code = main(["run", str(folder), "-P", "text=a b; $(echo c)", "--experiment-name", "new", "--run-name", "first"])

    (run,) = world.tracking.runs.values()
    assert (code, run.status, run.params) == (0, "FINISHED", {"text": "a b; $(echo c)"})
    assert (run.body["experiment_id"], run.body["run_name"]) == (world.tracking.experiments["new"], "first")
    assert capfd.readouterr().out == "a b; $(echo c)|"


def test_the_exit_code_is_the_commands(world: World, folder: Path) -> None:
    assert main(["run", str(folder), "-e", "fails", "--experiment-name", "new"]) == 9


def test_json_is_all_that_stdout_has(world: World, folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    main(["run", str(folder), "--experiment-name", "new", "--json"])

    told = json.loads(capfd.readouterr().out)
    assert (told["status"], told["exit_code"], told["run_id"] in world.tracking.runs) == ("FINISHED", 0, True)


def test_the_run_that_starts_another_one_is_its_parent(
    world: World, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_RUN_ID", "c" * 32)
    main(["run", str(folder), "--experiment-name", "new"])

    (run,) = world.tracking.runs.values()
    assert run.tags["mlflow.parentRunId"] == "c" * 32


@pytest.mark.parametrize(
    "options",
    [
        ["-P", "text"],
        ["-P", "text=1", "-P", "text=2"],
        ["-P", "=1"],
        ["--env-manager", "poetry"],
        ["--experiment-name", "a", "--experiment-id", "0"],
    ],
)
def test_a_command_line_that_is_wrong_starts_nothing(world: World, folder: Path, options: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["run", str(folder), *options])

    assert (ended.value.code, world.tracking.runs) == (2, {})
