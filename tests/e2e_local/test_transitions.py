"""A transition under approval on the local stack, which is killed while the request waits."""

import time
from pathlib import Path
from typing import Any

import pytest
import requests

from infra.local import stack

ENVIRONMENT = {"CUMULOG_SWEEP_SECONDS": "1"}
MLFLOW = "/api/2.0/mlflow"
OURS = "/api/2.0/cumulog/registry"
_SECONDS = 60


def ask(running: stack.Stack, method: str, path: str, who: str = "ann", **fields: Any) -> Any:
    sent = {"params": fields} if method == "GET" else {"json": fields}
    answer = requests.request(method, running.url + path, headers={"X-Cumulog-User": who}, timeout=30, **sent)
    assert answer.status_code == 200, answer.text
    return answer.json()


def stage(running: stack.Stack) -> str:
    found = ask(running, "GET", f"{MLFLOW}/model-versions/get", name="wine", version="1")
    return str(found["model_version"]["current_stage"])


def until(truth: Any) -> None:
    deadline = time.monotonic() + _SECONDS
    while not truth():
        assert time.monotonic() < deadline, "It did not happen."
        time.sleep(0.05)


def opened(running: stack.Stack) -> str:
    """The id of a request to move a version to Production, which two have to approve."""
    experiment = ask(running, "POST", f"{MLFLOW}/experiments/create", name="wines")["experiment_id"]
    run = ask(running, "POST", f"{MLFLOW}/runs/create", experiment_id=experiment)["run"]["info"]["run_id"]
    file = f"/api/2.0/mlflow-artifacts/artifacts/{experiment}/{run}/artifacts/model/MLmodel"
    assert requests.put(running.url + file, b"flavors: {}", timeout=30).status_code == 200
    ask(running, "POST", f"{MLFLOW}/registered-models/create", name="wine")
    ask(running, "POST", f"{MLFLOW}/model-versions/create", name="wine", source=f"runs:/{run}/model", run_id=run)
    ask(running, "POST", f"{OURS}/policies/set", name="wine", stage="Production", policy="approval", needed=2)
    answer = ask(running, "POST", f"{OURS}/requests/create", name="wine", version="1", stage="Production")
    return str(answer["request"]["request_id"])


@pytest.mark.sampled(keep=2, of="what survives a kill")
@pytest.mark.timeout(180)
def test_a_pending_request_survives_a_kill_and_is_applied_when_it_is_approved(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with stack.running(data, environment=ENVIRONMENT) as first:
        request = opened(first)
        until((data / "logs" / "machines.log").exists)
        ask(first, "POST", f"{OURS}/requests/approve", "bob", request_id=request)
        first.kill_all()

    with stack.running(data, environment=ENVIRONMENT) as second:
        assert stage(second) == "None"
        ask(second, "POST", f"{OURS}/requests/approve", "cleo", request_id=request)
        until(lambda: stage(second) == "Production")
        # It is announced in a step of its own, after it was applied.
        until(lambda: '"registry.version.stage.set"' in (data / "announced").read_text())
