"""Experiments: created once per name, renamed, tagged, deleted and restored with all their runs."""

import pytest

from chalicelib import clock
from chalicelib.config import settings
from chalicelib.tracking.experiments import experiments
from chalicelib.tracking.experiments.schemas import CreateExperiment
from tests import client as api

NOW = 1_795_000_000_000


def experiment(experiment_id: str) -> dict[str, object]:
    return dict(api.get("/experiments/get", experiment_id=experiment_id).body["experiment"])


def stages(experiment_id: str, *run_ids: str) -> list[object]:
    runs = [api.get("/runs/get", run_id=run_id).body["run"]["info"]["lifecycle_stage"] for run_id in run_ids]
    return [experiment(experiment_id)["lifecycle_stage"], *runs]


def error(answer: api.Answer) -> tuple[int, str]:
    return answer.status, answer.body["error_code"]


def test_a_new_experiment_is_read_back_whole() -> None:
    tags = [{"key": "team", "value": "vision"}, {"key": "empty", "value": ""}]

    with clock.frozen(NOW):
        experiment_id = api.create_experiment("wine", artifact_location="s3://bucket/wine", tags=tags)

    assert experiment(experiment_id) == {
        "experiment_id": experiment_id,
        "name": "wine",
        "artifact_location": "s3://bucket/wine",
        "lifecycle_stage": "active",
        "creation_time": NOW,
        "last_update_time": NOW,
        "workspace": "default",
        "tags": tags,
    }


def test_an_experiment_without_tags_and_place_has_no_tags_and_the_default_place() -> None:
    experiment_id = api.create_experiment()

    assert "tags" not in experiment(experiment_id)
    assert experiment(experiment_id)["artifact_location"] == f"mlflow-artifacts:/{experiment_id}"


@pytest.mark.parametrize("root", ["mlflow-artifacts:", f"s3://{settings().bucket}"])
@pytest.mark.parametrize("end", ["/", "/1", "/1/"])
def test_in_our_own_storage_an_experiment_has_the_folder_with_its_id(root: str, end: str) -> None:
    experiment_id = api.create_experiment(artifact_location=root + end)

    assert experiment_id == "1"
    assert experiment(experiment_id)["artifact_location"] == f"{root}/1"


@pytest.mark.parametrize("location", ["mlflow-artifacts:/2", f"s3://{settings().bucket}/team", "mlflow-artifacts:/1/x"])
def test_another_folder_of_our_own_storage_is_refused(location: str) -> None:
    answer = api.post("/experiments/create", name="wine", artifact_location=location)

    assert error(answer) == (400, "INVALID_PARAMETER_VALUE")
    assert "the folder with its id" in answer.body["message"]
    assert api.create_experiment("wine") == "1"


@pytest.mark.parametrize("location", ["file:///data", "/data", "mlruns", f"s3://key@{settings().bucket}/1"])
def test_a_place_that_others_cannot_reach_is_refused_with_what_to_do_instead(location: str) -> None:
    answer = api.post("/experiments/create", name="wine", artifact_location=location)

    assert error(answer) == (400, "INVALID_PARAMETER_VALUE")
    assert "Leave artifact_location out" in answer.body["message"]
    assert api.create_experiment("wine") == "1"


def test_ids_count_up_from_one() -> None:
    assert [api.create_experiment(name) for name in ("a", "b", "c")] == ["1", "2", "3"]


def test_the_default_experiment_is_there_before_anything_was_created() -> None:
    by_id = experiment("0")
    by_name = api.get("/experiments/get-by-name", experiment_name="Default").body["experiment"]

    assert by_id == by_name
    assert (by_id["name"], by_id["artifact_location"]) == ("Default", "mlflow-artifacts:/0")


def test_an_id_may_be_written_as_any_integer(experiment_id: str) -> None:
    assert experiment(f" 00{experiment_id} ") == experiment(experiment_id)


@pytest.mark.parametrize("name", ["a/b ü 😀", "/../x", "*", "a  b", "50%25"])
def test_any_text_that_can_be_seen_is_a_name(name: str) -> None:
    experiment_id = api.create_experiment(name)

    found = api.get("/experiments/get-by-name", experiment_name=name).body["experiment"]
    assert (found["experiment_id"], found["name"]) == (experiment_id, name)


@pytest.mark.parametrize(
    "name", ["  ", "Default ", " x", "a\x00b", "a\nb", "De\u00adfault", "De\u3164fault", "\u202edefault"]
)
def test_a_name_that_looks_like_another_is_refused(experiment_id: str, name: str) -> None:
    assert error(api.post("/experiments/create", name=name)) == (400, "INVALID_PARAMETER_VALUE")
    renamed = api.post("/experiments/update", experiment_id=experiment_id, new_name=name)

    assert error(renamed) == (400, "INVALID_PARAMETER_VALUE")
    assert experiment(experiment_id)["name"] == "experiment"
    assert api.get("/experiments/get-by-name", experiment_name=name).status == 404


def test_an_experiment_that_had_such_a_name_before_is_found_renamed_and_deleted() -> None:
    name = "Default\u3164 "
    older = experiments.create(CreateExperiment.model_construct(name=name, tags=[]))

    found = api.get("/experiments/get-by-name", experiment_name=name).body["experiment"]
    assert (found["experiment_id"], found["name"]) == (older, name)
    api.done("/experiments/delete", experiment_id=older)
    api.done("/experiments/restore", experiment_id=older)
    api.done("/experiments/update", experiment_id=older, new_name="Default, the other")

    assert experiment(older)["name"] == "Default, the other"


@pytest.mark.parametrize("deleted", [False, True], ids=["active", "deleted"])
def test_a_name_is_given_once(experiment_id: str, deleted: bool) -> None:
    if deleted:
        api.done("/experiments/delete", experiment_id=experiment_id)

    assert error(api.post("/experiments/create", name="experiment")) == (400, "RESOURCE_ALREADY_EXISTS")
    assert api.create_experiment("another") == str(int(experiment_id) + 1)


def test_names_differ_by_case(experiment_id: str) -> None:
    assert api.create_experiment("Experiment") != experiment_id


def test_a_renamed_experiment_gives_its_old_name_free(experiment_id: str) -> None:
    with clock.frozen(NOW):
        api.done("/experiments/update", experiment_id=experiment_id, new_name="renamed")

    assert experiment(experiment_id)["name"] == "renamed"
    assert experiment(experiment_id)["last_update_time"] == NOW
    assert api.get("/experiments/get-by-name", experiment_name="experiment").status == 404
    assert api.create_experiment("experiment") != experiment_id


def test_renaming_keeps_the_place_of_the_artifacts(experiment_id: str) -> None:
    before = experiment(experiment_id)["artifact_location"]

    api.done("/experiments/update", experiment_id=experiment_id, new_name="renamed")

    assert experiment(experiment_id)["artifact_location"] == before


def test_an_experiment_may_be_given_its_own_name(experiment_id: str) -> None:
    api.done("/experiments/update", experiment_id=experiment_id, new_name="experiment")

    assert experiment(experiment_id)["name"] == "experiment"


def test_renaming_to_a_name_that_is_held_is_a_bad_request(experiment_id: str) -> None:
    api.create_experiment("held")

    answer = api.post("/experiments/update", experiment_id=experiment_id, new_name="held")

    assert error(answer) == (400, "BAD_REQUEST")
    assert experiment(experiment_id)["name"] == "experiment"


def test_renaming_a_deleted_experiment_is_an_invalid_state_and_no_server_error(experiment_id: str) -> None:
    api.done("/experiments/delete", experiment_id=experiment_id)

    answer = api.post("/experiments/update", experiment_id=experiment_id, new_name="renamed")

    assert error(answer) == (400, "INVALID_STATE")


def test_deleting_an_experiment_deletes_its_runs(experiment_id: str) -> None:
    run_ids = [api.create_run(experiment_id) for _ in range(2)]

    api.done("/experiments/delete", experiment_id=experiment_id)

    assert stages(experiment_id, *run_ids) == ["deleted"] * 3


def test_restoring_an_experiment_restores_all_runs_even_those_deleted_before(experiment_id: str) -> None:
    kept, deleted_before, deleted_within = (api.create_run(experiment_id) for _ in range(3))
    api.done("/runs/delete", run_id=deleted_before)
    api.done("/experiments/delete", experiment_id=experiment_id)
    api.done("/runs/delete", run_id=deleted_within)

    api.done("/experiments/restore", experiment_id=experiment_id)

    assert stages(experiment_id, kept, deleted_before, deleted_within) == ["active"] * 4


def test_a_run_can_be_restored_alone_in_a_deleted_experiment(experiment_id: str) -> None:
    restored, other = (api.create_run(experiment_id) for _ in range(2))
    api.done("/experiments/delete", experiment_id=experiment_id)

    api.done("/runs/restore", run_id=restored)

    assert stages(experiment_id, restored, other) == ["deleted", "active", "deleted"]


def test_deleting_and_restoring_change_the_time_of_the_last_update(experiment_id: str) -> None:
    for at, change in ((NOW, "delete"), (NOW + 1, "restore")):
        with clock.frozen(at):
            api.done(f"/experiments/{change}", experiment_id=experiment_id)

        assert experiment(experiment_id)["last_update_time"] == at


def test_deleting_twice_and_restoring_what_is_active_find_nothing(experiment_id: str) -> None:
    assert error(api.post("/experiments/restore", experiment_id=experiment_id)) == (404, "RESOURCE_DOES_NOT_EXIST")

    api.done("/experiments/delete", experiment_id=experiment_id)

    assert error(api.post("/experiments/delete", experiment_id=experiment_id)) == (404, "RESOURCE_DOES_NOT_EXIST")


def test_the_default_experiment_may_be_deleted_and_stays_deleted() -> None:
    api.done("/experiments/delete", experiment_id="0")

    assert experiment("0")["lifecycle_stage"] == "deleted"


def test_of_tags_the_last_write_wins_and_the_time_of_the_last_update_stays(experiment_id: str) -> None:
    before = experiment(experiment_id)["last_update_time"]

    for value in ("audio", "vision"):
        api.done("/experiments/set-experiment-tag", experiment_id=experiment_id, key="team", value=value)
    api.done("/experiments/set-experiment-tag", experiment_id=experiment_id, key="without value")

    assert experiment(experiment_id)["tags"] == [
        {"key": "team", "value": "vision"},
        {"key": "without value", "value": ""},
    ]
    assert experiment(experiment_id)["last_update_time"] == before


def test_a_tag_is_deleted_once(experiment_id: str) -> None:
    api.done("/experiments/set-experiment-tag", experiment_id=experiment_id, key="a.b/c d", value="1")

    api.done("/experiments/delete-experiment-tag", experiment_id=experiment_id, key="a.b/c d")

    assert "tags" not in experiment(experiment_id)
    again = api.post("/experiments/delete-experiment-tag", experiment_id=experiment_id, key="a.b/c d")
    assert error(again) == (404, "RESOURCE_DOES_NOT_EXIST")


def test_a_name_that_a_deleted_experiment_holds_is_refused_with_how_to_restore_it(experiment_id: str) -> None:
    api.create_experiment("other")
    active = api.post("/experiments/create", name="experiment")
    api.done("/experiments/delete", experiment_id=experiment_id)

    refused = [
        api.post("/experiments/create", name="experiment"),
        api.post("/experiments/update", experiment_id="2", new_name="experiment"),
    ]

    assert error(active) == error(refused[0]) == (400, "RESOURCE_ALREADY_EXISTS")
    assert error(refused[1]) == (400, "BAD_REQUEST")
    assert "deleted" not in active.body["message"]
    for answer in refused:
        assert (
            f"It is deleted: restore it with `mlflow experiments restore --experiment-id {experiment_id}`"
            in (answer.body["message"])
        )
