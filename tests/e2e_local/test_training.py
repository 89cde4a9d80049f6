"""A training script with the stock client leaves the same DataFrame of runs behind on both servers."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests import servers

SCRIPT = Path(__file__).with_name("training_script.py")
SECONDS = 200

# What each server makes up, and the hours at which the two plays ran.
OWN_COLUMNS = {"run_id", "experiment_id", "artifact_uri", "start_time", "end_time"}


@pytest.mark.sampled(keep=1, of="long scripts")
@pytest.mark.timeout(2 * SECONDS)
def test_a_training_script_leaves_the_same_runs_on_both_servers(tmp_path: Path) -> None:
    with (
        servers.mlflow(tmp_path / "mlflow") as theirs,
        servers.ours()(tmp_path / "ours") as ours,
        ThreadPoolExecutor() as both,
    ):
        played = both.map(trained, [theirs, ours], [tmp_path / "theirs.json", tmp_path / "ours.json"])
        their_runs, our_runs = played

    assert our_runs == their_runs
    assert [run["parent"] for run in our_runs] == ["grid"] * 6 + [None]
    assert all(run["metrics.training_score"] > 0.9 for run in our_runs[:-1])
    assert all(run["metrics.test_loss"] < 1.1 for run in our_runs[:-1])


def trained(url: str, result: Path) -> list[dict[str, Any]]:
    """Play the script against the server; its runs in their order, parents by name instead of by id."""
    # One thread: the sums of a parallel fit come out differently in their last digits.
    quiet = {"MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true", "OMP_NUM_THREADS": "1", "MPLBACKEND": "Agg"}
    environment = {**os.environ, **quiet, "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "0"}
    played = subprocess.run(
        [sys.executable, str(SCRIPT), url, str(result)],
        env=environment,
        cwd=result.parent,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert played.returncode == 0, played.stderr[-3000:]
    assert "Encountered unexpected error" not in played.stderr, played.stderr[-3000:]
    return comparable(json.loads(result.read_text(encoding="utf-8")))


def comparable(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    names = {row["run_id"]: row["tags.mlflow.runName"] for row in rows}
    return [
        {
            **{column: cell for column, cell in row.items() if column not in OWN_COLUMNS | {"tags.mlflow.parentRunId"}},
            "parent": names.get(row.get("tags.mlflow.parentRunId")),
        }
        for row in rows
    ]
