"""Uploads in parts belong to the file that they were begun for: an S3 that checks this refuses their ids elsewhere."""

import json
from collections.abc import Iterator

import pytest

from chalicelib.config import settings
from chalicelib.storage import bucket, multipart
from infra.local import engines
from tests import client as api

pytestmark = pytest.mark.skipif(not engines.installed()[1], reason="ministack is not installed")

OURS = "/api/2.0/cumulog/artifacts/multipart"
MLFLOW = "/api/2.0/mlflow-artifacts/mpu"
ABSENT = (404, "RESOURCE_DOES_NOT_EXIST")
SIZE = 1


@pytest.fixture(scope="module")
def ministack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[engines.Engines]:
    """S3 alone, on a fresh folder."""
    data = tmp_path_factory.mktemp("ministack")
    (data / "logs").mkdir()
    with engines.running(engines.Choice(dynamodb="http://127.0.0.1:9", s3=engines.OWN), data) as started:
        started.wait_ready()
        yield started


@pytest.fixture(autouse=True)
def artifacts(store: None, ministack: engines.Engines, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A bucket, and the settings that lead to it."""
    monkeypatch.setenv("CUMULOG_S3_ENDPOINT", ministack.url("s3") or "")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "cumulog-local")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", ministack.secret)
    settings.cache_clear()
    bucket.forget()
    bucket.create()
    yield
    bucket.forget()


def root(name: str) -> str:
    experiment_id = api.create_experiment(name)
    return f"{experiment_id}/{api.create_run(experiment_id)}/artifacts"


def outcome(endpoint: str, /, **fields: object) -> tuple[int, object]:
    answer = api.send("POST", endpoint, json.dumps(fields).encode())
    return answer.status, answer.body.get("error_code")


def test_an_upload_is_found_under_its_own_path_only() -> None:
    theirs, own = root("theirs"), root("own")
    upload_id = multipart.create(f"{theirs}/f", with_sha256=True)
    part = {"part_number": 1, "etag": '"e"', "sha256": "0" * 64}

    named = {"path": f"{own}/f", "upload_id": f"{SIZE}-{upload_id}"}
    listed = api.send("GET", f"{OURS}/parts", query=named)
    refused = [
        outcome(f"{OURS}/complete", **named, parts=[part]),
        outcome(f"{OURS}/abort", **named),
        outcome(f"{MLFLOW}/complete/{own}", path="f", upload_id=upload_id, parts=[part]),
        outcome(f"{MLFLOW}/abort/{own}", path="f", upload_id=upload_id),
    ]

    assert (listed.status, listed.body["error_code"]) == ABSENT
    assert refused == [ABSENT] * 4
    assert multipart.arrived(f"{theirs}/f", upload_id, 0) == ([], None)
