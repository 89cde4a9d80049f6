"""What led to a version, in one call: its run, what that took in and put out, its logged model, who made it."""

from typing import Any

import pytest

from chalicelib.access import identity
from tests import client as api
from tests import registered

LINEAGE = "/api/2.0/cumulog/registry/lineage"
DATASET = {
    "dataset": {"name": "grapes", "digest": "1", "source_type": "local", "source": "{}"},
    "tags": [{"key": "mlflow.data.context", "value": "training"}],
}


@pytest.fixture
def made(bucket: Any, experiment_id: str, run_id: str) -> dict[str, str]:
    """A logged model that a run made of a dataset and another logged model, registered as a version."""
    base_id = api.create_model(experiment_id, name="base")
    fields = {"name": "tuned", "source_run_id": run_id, "params": [{"key": "depth", "value": "3"}]}
    model_id = api.create_model(experiment_id, **fields)
    api.done("/runs/log-inputs", run_id=run_id, datasets=[DATASET], models=[{"model_id": base_id}])
    api.done("/runs/outputs", run_id=run_id, models=[{"model_id": model_id, "step": 7}])
    point = {"key": "acc", "value": 0.5, "timestamp": 2, "step": 2, "model_id": model_id}
    api.done("/runs/log-metric", run_id=run_id, **point)
    api.done("/registered-models/create", name="wine")
    with identity.in_name_of("ada"):
        api.done("/model-versions/create", name="wine", source=f"models:/{model_id}", model_id=model_id)
    return {"run": run_id, "model": model_id, "base": base_id}


def test_one_call_tells_what_led_to_a_version(made: dict[str, str]) -> None:
    seen = lineage()

    assert seen["model_version"]["version"] == "1"
    assert (seen["created"]["who"], seen["created"]["sequence"]) == ("ada", 2)
    assert seen["logged_model"]["info"]["model_id"] == made["model"]
    assert seen["logged_model"]["data"]["params"] == [{"key": "depth", "value": "3"}]
    assert [metric["value"] for metric in seen["logged_model"]["data"]["metrics"]] == [0.5]
    assert seen["run"]["info"]["run_id"] == made["run"]
    assert [each["dataset"]["name"] for each in seen["run"]["inputs"]["dataset_inputs"]] == ["grapes"]
    assert [(each["model_id"], each["name"]) for each in seen["run"]["inputs"]["model_inputs"]] == [
        (made["base"], "base")
    ]
    assert [(each["model_id"], each["step"]) for each in seen["run"]["outputs"]["model_outputs"]] == [
        (made["model"], 7)
    ]
    assert (seen["requests"], seen["missing"]) == ([], [])


def test_the_link_that_is_named_is_the_one_in_the_chain(made: dict[str, str]) -> None:
    chain = registered.get("/audit", name="wine").body["entries"]

    created = lineage()["created"]

    assert created["digest"] == chain[created["sequence"] - 1]["digest"]
    assert chain[created["sequence"] - 1]["action"] == "version:create"


def test_what_is_deleted_is_said_and_the_rest_is_told(made: dict[str, str]) -> None:
    api.done("/runs/delete", run_id=made["run"])
    api.change_model("DELETE", made["base"])

    seen = lineage()

    assert seen["missing"] == [
        {"what": "run", "id": made["run"], "why": "deleted"},
        {"what": "logged_model", "id": made["base"], "why": "deleted"},
    ]
    assert seen["run"]["info"]["lifecycle_stage"] == "deleted"
    assert seen["logged_model"]["info"]["name"] == "tuned"


def test_an_input_that_was_never_here_is_said(made: dict[str, str]) -> None:
    api.done("/runs/log-inputs", run_id=made["run"], models=[{"model_id": "m-elsewhere"}])

    assert lineage()["missing"] == [{"what": "logged_model", "id": "m-elsewhere", "why": "not found"}]


def test_a_version_of_a_run_has_no_logged_model(bucket: Any) -> None:
    registered.model()

    seen = lineage()

    assert "logged_model" not in seen
    assert seen["run"]["inputs"] == {"model_inputs": []}
    assert seen["missing"] == []


def test_approvals_are_told(bucket: Any) -> None:
    registered.model(versions=2)
    registered.ask_for_approval(needed=1)
    request_id = registered.opened()["request_id"]
    registered.decided("approve", "bob", request_id, "fine")

    first, second = lineage(), lineage("2")

    assert [(each["requester"], each["decisions"][0]["who"]) for each in first["requests"]] == [("ada", "bob")]
    assert second["requests"] == []


def lineage(version: str = "1") -> dict[str, Any]:
    answer = api.send("GET", LINEAGE, query={"name": "wine", "version": version})
    assert answer.status == 200, answer
    return answer.body
