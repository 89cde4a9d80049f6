"""A run of MLflow's client is run again as far as its tags go, and what they lack is told."""

import subprocess
from pathlib import Path

import pytest

import cumulog
from cumulog._command.root import main
from tests.unit.client.fake_server import World
from tests.unit.client.fake_tracking import Run
from tests.unit.client.reproduction.again import Home, again

STOCK = "5" * 32


def commit_of(home: Home) -> str:
    return subprocess.check_output(["git", "-C", str(home.folder), "rev-parse", "HEAD"], text=True).strip()


def stock_run(home: Home, script: str) -> None:
    """A run with the metrics of an honest one, and the tags alone that MLflow's client sets."""
    honest = home.world.tracking.runs[home.run("--seed=7")]
    tags = {"mlflow.source.name": script, "mlflow.source.type": "LOCAL", "mlflow.source.git.commit": commit_of(home)}
    run = Run({**honest.body, "run_id": STOCK}, "FINISHED", dict(honest.params), set(honest.points), tags)
    home.world.tracking.runs[STOCK] = run


@pytest.fixture(autouse=True)
def _client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(cumulog.__file__).parents[1]))


def test_the_script_and_the_commit_are_enough_with_the_arguments(world: World, home: Home) -> None:
    stock_run(home, str(home.folder / "train.py"))
    (home.folder / "data.txt").unlink()
    (home.folder / ".gitignore").unlink()

    report = again(world, STOCK, "--repository", str(home.folder), "--", "--seed=7", code=1)

    assert report["status"] == "FAILED"
    assert [each["kind"] for each in report["missing"]][:4] == ["code", "command", "variables", "packages"]


def test_the_metrics_are_equal_where_the_code_holds_the_data(world: World, home: Home) -> None:
    (home.folder / ".gitignore").unlink()
    home.commit()
    stock_run(home, "/somewhere/else/train.py")

    report = again(world, STOCK, "--repository", str(home.folder), "--", "--seed=7")

    assert [each["verdict"] for each in report["metrics"]] == ["equal"]
    assert any("uncommitted edits" in each["sentence"] for each in report["missing"])


def test_a_notebook_is_not_run_again(world: World, home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    stock_run(home, str(home.folder / "train.py"))
    world.tracking.runs[STOCK].tags |= {"mlflow.source.name": "a.ipynb", "mlflow.source.type": "NOTEBOOK"}
    known = [*world.tracking.runs]

    assert main(["reproduce", STOCK]) == 1

    assert "started from 'a.ipynb'" in capsys.readouterr().err
    assert [*world.tracking.runs] == known
