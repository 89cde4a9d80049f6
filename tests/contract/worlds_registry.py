"""The registered model of a world, what a client can see of it, and every call that writes to it."""

import json
from collections.abc import Callable
from typing import Any

from chalicelib.provenance import verifying
from chalicelib.registry import models
from tests import client as api
from tests.client import PREFIX, Answer

# Takes the model's name and a run's id.
Call = Callable[[str, str], Answer]

_POLICIES = "/api/2.0/cumulog/registry/policies/set"


def make(name: str, run_id: str) -> None:
    """Two versions of a run: the first in Production, the second in Staging, and with the alias champion."""
    api.done("/registered-models/create", name=name, tags=[{"key": "team", "value": "vision"}])
    for stage in ("Production", "Staging"):
        version = create_version(name, run_id).body["model_version"]["version"]
        api.done("/model-versions/transition-stage", name=name, version=version, stage=stage)
        api.done("/model-versions/set-tag", name=name, version=version, key="color", value="red")
    api.done("/registered-models/alias", name=name, alias="champion", version="2")


def observe(prefix: str) -> list[dict[str, Any]]:
    """The registered models of a world, whose chains have to hold and to tell of the state that is there."""
    every = sorted(models.load_all(), key=lambda model: str(model.name))
    return [_observed(model.name.removeprefix(prefix), model) for model in every if model.name.startswith(prefix)]


def _observed(name: str, model: Any) -> dict[str, Any]:
    report = verifying.verify(model)
    assert (report.verdict.bad, report.differences) == (None, [])
    seen = api.get("/registered-models/get", name=model.name).body["registered_model"]
    found = api.get("/model-versions/search", filter=f"name = '{model.name}'").body.get("model_versions", [])
    return {
        "name": name,
        "description": seen.get("description"),
        "tags": seen.get("tags", []),
        "aliases": seen.get("aliases", []),
        "policies": model.policies,
        "latest": sorted((each["current_stage"], each["version"]) for each in seen.get("latest_versions", [])),
        "versions": sorted((_version(each) for each in found), key=str),
        "last version": int(model.last_version),
    }


def _version(message: dict[str, Any]) -> dict[str, Any]:
    return {name: message.get(name) for name in ("version", "current_stage", "description", "tags")}


def create_version(name: str, run_id: str) -> Answer:
    return api.post("/model-versions/create", name=name, source=f"runs:/{run_id}/model", run_id=run_id)


def _send(method: str, path: str, **fields: Any) -> Answer:
    return api.send(method, PREFIX + path, json.dumps(fields).encode())


def _move(version: str, stage: str, archive: bool) -> Call:
    return lambda name, _run: api.post(
        "/model-versions/transition-stage",
        name=name,
        version=version,
        stage=stage,
        archive_existing_versions=archive,
    )


def _policy(name: str, _run: str) -> Answer:
    fields = {"name": name, "stage": "Production", "policy": "approval", "needed": 2}
    return api.send("POST", _POLICIES, json.dumps(fields).encode())


OPERATIONS: dict[str, Call] = {
    "create registered model": lambda name, _run: api.post("/registered-models/create", name=name + " new"),
    "create registered model with a key": lambda name, _run: api.post_with_key(
        "model", "/registered-models/create", name=name + " new"
    ),
    "create version with a key": lambda name, run_id: api.post_with_key(
        "version", "/model-versions/create", name=name, source=f"runs:/{run_id}/model", run_id=run_id
    ),
    "rename registered model": lambda name, _run: api.post(
        "/registered-models/rename", name=name, new_name=name + " renamed"
    ),
    "update registered model": lambda name, _run: _send(
        "PATCH", "/registered-models/update", name=name, description="*new*"
    ),
    "delete registered model": lambda name, _run: _send("DELETE", "/registered-models/delete", name=name),
    "set registered model tag": lambda name, _run: api.post(
        "/registered-models/set-tag", name=name, key="team", value="audio"
    ),
    "delete registered model tag": lambda name, _run: _send(
        "DELETE", "/registered-models/delete-tag", name=name, key="team"
    ),
    "create version": create_version,
    "update version": lambda name, _run: _send(
        "PATCH", "/model-versions/update", name=name, version="1", description="*new*"
    ),
    "move version": _move("1", "Archived", archive=False),
    "move version and archive": _move("2", "Production", archive=True),
    "delete version": lambda name, _run: _send("DELETE", "/model-versions/delete", name=name, version="2"),
    "set version tag": lambda name, _run: api.post(
        "/model-versions/set-tag", name=name, version="1", key="color", value="blue"
    ),
    "delete version tag": lambda name, _run: _send(
        "DELETE", "/model-versions/delete-tag", name=name, version="1", key="color"
    ),
    "set alias": lambda name, _run: api.post("/registered-models/alias", name=name, alias="champion", version="1"),
    "delete alias": lambda name, _run: _send("DELETE", "/registered-models/alias", name=name, alias="champion"),
    "set policy": _policy,
}

SAYS_SO_THE_SECOND_TIME = {
    "create registered model": "RESOURCE_ALREADY_EXISTS",
    "rename registered model": "RESOURCE_DOES_NOT_EXIST",
    "delete registered model": "RESOURCE_DOES_NOT_EXIST",
    "delete version": "RESOURCE_DOES_NOT_EXIST",
}
# At last an event is put.
TELLS_AFTERWARDS = frozenset({"move version", "move version and archive"})
_LAST = 3


def without_another(seen: dict[str, Any]) -> dict[str, Any]:
    """What was observed of a model, as if the third version had been created once only."""
    return {
        **seen,
        "versions": [each for each in seen["versions"] if int(each["version"]) <= _LAST],
        "latest": [(stage, str(min(int(version), _LAST))) for stage, version in seen["latest"]],
        "last version": min(seen["last version"], _LAST),
    }
