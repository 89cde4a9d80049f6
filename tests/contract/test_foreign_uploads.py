"""Uploads in parts belong to the file that they were begun for: an S3 that checks this refuses their ids elsewhere."""

import json

import pytest

from chalicelib.storage import multipart
from infra.local import engines
from tests import client as api
from tests.contract.own_s3 import artifacts as artifacts
from tests.contract.own_s3 import ministack as ministack

pytestmark = pytest.mark.skipif(not engines.installed()[1], reason="ministack is not installed")

OURS = "/api/2.0/cumulog/artifacts/multipart"
MLFLOW = "/api/2.0/mlflow-artifacts/mpu"
ABSENT = (404, "RESOURCE_DOES_NOT_EXIST")
SIZE = 1


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
