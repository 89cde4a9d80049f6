"""Presigned URLs as MLflow asks for them by run, and artifacts that lie where this server does not look."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.config import settings
from tests import client as api
from tests.api.artifact_calls import ABSENT, INVALID, outcome, put

pytestmark = pytest.mark.usefixtures("bucket")


@pytest.fixture
def in_the_bucket() -> str:
    """A run whose experiment keeps its artifacts at an s3:// location that is ours."""
    experiment_id = api.create_experiment("direct", artifact_location=f"s3://{settings().bucket}/1")
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


@pytest.mark.parametrize("location", ["s3://elsewhere/x", "file:///etc", "/etc", "mlflow-artifacts:/1", "s3://{}/../1"])
def test_artifacts_that_lie_elsewhere_are_not_served(location: str, asked_of_s3: list[str]) -> None:
    # The experiment's own number is another one.
    api.create_experiment("first")
    place = location.format(settings().bucket)
    run = api.create_run(api.create_experiment("foreign", artifact_location=place))

    answers = [
        api.get("/artifacts/list", run_id=run),
        api.send("GET", "/get-artifact", query={"run_id": run, "path": "passwd"}),
        api.post("/artifacts/presigned-upload-url", run_id=run, path="x"),
        api.post("/artifacts/presigned-download-url", run_id=run, path="x"),
    ]

    assert [outcome(answer) for answer in answers] == [INVALID] * 4
    assert asked_of_s3 == []
