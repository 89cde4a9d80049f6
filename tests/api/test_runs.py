"""Runs: created, updated, deleted and restored; their names, which are tags as well."""

from typing import Any

import pytest

from chalicelib.tracking.runs.generated_names import ADJECTIVES, NOUNS
from tests import client as api

NAME_TAG = "mlflow.runName"


def info(run_id: str) -> dict[str, Any]:
    return dict(api.get("/runs/get", run_id=run_id).body["run"]["info"])


def named(run_id: str) -> tuple[str, str]:
    """The name in the run's info, and the one in its tag."""
    return info(run_id)["run_name"], api.run_data(run_id)["tags"][NAME_TAG]


def test_a_new_run_is_answered_and_read_back_whole(experiment_id: str) -> None:
    tags = [{"key": "color", "value": "red"}]

    created = api.done(
        "/runs/create", experiment_id=experiment_id, user_id="ada", run_name="first", start_time=5, tags=tags
    )["run"]

    run_id = created["info"]["run_id"]
    assert created["info"] == {
        "run_id": run_id,
        "run_uuid": run_id,
        "run_name": "first",
        "experiment_id": experiment_id,
        "user_id": "ada",
        "status": "RUNNING",
        "start_time": 5,
        "artifact_uri": f"mlflow-artifacts:/{experiment_id}/{run_id}/artifacts",
        "lifecycle_stage": "active",
    }
    assert created["data"] == {"tags": [*tags, {"key": NAME_TAG, "value": "first"}]}
    assert created["inputs"] == {}
    assert api.get("/runs/get", run_id=run_id).body["run"] == {**created, "outputs": {}}


def test_a_run_id_is_32_hexadecimal_digits(run_id: str) -> None:
    assert len(run_id) == 32
    assert set(run_id) <= set("0123456789abcdef")


def test_without_a_start_time_a_run_started_at_zero(experiment_id: str) -> None:
    run = api.done("/runs/create", experiment_id=experiment_id)["run"]

    assert run["info"]["start_time"] == 0
    assert "end_time" not in run["info"]


def test_a_run_s_artifacts_lie_where_its_experiment_keeps_them() -> None:
    experiment_id = api.create_experiment(artifact_location="s3://bucket/folder/")

    run_id = api.create_run(experiment_id)

    assert info(run_id)["artifact_uri"] == f"s3://bucket/folder/{run_id}/artifacts"


@pytest.mark.parametrize(
    "fields",
    [
        {"run_name": "a name"},
        {"tags": [{"key": NAME_TAG, "value": "a name"}]},
        {"run_name": "a name", "tags": [{"key": NAME_TAG, "value": "a name"}]},
        {"run_name": "", "tags": [{"key": NAME_TAG, "value": "a name"}]},
    ],
    ids=["argument", "tag", "both", "empty argument"],
)
def test_a_name_is_both_info_and_tag(experiment_id: str, fields: dict[str, Any]) -> None:
    assert named(api.create_run(experiment_id, **fields)) == ("a name", "a name")


def test_a_run_without_a_name_is_given_one(run_id: str) -> None:
    name, tag = named(run_id)

    adjective, noun, number = name.split("-")
    assert name == tag
    assert (adjective in ADJECTIVES, noun in NOUNS, len(number)) == (True, True, 3)


def test_any_character_is_allowed_in_the_keys_of_a_new_run_s_tags(experiment_id: str) -> None:
    tags = {"a[0].b": "1", "#x :y": "2", "a\x00": "3", "💡": "4", "../..": "5"}

    run_id = api.create_run(experiment_id, tags=[{"key": key, "value": value} for key, value in tags.items()])
    api.done("/runs/set-tag", run_id=run_id, key="later", value="6")
    api.done("/runs/delete-tag", run_id=run_id, key="a[0].b")

    stored = api.run_data(run_id)["tags"]
    del tags["a[0].b"], stored[NAME_TAG]
    assert stored == {**tags, "later": "6"}


@pytest.mark.parametrize(
    "rename",
    [
        lambda run_id: api.done("/runs/update", run_id=run_id, run_name="renamed"),
        lambda run_id: api.done("/runs/set-tag", run_id=run_id, key=NAME_TAG, value="renamed"),
        lambda run_id: api.done("/runs/log-batch", run_id=run_id, tags=[{"key": NAME_TAG, "value": "renamed"}]),
    ],
    ids=["update", "set-tag", "log-batch"],
)
def test_a_run_is_renamed_by_its_info_or_by_its_tag(run_id: str, rename: Any) -> None:
    rename(run_id)

    assert named(run_id) == ("renamed", "renamed")


@pytest.mark.parametrize(
    "rename",
    [
        lambda run_id: api.done("/runs/update", run_id=run_id, run_name=""),
        lambda run_id: api.done("/runs/set-tag", run_id=run_id, key=NAME_TAG, value=""),
    ],
    ids=["update", "set-tag"],
)
def test_an_empty_name_is_passed_over(run_id: str, rename: Any) -> None:
    before = named(run_id)

    rename(run_id)

    assert named(run_id) == before


def test_an_update_answers_the_run_as_it_now_is(run_id: str) -> None:
    answered = api.done("/runs/update", run_id=run_id, status="FINISHED", end_time=9, run_name="over")["run_info"]

    assert answered == info(run_id)
    assert (answered["status"], answered["end_time"], answered["run_name"]) == ("FINISHED", 9, "over")


@pytest.mark.parametrize(
    ("fields", "changed"),
    [
        ({"status": "FAILED"}, {"status": "FAILED"}),
        ({"status": 5}, {"status": "KILLED"}),
        ({"status": "RUNNING"}, {"status": "RUNNING"}),
        ({"end_time": 10}, {"end_time": 10}),
        ({"endTime": "11"}, {"end_time": 11}),
        ({"end_time": 2**63 - 1}, {"end_time": 2**63 - 1}),
        ({}, {}),
    ],
)
def test_an_update_changes_only_what_it_names(run_id: str, fields: dict[str, Any], changed: dict[str, Any]) -> None:
    api.done("/runs/update", run_id=run_id, status="FINISHED", end_time=9)
    before = info(run_id)

    api.done("/runs/update", run_id=run_id, **fields)

    assert info(run_id) == {**before, **changed}


def test_a_deleted_run_is_read_but_no_longer_active(run_id: str) -> None:
    before = info(run_id)

    api.done("/runs/delete", run_id=run_id)

    assert info(run_id) == {**before, "lifecycle_stage": "deleted"}


def test_deleting_and_restoring_may_be_repeated(run_id: str) -> None:
    for change, stage in (("delete", "deleted"), ("restore", "active")):
        for _ in range(2):
            api.done(f"/runs/{change}", run_id=run_id)

            assert info(run_id)["lifecycle_stage"] == stage


def test_a_restored_run_has_all_that_it_had_and_may_be_written(run_id: str) -> None:
    api.done("/runs/log-parameter", run_id=run_id, key="depth", value="3")
    before = api.run_data(run_id)
    api.done("/runs/delete", run_id=run_id)

    api.done("/runs/restore", run_id=run_id)

    assert api.run_data(run_id) == before
    api.done("/runs/log-parameter", run_id=run_id, key="width", value="4")


def test_a_run_is_known_by_its_old_name_too(run_id: str) -> None:
    assert api.get("/runs/get", run_uuid=run_id).body == api.get("/runs/get", run_id=run_id).body
    assert api.done("/runs/update", run_uuid=run_id, status="FINISHED")["run_info"]["run_id"] == run_id
    for path, fields in {
        "/runs/set-tag": {"key": "t", "value": "1"},
        "/runs/log-parameter": {"key": "p", "value": "1"},
        "/runs/log-metric": {"key": "m", "value": 1, "timestamp": 1},
    }.items():
        api.done(path, run_uuid=run_id, **fields)

    data = api.run_data(run_id)
    assert (data["tags"]["t"], data["params"], data["metrics"]) == ("1", {"p": "1"}, {"m": 1})


@pytest.mark.parametrize("start_time", [-(2**63), -1, 0, 2**63 - 1])
def test_a_run_may_start_at_any_time(experiment_id: str, start_time: int) -> None:
    assert info(api.create_run(experiment_id, start_time=start_time))["start_time"] == start_time
