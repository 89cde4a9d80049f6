"""A run of a project is run again by its entry point, with its parameters and its data."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import cumulog
from cumulog._command.root import main
from tests.unit.client.fake_server import World
from tests.unit.client.fake_tracking import Run
from tests.unit.client.reproduction.again import Home, again, causes

PROJECT = """
name: tests
entry_points:
  main:
    parameters:
      data: path
      rate: {type: float, default: 0.5}
    command: "python main.py {data} {rate}"
"""
MAIN = """
import sys
import cumulog

with cumulog.start_run():
    data = open(sys.argv[1], "rb").read()
    cumulog.log_metric("loss", sum(data) * float(sys.argv[2]))
"""


@pytest.fixture(autouse=True)
def _project(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(cumulog.__file__).parents[1]))
    monkeypatch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    monkeypatch.setenv("MLFLOW_EXPERIMENT_ID", "0")
    (home.folder / "MLproject").write_text(PROJECT)
    (home.folder / "main.py").write_text(MAIN)
    home.commit()


def run(home: Home, *options: str, source: Path | None = None) -> str:
    before = {*home.world.tracking.runs}
    assert main(["run", str(source or home.folder), "--env-manager", "local", *options]) == 0
    (run_id,) = {*home.world.tracking.runs} - before
    return run_id


def test_it_is_equal_with_the_parameters_as_they_were_typed(world: World, home: Home) -> None:
    run_id, before = run(home, "-P", "data=data.txt", "-P", "rate=0.25"), home.manifest()

    report = again(world, run_id, "--verify")

    assert report["verdict"] == "equal"
    assert causes(report) == []
    assert world.tracking.runs[report["reproduced_run_id"]].params == world.tracking.runs[run_id].params
    assert home.manifest() == before


def test_a_byte_of_a_file_that_a_parameter_names_is_the_cause(world: World, home: Home, tmp_path: Path) -> None:
    data = tmp_path / "data.bin"
    data.write_bytes(b"1")
    run_id = run(home, "-P", f"data={data}")
    data.write_bytes(b"2")

    report = again(world, run_id)

    assert report["metrics"][0]["verdict"] == "different"
    assert causes(report) == [("data", f"The data changed: data: '{data}' is not what it was.")]


def test_another_value_of_a_parameter_is_the_cause(world: World, home: Home) -> None:
    report = again(world, run(home, "-P", "data=data.txt"), "-P", "rate=0.75")

    assert causes(report) == [("parameter", "The parameter rate is '0.75', it was '0.5'.")]


def test_its_archive_runs_by_the_same_command(world: World, home: Home, tmp_path: Path) -> None:
    data = tmp_path / "data.bin"
    data.write_bytes(b"1")
    run_id = run(home, "-P", f"data={data}", "-P", "rate=0.25")
    assert main(["lock", run_id, "--output", str(tmp_path / "run.zip")]) == 0
    data.unlink()
    with zipfile.ZipFile(tmp_path / "run.zip") as archive:
        archive.extractall(tmp_path / "elsewhere")

    new = run(home, source=tmp_path / "elsewhere")

    values = [{each[1] for each in world.tracking.runs[key].points} for key in (run_id, new)]
    assert values[0] == values[1]


def test_the_archive_of_a_project_in_a_subfolder_finds_the_data_in_its_code(home: Home, tmp_path: Path) -> None:
    inner = home.folder / "inner"
    inner.mkdir()
    for name in ("MLproject", "main.py", "data.txt"):
        (inner / name).write_bytes((home.folder / name).read_bytes())
    home.commit()
    run_id = run(home, "-P", "data=data.txt", source=inner)

    assert main(["lock", run_id, "--output", str(tmp_path / "run.zip")]) == 0

    with zipfile.ZipFile(tmp_path / "run.zip") as archive:
        entry = json.loads(archive.read("MLproject"))["entry_points"]["main"]
    assert entry["parameters"]["data"]["default"] == "inner/data.txt"


def test_a_run_of_mlflow_run_is_run_again_by_its_tags(world: World, home: Home) -> None:
    (home.folder / ".gitignore").unlink()
    home.commit()
    ours = world.tracking.runs[run(home, "-P", "data=data.txt", "-P", "rate=0.25")]
    commit = subprocess.check_output(["git", "-C", str(home.folder), "rev-parse", "HEAD"], text=True).strip()
    tags = {
        "mlflow.source.type": "PROJECT",
        "mlflow.source.name": f"file://{home.folder}",
        "mlflow.source.git.commit": commit,
        "mlflow.project.entryPoint": "main",
    }
    # As the shell needs them.
    params = {"data": "'data.txt'", "rate": "0.25"}
    world.tracking.runs["5" * 32] = Run({**ours.body, "run_id": "5" * 32}, "FINISHED", params, set(ours.points), tags)

    report = again(world, "5" * 32)

    assert [each["verdict"] for each in report["metrics"]] == ["equal"]
    assert world.tracking.runs[report["reproduced_run_id"]].params == {"data": "data.txt", "rate": "0.25"}
