"""Versions through HTTP: what they may be made from, and what is known of them then."""

import json
from typing import Any
from urllib.parse import urlsplit

import pytest

from chalicelib.catalogue import entries, places
from chalicelib.registry import versions
from chalicelib.registry.chain import changes
from chalicelib.storage import objects
from tests import client as api
from tests import registered as registry
from tests.api.registering import ABSENT, INVALID, OK, change, create_model, create_version, outcome, read_version
from tests.client import Answer


@pytest.fixture(autouse=True)
def model() -> None:
    create_model()


def registered(source: str, **fields: Any) -> Answer:
    return api.post("/model-versions/create", name="wine", source=source, **fields)


def location(version: int = 1) -> str:
    return str(versions.load("wine", version).version.location)


def download_uri(version: int = 1) -> str:
    return str(api.get("/model-versions/get-download-uri", name="wine", version=version).body["artifact_uri"])


def test_from_a_run(run_id: str, root: str) -> None:
    create_version(run_id, path="a/b")

    assert location() == f"mlflow-artifacts:/{root}/a/b"
    assert download_uri() == f"runs:/{run_id}/a/b"


def test_from_our_bucket(run_id: str, root: str) -> None:
    source = f"s3://cumulog-artifacts/{root}/model"

    assert outcome(registered(source)) == OK

    assert read_version(1)["source"] == source
    # Whose it is follows from the path, and clients need no credentials of S3.
    assert read_version(1)["run_id"] == run_id
    assert download_uri() == f"mlflow-artifacts:/{root}/model"


def test_from_a_logged_model_in_our_bucket(run_id: str, experiment_id: str) -> None:
    model_id = api.create_model(experiment_id, source_run_id=run_id)

    assert outcome(registered(f"s3://cumulog-artifacts/{experiment_id}/models/{model_id}/artifacts")) == OK

    assert read_version(1)["run_id"] == run_id
    assert versions.load("wine", 1).version.logged_model_id == model_id


def test_a_logged_model_tells_of_its_versions(run_id: str, experiment_id: str) -> None:
    model_id = api.create_model(experiment_id, source_run_id=run_id)
    create_model("beer")

    for name in ("wine", "wine", "beer"):
        api.done("/model-versions/create", name=name, source=f"models:/{model_id}", model_id=model_id)

    (tag,) = api.read_model(model_id)["info"]["tags"]
    assert tag["key"] == "mlflow.modelVersions"
    assert json.loads(tag["value"]) == [
        {"name": "wine", "version": 1},
        {"name": "wine", "version": 2},
        {"name": "beer", "version": 1},
    ]
    assert read_version(1)["run_id"] == run_id


def test_a_logged_model_without_a_run_takes_one_that_is_there(run_id: str, experiment_id: str) -> None:
    model_id = api.create_model(experiment_id)
    fields = {"source": f"models:/{model_id}", "model_id": model_id}

    assert outcome(registered(**fields, run_id="nobody")) == INVALID
    assert outcome(registered(**fields)) == OK
    assert outcome(registered(**fields, run_id=run_id)) == OK

    assert [read_version(number)["run_id"] for number in (1, 2)] == ["", run_id]


def test_what_somebody_wrote_into_that_tag_does_not_keep_a_model_from_being_registered(experiment_id: str) -> None:
    model_id = api.create_model(experiment_id, tags=[{"key": "mlflow.modelVersions", "value": "{"}])

    assert outcome(registered(f"models:/{model_id}", model_id=model_id)) == OK

    (tag,) = api.read_model(model_id)["info"]["tags"]
    assert json.loads(tag["value"]) == [{"name": "wine", "version": 1}]


def test_a_copy_has_the_files_and_the_lineage_of_its_source(run_id: str, experiment_id: str) -> None:
    model_id = api.create_model(experiment_id, source_run_id=run_id)
    api.done("/model-versions/create", name="wine", source=f"models:/{model_id}", model_id=model_id)

    assert outcome(registered("models:/wine/1", run_id=run_id)) == OK

    copy = versions.load("wine", 2).version
    assert (copy.source, copy.location, copy.run_id) == ("models:/wine/1", location(1), run_id)
    assert copy.logged_model_id == model_id


def test_a_copy_is_downloaded_from_where_its_original_is(run_id: str) -> None:
    create_version(run_id)
    for number in (1, 2):
        assert outcome(registered(f"models:/wine/{number}")) == OK

    assert [download_uri(number) for number in (1, 2, 3)] == [f"runs:/{run_id}/model"] * 3
    assert registry.get("/verify", name="wine").body["state_matches"]


@pytest.mark.parametrize(
    "source",
    [
        "mlflow-artifacts:/{root}//model",
        "mlflow-artifacts:/{root}/model//",
        "mlflow-artifacts:///{root}/model",
        "s3://cumulog-artifacts/{root}//model",
        "runs:/{run}//model/",
    ],
)
def test_doubled_slashes_are_one_and_the_source_stays_as_it_came(source: str, run_id: str, root: str) -> None:
    given = source.format(root=root, run=run_id)

    assert outcome(registered(given, run_id=run_id)) == OK

    assert (read_version(1)["source"], location()) == (given, f"mlflow-artifacts:/{root}/model")


def test_a_prompt_names_a_run_that_is_there(run_id: str) -> None:
    tags = [{"key": "mlflow.prompt.is_prompt", "value": "true"}]

    assert outcome(registered("dummy-source", tags=tags, run_id="nobody")) == ABSENT
    assert outcome(registered("dummy-source", tags=tags, model_id="m-nobody")) == ABSENT
    assert outcome(registered("dummy-source", tags=tags, run_id=run_id)) == OK

    assert read_version(1)["run_id"] == run_id


def test_the_digest_is_the_catalogues_at_that_time(bucket: Any, run_id: str, root: str) -> None:
    create_version(run_id)
    objects.put(f"{root}/model/MLmodel", b"flavors: {python_function: {}}")
    place = places.of_folder(f"{root}/model")
    assert place is not None
    entries.refresh(place)

    create_version(run_id)

    entry = entries.load(place)
    assert entry is not None
    assert [versions.load("wine", number).version.digest for number in (1, 2)] == [None, entry.state]


@pytest.mark.parametrize(
    "source",
    [
        "s3://cumulog-artifacts",
        "s3://cumulog-artifacts/",
        "s3://cumulog-artifacts/{experiment}",
        "s3://cumulog-artifacts/anything/else",
        "s3://cumulog-artifacts/{root}/../../x",
        "s3://cumulog-artifacts/{root}/%2e%2e/x",
        "s3://cumulog-artifacts/{root}/a\\b",
        "s3://cumulog-artifacts/{root}/a\u0000b",
        "s3://cumulog-artifacts@evil.example/{root}/model",
        "S3://cumulog-artifacts/{root}/model",
        "s3:/cumulog-artifacts/{root}/model",
        "s3://cumulog-artifacts/{experiment}/nobody/artifacts/model",
        "s3://cumulog-artifacts/99/{run}/artifacts/model",
        "mlflow-artifacts:/99/{run}/artifacts/model",
        "mlflow-artifacts://host/{root}/model",
        "mlflow-artifacts:{root}/model",
        "runs://{run}/model",
        "runs:///{run}/model",
        "runs:/{run}/a?b/../../x",
        "https://example.org/model",
        "file:///{root}/model",
        "/{root}/model",
        "{root}/model",
        " runs:/{run}/model",
        "RUNS:/{run}/model",
        "models:///wine/1",
        "models:wine/1",
    ],
)
def test_a_source_that_is_not_plainly_inside_is_refused(
    source: str, run_id: str, experiment_id: str, root: str
) -> None:
    answer = registered(source.format(root=root, run=run_id, experiment=experiment_id), run_id=run_id)

    assert outcome(answer) == INVALID
    assert outcome(api.get("/model-versions/get", name="wine", version=1)) == ABSENT


def test_a_source_outside_of_the_run_that_it_names_is_refused(run_id: str, experiment_id: str, root: str) -> None:
    other = api.create_run(experiment_id)
    model_id = api.create_model(experiment_id, source_run_id=other)
    folder = f"{experiment_id}/models/{model_id}/artifacts"

    for source, fields in [
        (f"s3://cumulog-artifacts/{root}/model", {"run_id": other}),
        (f"s3://cumulog-artifacts/{folder}", {"run_id": run_id}),
        (f"s3://cumulog-artifacts/{root}", {"model_id": model_id}),
        (f"models:/{model_id}", {"model_id": model_id, "run_id": run_id}),
        (f"mlflow-artifacts:/{folder}", {"model_id": model_id, "run_id": run_id}),
        (f"mlflow-artifacts:/{root}x/model", {"run_id": run_id}),
    ]:
        assert outcome(registered(source, **fields)) == INVALID


def test_the_tag_of_a_prompt_is_no_way_around_the_rules(root: str) -> None:
    tags = [{"key": "mlflow.prompt.is_prompt", "value": "True"}]

    for source in ("/etc/passwd", "s3://other-bucket/model", f"mlflow-artifacts:/{root}"):
        assert outcome(registered(source, tags=tags)) == INVALID
    assert outcome(registered("dummy-source", tags=tags)) == OK

    # Nor is it a source, or a folder to read from.
    assert outcome(registered("models:/wine/1")) == INVALID
    query = {"name": "wine", "version": "1", "path": "MLmodel"}
    assert outcome(api.send("GET", "/model-versions/get-artifact", query=query)) == INVALID


def test_get_artifact_redirects(bucket: Any, run_id: str, root: str) -> None:
    objects.put(f"{root}/model/MLmodel", b"flavors: {}")
    create_version(run_id)

    answer = artifact("MLmodel")

    assert answer.status == 302
    assert urlsplit(answer.headers["Location"]).path.endswith(f"/{root}/model/MLmodel")
    assert outcome(artifact("nobody")) == ABSENT
    assert outcome(artifact("../secret")) == INVALID
    assert outcome(artifact("%2e%2e/secret")) == INVALID
    assert outcome(artifact("MLmodel", version="2")) == ABSENT


def artifact(path: str, version: str = "1") -> Answer:
    return api.send("GET", "/model-versions/get-artifact", query={"name": "wine", "version": version, "path": path})


@pytest.mark.parametrize("version", ["0", "-1", "9" * 10, "9" * 11, "9" * 4000])
def test_a_number_that_no_version_has_is_not_there(version: str) -> None:
    assert outcome(api.get("/model-versions/get", name="wine", version=version)) == ABSENT
    assert outcome(api.post("/registered-models/alias", name="wine", alias="a", version=version)) == ABSENT
    assert outcome(change("DELETE", "/model-versions/delete", name="wine", version=version)) == ABSENT


def test_a_number_of_endless_digits_is_refused() -> None:
    assert outcome(api.get("/model-versions/get", name="wine", version="9" * 5000)) == INVALID


def test_a_refused_source_leaves_no_trace_in_the_chain(run_id: str) -> None:
    before = int(changes.load("wine").sequence)

    registered("file:///x")
    registered("models:/wine/7")

    assert int(changes.load("wine").sequence) == before
