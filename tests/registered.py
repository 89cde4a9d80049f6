"""A registered model whose first versions have files in the bucket, and what is asked of its transition requests."""

import json
from collections.abc import Iterable
from typing import Any

from chalicelib.access import identity
from chalicelib.registry.chain import audit, changes
from chalicelib.storage import objects
from tests import client as api
from tests.client import Answer

OURS = "/api/2.0/cumulog/registry"


def model(name: str = "wine", versions: int = 1) -> str:
    """The folder in the bucket that all the versions are made from."""
    experiment_id = api.create_experiment(f"experiment of {name}")
    run_id = api.create_run(experiment_id)
    folder = f"{experiment_id}/{run_id}/artifacts/model"
    for path, body in (("MLmodel", b"flavors: {}"), ("model.bin", b"0123456789")):
        objects.put(f"{folder}/{path}", body)
    api.done("/registered-models/create", name=name)
    for _ in range(versions):
        api.done("/model-versions/create", name=name, source=f"runs:/{run_id}/model", run_id=run_id)
    return folder


def post(path: str, /, who: str = "ada", **fields: Any) -> Answer:
    """What somebody POSTs to our own part of the registry."""
    with identity.in_name_of(who):
        return api.send("POST", OURS + path, json.dumps(fields).encode())


def get(path: str, /, **query: Any) -> Answer:
    return api.send("GET", OURS + path, query=query)


def ask_for_approval(name: str = "wine", stage: str = "Production", **policy: Any) -> None:
    answer = post("/policies/set", name=name, stage=stage, policy="approval", **policy)
    assert answer.status == 200, answer


def opened(who: str = "ada", name: str = "wine", version: int = 1, **fields: Any) -> dict[str, Any]:
    """The open request to move a version, to Production."""
    wanted = {"name": name, "version": str(version), "stage": "Production", **fields}
    return dict(_done(post("/requests/create", who, **wanted)))


def decided(verdict: str, who: str, request_id: str, comment: str = "") -> dict[str, Any]:
    return dict(_done(post(f"/requests/{verdict}", who, request_id=request_id, comment=comment)))


def read(request_id: str) -> dict[str, Any]:
    return dict(_done(get("/requests/get", request_id=request_id)))


def listed(**query: Any) -> list[str]:
    """The ids of the open requests."""
    return [each["request_id"] for each in get("/requests/list", **query).body["requests"]]


def stages(name: str = "wine", versions: Iterable[int] = (1,)) -> list[str]:
    return [_version(name, number)["current_stage"] for number in versions]


def transition(**fields: Any) -> Answer:
    """Ask for version 1 to enter Production at once, as MLflow does."""
    wanted = {"name": "wine", "version": "1", "stage": "Production", **fields}
    return api.post("/model-versions/transition-stage", **wanted)


def refused(answer: Answer) -> tuple[int, str]:
    """Status and error code."""
    return answer.status, answer.body["error_code"]


def audited() -> list[tuple[str, str]]:
    """Who did what to the requests and stages of the model, in order."""
    chain = list(audit.entries(changes.load("wine").model_id))
    assert audit.verify(chain, changes.load("wine")).bad is None
    kept = ("request:", "policy:", "version:stage:")
    return [(entry.who, entry.action) for entry in chain if entry.action.startswith(kept)]


def _version(name: str, version: int) -> dict[str, Any]:
    return dict(api.get("/model-versions/get", name=name, version=version).body["model_version"])


def _done(answer: Answer) -> Any:
    assert answer.status == 200, answer
    return answer.body["request"]
