"""Presigned URLs as MLflow asks for them by run, and artifacts that lie where this server does not look."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from app import app
from chalicelib import remembered
from chalicelib.config import settings
from chalicelib.storage import objects, tables
from chalicelib.tracking.experiments import experiments
from infra.local import gateway
from tests import client as api
from tests.api.artifact_calls import (
    ABSENT,
    AJAX,
    EMPTY,
    FILES,
    INVALID,
    OURS,
    PROXIED,
    as_json,
    outcome,
    post,
    put,
    stored,
)

pytestmark = pytest.mark.usefixtures("bucket")


@pytest.fixture
def in_the_bucket() -> str:
    """A run whose experiment keeps its artifacts at an s3:// location that is ours."""
    experiment_id = api.create_experiment("direct", artifact_location=f"s3://{settings().bucket}")
    assert experiment_id == "1"
    return api.create_run(experiment_id)


def test_presigned_urls_of_mlflow_are_for_roots_in_the_bucket(in_the_bucket: str) -> None:
    up = api.post("/artifacts/presigned-upload-url", run_id=in_the_bucket, path="a/m.png", expiration=60).body

    assert up["headers"] == {"Content-Type": "image/png"}
    query = parse_qs(urlsplit(up["presigned_url"]).query)
    assert (query["X-Amz-Expires"], query["X-Amz-SignedHeaders"]) == (["60"], ["content-type;host"])
    put(f"1/{in_the_bucket}/artifacts/a/m.png", b"123")
    down = api.post("/artifacts/presigned-download-url", run_id=in_the_bucket, path="a/m.png").body
    assert (down["headers"], down["file_size"]) == ({}, 3)
    missing = api.post("/artifacts/presigned-download-url", run_id=in_the_bucket, path="a/n.png")
    assert outcome(missing) == ABSENT


WRONG_URLS: list[tuple[str, dict[str, Any]]] = [
    ("upload", {"path": "x"}),
    ("upload", {"path": "x", "run_id": "${run}", "model_id": "m"}),
    ("upload", {"path": "x", "run_id": "${run}"}),
    ("upload", {"path": "../x", "run_id": "${run}"}),
    ("upload", {"path": "x", "run_id": "${direct}", "expiration": 0}),
    ("upload", {"path": "../x", "run_id": "${direct}"}),
    ("download", {"path": "x", "run_id": "${run}"}),
    ("download", {"path": "x", "run_id": "${direct}", "expiration": 604_801}),
    ("download", {"run_id": "${direct}"}),
]


@pytest.mark.parametrize(("kind", "fields"), WRONG_URLS)
def test_presigned_urls_of_mlflow_are_refused(in_the_bucket: str, kind: str, fields: dict[str, Any]) -> None:
    known = {"${run}": api.create_run("0"), "${direct}": in_the_bucket}
    filled = {name: known.get(value, value) if isinstance(value, str) else value for name, value in fields.items()}

    assert outcome(api.post(f"/artifacts/presigned-{kind}-url", **filled)) == INVALID


# An experiment of an earlier version may have any of these; a new one only the first two.
ELSEWHERE = ["s3://elsewhere/x", "gs://elsewhere/x/", "file:///etc", "/etc", "mlflow-artifacts:/1", "s3://{}/../1"]


@pytest.mark.parametrize("location", ELSEWHERE)
def test_artifacts_that_are_elsewhere_are_neither_served_nor_taken_and_it_is_said_where_they_are(
    bucket: Any, location: str
) -> None:
    api.create_experiment("first")
    place = location.format(settings().bucket)
    experiment_id, run = kept_at(place)
    root = f"{experiment_id}/{run}/artifacts"
    page = {"run_id": run, "path": "x"}

    answers = [
        api.get("/artifacts/list", run_id=run),
        api.send("GET", FILES[:-1], query={"path": root}),
        api.send("GET", OURS + "/list", query={"path": f"{root}/d"}),
        api.send("GET", "/get-artifact", query=page),
        api.send("GET", FILES + f"{root}/x"),
        post("/downloads", paths=[f"{root}/x"]),
        api.post("/artifacts/presigned-upload-url", run_id=run, path="x"),
        api.post("/artifacts/presigned-download-url", run_id=run, path="x"),
        put(f"{root}/x"),
        post("/uploads", files=[{"path": f"{root}/x", "size": 0, "sha256": EMPTY}]),
        post("/multipart/create", path=f"{root}/x", size=1),
        api.send("POST", f"{PROXIED[0]}/mpu/create/{root}", b'{"path": "x", "num_parts": 1}'),
        api.Answer(*as_json(gateway.call(app, "POST", AJAX + "/upload-artifact", page, {}, b"x"))),
        post("/delete", path=f"{root}/x"),
    ]

    assert [outcome(answer) for answer in answers] == [INVALID] * len(answers)
    assert all(f"{place.rstrip('/')}/" in answer.body["message"] for answer in answers)
    assert stored(bucket) == {}


def test_the_artifacts_of_a_logged_model_may_be_elsewhere_too(bucket: Any) -> None:
    experiment_id = api.create_experiment("foreign", artifact_location="s3://elsewhere/x")
    model = api.done("/logged-models", experiment_id=experiment_id, name="m")["model"]["info"]

    answers = [
        put(f"{experiment_id}/models/{model['model_id']}/artifacts/MLmodel"),
        api.get(f"/logged-models/{model['model_id']}/artifacts/directories"),
    ]

    assert [outcome(answer) for answer in answers] == [INVALID] * 2
    assert all(model["artifact_uri"] in answer.body["message"] for answer in answers)
    assert stored(bucket) == {}


def test_what_an_earlier_version_took_for_a_run_whose_artifacts_are_elsewhere_stays_readable(bucket: Any) -> None:
    experiment_id, run = kept_at("s3://elsewhere/x")
    key = f"{experiment_id}/{run}/artifacts/x"
    objects.put(key, b"1")

    assert post("/downloads", paths=[key]).body["downloads"][0]["size"] == 1
    assert api.send("GET", FILES[:-1], query={"path": key.removesuffix("/x")}).body["files"][0]["path"] == "x"


def kept_at(location: str) -> tuple[str, str]:
    """An experiment with this location, as an earlier version made it, and a run in it."""
    experiment_id = api.create_experiment("foreign")
    item = experiments.load(experiment_id)
    item.artifact_location = location
    tables.put(item)
    remembered.forget_all()
    return experiment_id, api.create_run(experiment_id)
