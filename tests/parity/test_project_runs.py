"""A project of three steps, run by `mlflow run` on MLflow's server and by `cumulog run` on ours: the same runs."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from mlflow import MlflowClient
from mlflow.entities import Run

import cumulog
from tests.parity.compare import Pair
from tests.sampling import NIGHTLY

STEPS = Path(__file__).with_name("steps")
# What differs for each run, or is random.
OWN = ("mlflow.runName", "mlflow.parentRunId")
# What `cumulog run` says of where the project came from, and MLflow leaves out unless a branch was asked for.
OURS_ALONE = ("mlflow.source.git.branch", "mlflow.source.git.dirty")


@pytest.mark.skipif(not NIGHTLY, reason="it starts Python eight times")
def test_a_project_of_three_steps_leaves_the_same_runs(pair: Pair, tmp_path: Path) -> None:
    shutil.copytree(STEPS, tmp_path / "steps", ignore=shutil.ignore_patterns("__pycache__"))
    values = ["-P", "alpha=0.25", "-P", "rows=4", "-P", "note=a b; $(touch ran)"]
    options = [str(tmp_path / "steps"), *values, "--experiment-name", "steps", "--env-manager", "local"]

    run_by("mlflow", pair.theirs.url, options, tmp_path)
    run_by("cumulog", pair.ours.url, options, tmp_path)

    theirs, ours = told(pair.theirs.url), told(pair.ours.url)
    for each in (theirs, ours):
        # It was fetched to a folder with a name by chance.
        assert Path(each["train"]["params"].pop("data")).name == "data.csv"
    # MLflow logs what it quoted for the shell.
    assert theirs["main"]["params"].pop("note") == "'a b; $(touch ran)'"
    assert ours["main"]["params"].pop("note") == "a b; $(touch ran)"
    assert ours == theirs
    assert sorted(ours) == ["main", "prepare", "train"]
    assert not list(tmp_path.rglob("ran"))


def run_by(tool: str, url: str, options: list[str], folder: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MLFLOW_", "GIT_"))}
    env = {
        **kept,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(Path(cumulog.__file__).parents[1]),
        "MLFLOW_TRACKING_URI": url,
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "CUMULOG_JOURNAL": str(folder / "journal"),
    }
    subprocess.run([sys.executable, "-m", tool, "run", *options], env=env, cwd=folder, check=True, timeout=600)


def told(url: str) -> dict[str, Any]:
    """All of the runs but ids and times, by their entry points."""
    client = MlflowClient(url)
    experiment = client.get_experiment_by_name("steps")
    runs = client.search_runs([experiment.experiment_id])
    points = {run.info.run_id: run.data.tags["mlflow.project.entryPoint"] for run in runs}
    return {point: _run(client, run, points) for run, point in zip(runs, points.values(), strict=True)}


def _run(client: MlflowClient, run: Run, points: dict[str, str]) -> dict[str, Any]:
    tags = run.data.tags
    return {
        "status": run.info.status,
        "params": run.data.params,
        "metrics": {
            name: [(each.step, each.value) for each in client.get_metric_history(run.info.run_id, name)]
            for name in run.data.metrics
        },
        "tags": {name: value for name, value in tags.items() if name not in OWN + OURS_ALONE},
        "parent": points.get(tags.get("mlflow.parentRunId", "")),
        "artifacts": sorted(each.path for each in client.list_artifacts(run.info.run_id) if each.path != "cumulog"),
    }
