"""A model logged by the stock client, with autologging on, is loaded again and is in the catalogue."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import requests

from infra.local import engines, stack

pytestmark = pytest.mark.skipif(engines.installed() != (True, True), reason="dynoxide or ministack is not installed")

SCRIPT = Path(__file__).with_name("models_script.py")
SECONDS = 200


@pytest.mark.sampled(keep=1, of="a model that predicts as before")
def test_a_logged_model_predicts_as_before_and_is_in_the_catalogue(tmp_path: Path) -> None:
    with stack.running(tmp_path / "data") as running:
        seen = played(running.url, tmp_path / "seen.json")
        entry = catalogued(running.url, seen["model_id"])

    assert seen["same_predictions"]
    # autolog's own model, and the one that was logged by hand.
    assert seen["found"] == ["model", "wine"]
    assert "training_score" in seen["metrics"]
    assert "training_confusion_matrix.png" in seen["artifacts"]
    assert entry["status"] == "READY"
    assert {flavor["name"] for flavor in entry["flavors"]} == {"python_function", "sklearn"}


def played(url: str, result: Path, script_file: Path = SCRIPT) -> dict[str, Any]:
    """What the script saw."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MLFLOW_")}
    quiet = {"MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true", "MPLBACKEND": "Agg"}
    script = subprocess.run(
        [sys.executable, str(script_file), url, str(result)],
        env={**clean, **quiet},
        cwd=result.parent,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert script.returncode == 0, script.stderr[-3000:]
    assert "Encountered unexpected error" not in script.stderr, script.stderr[-3000:]
    seen: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
    return seen


def catalogued(url: str, model_id: str) -> dict[str, Any]:
    """The model's entry, which the bucket's events bring within seconds."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        entries = requests.get(f"{url}/api/2.0/cumulog/catalogue", timeout=30).json().get("entries", [])
        for entry in entries:
            if entry.get("model_id") == model_id:
                return dict(entry)
        time.sleep(0.2)
    raise AssertionError(f"{model_id} did not appear in the catalogue")
