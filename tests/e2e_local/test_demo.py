"""`make demo` leaves behind what it says, and may be called again."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import requests

from infra.local import stack
from infra.local.settings import REPOSITORY

SCRIPT = Path(__file__).with_name("demo_script.py")
MLFLOW = "api/2.0/mlflow"
SECONDS = 200


@pytest.mark.sampled(keep=1, of="long scripts")
@pytest.mark.timeout(2 * SECONDS)
def test_the_demo_twice_leaves_two_sweeps_and_one_version_in_each_stage(tmp_path: Path) -> None:
    with stack.running(tmp_path / "data") as running:
        said = played(running.url, tmp_path)
        runs = asked(running.url, "runs/search", experiment_ids=[experiment(running.url)], max_results=100)["runs"]
        versions = requests.get(f"{running.url}/{MLFLOW}/model-versions/search", timeout=30).json()["model_versions"]
        artifacts = [path for run in runs for path in listed(running.url, run["info"]["run_id"])]

    assert "version 4 in Production" in said
    assert Counter((tag(run, "kind"), run["info"]["status"]) for run in runs) == {
        ("sweep", "FINISHED"): 2,
        ("trial", "FINISHED"): 4,
        ("trial", "FAILED"): 2,
    }
    trials = [run for run in runs if tag(run, "kind") == "trial"]
    assert {tag(run, "mlflow.parentRunId") for run in trials} == {
        run["info"]["run_id"] for run in runs if tag(run, "kind") == "sweep"
    }
    assert {len(run["inputs"]["dataset_inputs"]) for run in trials} == {2}
    assert Counter(artifacts) == {"confusion.png": 4, "digits.png": 2, "best.json": 2}
    assert Counter(version["current_stage"] for version in versions) == {"Archived": 2, "Staging": 1, "Production": 1}


def played(url: str, folder: Path) -> str:
    """What the demo prints."""
    quiet = {"MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true", "OMP_NUM_THREADS": "1", "MPLBACKEND": "Agg"}
    ended = subprocess.run(
        [sys.executable, str(SCRIPT), url],
        env={**os.environ, **quiet, "PYTHONPATH": str(REPOSITORY)},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-3000:]
    return ended.stdout


def experiment(url: str) -> str:
    found = asked(url, "experiments/search", filter="name LIKE 'demo:%'", max_results=1)["experiments"]
    return str(found[0]["experiment_id"])


def listed(url: str, run_id: str) -> list[str]:
    reply = requests.get(f"{url}/{MLFLOW}/artifacts/list", params={"run_id": run_id}, timeout=30).json()
    return [file["path"] for file in reply.get("files", [])]


def tag(run: dict[str, Any], key: str) -> str | None:
    return next((str(tag["value"]) for tag in run["data"]["tags"] if tag["key"] == key), None)


def asked(url: str, path: str, **body: Any) -> Any:
    reply = requests.post(f"{url}/{MLFLOW}/{path}", json=body, timeout=30)
    assert reply.status_code == 200, reply.text
    return reply.json()
