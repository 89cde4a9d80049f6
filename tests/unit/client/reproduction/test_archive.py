"""A run is written to one archive, which holds all that it takes to run it."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

from cumulog._command.root import main
from tests.unit.client.fake_server import World
from tests.unit.client.reproduction.again import Home


def locked(run_id: str, place: Path) -> Path:
    assert main(["lock", run_id, "--output", str(place)]) == 0
    return place


def project(archive: Path) -> dict[str, Any]:
    with zipfile.ZipFile(archive) as opened:
        found: dict[str, Any] = json.loads(opened.read("MLproject"))
    return found


def test_what_the_archive_holds_runs_as_the_run_did(world: World, home: Home, tmp_path: Path) -> None:
    home.edit("0.5", "0.25")
    run_id = home.run("--seed=7", OMP_SCALE="2")
    archive = locked(run_id, tmp_path / "run.zip")

    with zipfile.ZipFile(archive) as opened:
        opened.extractall(tmp_path / "elsewhere")
    known, command = {*world.tracking.runs}, project(archive)["entry_points"]["main"]["command"]
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    told = {"MLFLOW_TRACKING_URI": world.url, "MLFLOW_EXPERIMENT_ID": "0", "CUMULOG_RECORD": "off", "PATH": path}
    subprocess.run(["bash", "-c", command], cwd=tmp_path / "elsewhere", env={**os.environ, **told}, check=True)

    (new,) = {*world.tracking.runs} - known
    points = [{(each[0], each[1], each[3]) for each in world.tracking.runs[key].points} for key in (run_id, new)]
    assert points[0] == points[1]


def test_two_archives_of_a_run_are_equal_bit_for_bit(home: Home, tmp_path: Path) -> None:
    run_id = home.run()

    one, two = (locked(run_id, tmp_path / name).read_bytes() for name in ("one.zip", "two.zip"))

    assert one == two


def test_arguments_stay_what_they_are_in_a_template(home: Home, tmp_path: Path) -> None:
    run_id = home.run("--note={x} $(touch hacked) 'b'")

    command = project(locked(run_id, tmp_path / "run.zip"))["entry_points"]["main"]["command"]

    assert command.endswith("""python train.py '--note={{x}} $(touch hacked) '"'"'b'"'"''""")


def test_the_manifest_says_what_is_missing(home: Home, tmp_path: Path) -> None:
    run_id = home.run()

    with zipfile.ZipFile(locked(run_id, tmp_path / "run.zip")) as archive:
        manifest = json.loads(archive.read("cumulog-lock.json"))

    assert manifest["run_id"] == run_id
    assert manifest["seeds"] == {"python": "1"}
    assert manifest["missing"] == ["There is no lock with digests of the packages: CUMULOG_RECORD_LOCK is off."]
