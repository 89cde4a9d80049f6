"""Calls to MLflow's registry protocol, and what they answer."""

import json
from typing import Any

from tests import client as api
from tests.client import Answer

INVALID = (400, "INVALID_PARAMETER_VALUE")
ABSENT = (404, "RESOURCE_DOES_NOT_EXIST")
OK = (200, None)

Json = dict[str, Any]


def change(method: str, path: str, /, **fields: Any) -> Answer:
    """PATCH or DELETE; the fields go as JSON."""
    return api.send(method, api.PREFIX + path, json.dumps(fields).encode())


def create_model(name: str = "wine", **fields: Any) -> Json:
    return dict(api.done("/registered-models/create", name=name, **fields)["registered_model"])


def create_version(run_id: str, name: str = "wine", path: str = "model", **fields: Any) -> Json:
    """A version from a folder of a run."""
    source = f"runs:/{run_id}/{path}"
    return dict(api.done("/model-versions/create", name=name, source=source, run_id=run_id, **fields)["model_version"])


def read_model(name: str = "wine") -> Json:
    return dict(_read("/registered-models/get", name=name)["registered_model"])


def read_version(version: int, name: str = "wine") -> Json:
    return dict(_read("/model-versions/get", name=name, version=version)["model_version"])


def found_models(**query: Any) -> list[str]:
    """The names of the models that a search answers, in its order."""
    return [model["name"] for model in _read("/registered-models/search", **query).get("registered_models", [])]


def found_versions(**query: Any) -> list[str]:
    """`name/version` of what a search answers, in its order."""
    found = _read("/model-versions/search", **query).get("model_versions", [])
    return [f"{each['name']}/{each['version']}" for each in found]


def outcome(answer: Answer) -> tuple[int, str | None]:
    return answer.status, answer.body.get("error_code")


def _read(path: str, **query: Any) -> Json:
    answer = api.get(path, **query)
    assert answer.status == 200, answer.body
    return answer.body
