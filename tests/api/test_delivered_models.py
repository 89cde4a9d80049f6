"""What the client's delivery says of a logged model, on the real endpoints: said again, it changes nothing."""

import json
from typing import Any

import pytest

from cumulog._delivery import models
from cumulog._http.reading import read
from cumulog._http.wire import Json, Reply
from cumulog._transfer.api import Api, Entry
from tests import client as api

MODEL = "m-0123456789abcdef0123456789abcdef"
BEGUN = {"model_id": MODEL, "name": "wine", "model_type": "", "step": 2, "params": [], "tags": []}


def call(method: str, path: str, body: Json | None = None, query: dict[str, str] | None = None) -> Json:
    content = None if body is None else json.dumps(body).encode()
    answer = api.send(method, api.PREFIX + path, content, query=query)
    return read(Reply(answer.status, json.dumps(answer.body).encode()))


def run(run_id: str) -> Json:
    return dict(call("GET", "/runs/get", query={"run_id": run_id})["run"])


@pytest.fixture
def uploaded(experiment_id: str, bucket: Any) -> dict[str, int]:
    """The model's files that are stored, and their sizes."""
    sizes = {"MLmodel": 3, "data/model.bin": 5}
    for path, size in sizes.items():
        bucket.put_object(Key=f"{experiment_id}/models/{MODEL}/artifacts/{path}", Body=b"x" * size)
    return sizes


def stored(run_id: str) -> list[Entry]:
    """The model's files that the server lists."""
    folder = f"{run(run_id)['info']['experiment_id']}/{models.owner(MODEL)}/artifacts"
    return list(Api("http://here", send).entries(folder, recursive=True))


def send(method: str, path: str, query: Any, body: Json | None) -> Reply:
    answer = api.send(method, path, None if body is None else json.dumps(body).encode(), query=query)
    return Reply(answer.status, json.dumps(answer.body).encode())


def versions() -> list[tuple[str, str, str]]:
    found = call("GET", "/model-versions/search").get("model_versions", [])
    return [(each["name"], each["version"], each["source"]) for each in found]


def test_a_model_gets_what_its_run_has_and_is_there_once_however_often_it_is_said(
    run_id: str, uploaded: dict[str, int]
) -> None:
    points = [{"key": "loss", "value": step, "timestamp": 1, "step": step} for step in (1, 2)]
    params = [{"key": "depth", "value": "3"}]
    api.done("/runs/log-batch", run_id=run_id, metrics=points, params=params)
    ready = {"model_id": MODEL, "files": uploaded, "registered": "wine"}

    for _ in range(2):
        models.create(call, run(run_id), BEGUN)
    said = [models.finish(call, run_id, stored(run_id), ready) for _ in range(2)]

    model = api.read_model(MODEL)
    assert said == ["", ""]
    assert (model["info"]["status"], model["info"]["source_run_id"]) == ("LOGGED_MODEL_READY", run_id)
    assert model["data"]["params"] == params
    assert [(each["key"], each["value"]) for each in model["data"]["metrics"]] == [("loss", 2)]
    assert [each["model_id"] for each in run(run_id)["outputs"]["model_outputs"]] == [MODEL]
    assert versions() == [("wine", "1", f"models:/{MODEL}")]


def test_params_that_the_run_got_since_are_added_by_a_repetition(run_id: str) -> None:
    models.create(call, run(run_id), {**BEGUN, "params": [{"key": "own", "value": "1"}]})
    api.done("/runs/log-parameter", run_id=run_id, key="depth", value="3")

    models.create(call, run(run_id), {**BEGUN, "params": [{"key": "own", "value": "1"}]})

    assert {each["key"] for each in api.read_model(MODEL)["data"]["params"]} == {"own", "depth"}


def test_a_model_whose_files_did_not_all_arrive_is_marked_and_not_registered(
    run_id: str, uploaded: dict[str, int]
) -> None:
    models.create(call, run(run_id), BEGUN)

    said = models.finish(
        call, run_id, stored(run_id), {"model_id": MODEL, "files": {**uploaded, "MLmodel": 4}, "registered": "wine"}
    )

    assert "MLmodel did not arrive" in said
    assert api.read_model(MODEL)["info"]["status"] == "LOGGED_MODEL_UPLOAD_FAILED"
    assert versions() == []


def test_a_name_that_is_refused_leaves_the_model_as_it_is_and_is_said(run_id: str, uploaded: dict[str, int]) -> None:
    models.create(call, run(run_id), BEGUN)

    said = models.finish(call, run_id, stored(run_id), {"model_id": MODEL, "files": uploaded, "registered": "a/b:c"})

    assert "was not registered as 'a/b:c'" in said
    assert api.read_model(MODEL)["info"]["status"] == "LOGGED_MODEL_READY"
