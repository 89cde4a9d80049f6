"""Versions whose files are in storage that is not ours: named, and never opened."""

from typing import Any

import pytest

from chalicelib.approvals import manifests, resuming
from chalicelib.registry import versions
from tests import client as api
from tests import registered
from tests.api.registering import INVALID, OK, change, create_model, outcome, read_version
from tests.client import Answer

TEAMS = "s3://team-bucket/models/wine"
SHA256 = "0123456789abcdef" * 4
SUMS = f"{SHA256}  MLmodel\n{SHA256}  data/model.bin\n"


@pytest.fixture(autouse=True)
def model() -> None:
    create_model()


def made_from(source: str, **fields: Any) -> Answer:
    return api.post("/model-versions/create", name="wine", source=source, **fields)


def artifact(path: str = "MLmodel") -> Answer:
    return api.send("GET", "/model-versions/get-artifact", query={"name": "wine", "version": "1", "path": path})


def download_uri(version: int = 1) -> str:
    answer = api.get("/model-versions/get-download-uri", name="wine", version=version)
    return str(answer.body["artifact_uri"])


@pytest.mark.parametrize(
    "source",
    [
        TEAMS,
        "s3://team-bucket/a//b/",
        "s3://team-bucket/ü b%20c",
        "s3://cumulog-artifacts-2/model",
        "S3://team-bucket/model",
        "gs://team-bucket/model",
        "abfss://container@account.dfs.core.windows.net/model",
        "wasbs://container@account.blob.core.windows.net/model",
        "dbfs:/models/wine",
        "hdfs://namenode:8020/user/ada/model",
    ],
)
def test_a_source_in_other_storage_comes_back_as_it_came(source: str) -> None:
    assert outcome(made_from(source)) == OK

    version = read_version(1)
    assert (version["source"], version["external"], version["status"]) == (source, True, "READY")
    assert download_uri() == source


def test_a_version_in_our_storage_is_not_called_external(run_id: str) -> None:
    made_from(f"runs:/{run_id}/model", run_id=run_id)

    assert "external" not in read_version(1)


@pytest.mark.parametrize(
    "source",
    [
        "s3://team-bucket",
        "s3://team-bucket/",
        "s3://team-bucket/?x",
        "s3://team-bucket/a/../b",
        "s3://team-bucket/a/%2e%2e/b",
        "s3://team-bucket/a/%252e%252e/b",
        "s3://team-bucket/./a",
        "s3://team-bucket/a\\..\\b",
        "s3://team-bucket/a%00",
        "s3://team-bucket/" + "a" * 2048,
        "dbfs:models/wine",
        "dbfs:/",
        "S3://cumulog-artifacts/model",
        "s3a://cumulog-artifacts/model",
        "s3://cumulog-artifacts.s3.amazonaws.com/model",
        "http://example.org/model",
        "https://example.org/model",
        "file:///models/wine",
        "/models/wine",
        "C:\\models\\wine",
        "javascript:/alert(1)",
    ],
)
def test_what_is_no_folder_of_other_storage_is_refused(source: str) -> None:
    assert outcome(made_from(source)) == INVALID


def test_nothing_external_is_ever_asked_for(bucket: Any, asked_of_s3: list[str]) -> None:
    made_from(TEAMS, tags=[{"key": manifests.TAG, "value": SUMS}])
    registered.ask_for_approval()
    registered.decided("approve", "bea", registered.opened()["request_id"])
    resuming.resume()
    artifact()
    registered.get("/lineage", name="wine", version="1")

    assert registered.stages() == ["Production"]
    assert asked_of_s3 == []


def test_a_file_is_not_served_but_the_answer_says_where_it_is() -> None:
    made_from(TEAMS)

    answer = artifact()

    assert outcome(answer) == INVALID
    assert TEAMS in answer.body["message"]


def test_the_run_and_the_logged_model_that_are_named_have_to_be_there(run_id: str, experiment_id: str) -> None:
    model_id = api.create_model(experiment_id, source_run_id=run_id)

    assert made_from(TEAMS, run_id="nobody").status == 404
    assert made_from(TEAMS, model_id="m-nobody").status == 404
    assert outcome(made_from(TEAMS, run_id=run_id)) == OK
    assert outcome(made_from(TEAMS, model_id=model_id)) == OK

    assert [read_version(number)["run_id"] for number in (1, 2)] == [run_id, run_id]
    assert versions.load("wine", 2).version.logged_model_id == model_id


def test_a_copy_is_where_its_original_is() -> None:
    made_from(TEAMS)

    assert outcome(made_from("models:/wine/1")) == OK

    copy = read_version(2)
    assert (copy["source"], copy["external"], download_uri(2)) == ("models:/wine/1", True, TEAMS)


def test_a_run_and_a_logged_model_whose_artifacts_are_elsewhere_are_registered(run_id: str) -> None:
    elsewhere = api.create_experiment("elsewhere", artifact_location="s3://other-bucket/folder")
    run = api.create_run(elsewhere)
    model_id = api.create_model(elsewhere)

    assert outcome(made_from(f"runs:/{run}/model", run_id=run)) == OK
    assert outcome(made_from(f"models:/{model_id}", model_id=model_id)) == OK
    assert outcome(made_from(f"runs:/{run}/../model", run_id=run)) == INVALID

    places = [versions.load("wine", number).version.location for number in (1, 2)]
    assert places == [
        f"s3://other-bucket/folder/{run}/artifacts/model",
        f"s3://other-bucket/folder/models/{model_id}/artifacts",
    ]
    assert [download_uri(1), download_uri(2)] == [f"runs:/{run}/model", places[1]]


def test_an_approval_is_bound_to_the_manifest(bucket: Any) -> None:
    made_from(TEAMS, tags=[{"key": manifests.TAG, "value": SUMS}])
    registered.ask_for_approval()

    request = registered.opened()
    registered.decided("approve", "bea", request["request_id"])
    resuming.resume()

    assert request["files"] == manifests.digest(SUMS)
    assert registered.read(request["request_id"])["status"] == "APPLIED"


def test_another_manifest_ends_the_request(bucket: Any) -> None:
    for _ in range(2):
        made_from(TEAMS, tags=[{"key": manifests.TAG, "value": SUMS}])
    registered.ask_for_approval()
    for version, other in ((1, SUMS + f"{SHA256}  new.py\n"), (2, "no manifest")):
        request_id = registered.opened(version=version)["request_id"]
        registered.decided("approve", "bea", request_id)
        tag = {"key": manifests.TAG, "value": other}
        api.done("/model-versions/set-tag", name="wine", version=str(version), **tag)

        resuming.resume()

        assert registered.read(request_id)["status"] == "FAILED"
    assert registered.stages(versions=(1, 2)) == ["None", "None"]


@pytest.mark.parametrize(("tags", "told"), [([], manifests.TAG), ([{"key": manifests.TAG, "value": "x"}], "Line 1")])
def test_without_a_manifest_there_is_nothing_to_approve(tags: list[dict[str, str]], told: str) -> None:
    made_from(TEAMS, tags=tags)
    registered.ask_for_approval()

    answer = registered.transition()

    assert answer.status == 400
    assert told in answer.body["message"]
    assert registered.listed() == []
    deleted = change("DELETE", "/model-versions/delete", name="wine", version="1")
    assert deleted.status == 200
