"""Runs whose ids are known before they are created: one run, however often the request is sent."""

from typing import Any

import pytest

from chalicelib import clock, remembered
from chalicelib.sweeper.sweep import sweep
from chalicelib.tracking.runs import runs
from tests import client as api
from tests import principals
from tests.client import Answer

CHOSEN = "0123456789abcdef" * 2
TAGS = [{"key": "color", "value": "red"}, {"key": "size", "value": "9"}]
AN_HOUR_MS = 3_600_000


def create(experiment_id: str, **fields: Any) -> Answer:
    wanted = {"run_id": CHOSEN, "user_id": "ada", "run_name": "first", "start_time": 5, "tags": TAGS}
    return api.post("/runs/create", experiment_id=experiment_id, **{**wanted, **fields})


def run_of(answer: Answer) -> dict[str, Any]:
    assert answer.status == 200, answer.body
    return dict(answer.body["run"])


def error(answer: Answer) -> tuple[int, str]:
    return answer.status, answer.body["error_code"]


def test_a_run_gets_the_id_that_its_client_has_chosen(experiment_id: str) -> None:
    run = run_of(create(experiment_id))

    assert run["info"]["run_id"] == CHOSEN
    assert run["info"]["artifact_uri"].endswith(f"/{CHOSEN}/artifacts")
    assert api.get("/runs/get", run_id=CHOSEN).body["run"] == {**run, "outputs": {}}
    assert api.found_ids(experiment_id) == [CHOSEN]


def test_the_same_request_again_is_answered_with_the_run_as_it_is_now(experiment_id: str) -> None:
    first = run_of(create(experiment_id))
    again = run_of(create(experiment_id, tags=TAGS[::-1]))
    api.done("/runs/update", run_id=CHOSEN, status="FINISHED", end_time=9, run_name="renamed")
    api.done("/runs/set-tag", run_id=CHOSEN, key="color", value="blue")
    api.done("/runs/log-metric", run_id=CHOSEN, key="loss", value=1, timestamp=1)

    later = run_of(create(experiment_id))

    assert again == first
    assert later == {
        name: value for name, value in api.get("/runs/get", run_id=CHOSEN).body["run"].items() if name != "outputs"
    }
    assert (later["info"]["run_name"], later["info"]["status"]) == ("renamed", "FINISHED")
    assert api.found_ids(experiment_id) == [CHOSEN]


def test_a_repetition_without_a_name_keeps_the_name_that_was_made_up(experiment_id: str) -> None:
    first, again = (run_of(create(experiment_id, run_name=None)) for _ in range(2))

    assert again == first


def test_a_repetition_neither_opens_a_sealed_run_nor_restores_a_deleted_one(experiment_id: str) -> None:
    create(experiment_id)
    api.done("/runs/delete", run_id=CHOSEN)
    now = clock.now_ms()
    for passed in range(1, 5):
        with clock.frozen(now + passed * AN_HOUR_MS):
            sweep()
    assert runs.load(CHOSEN).phase == runs.SEALED

    again = run_of(create(experiment_id))

    assert again["info"]["lifecycle_stage"] == "deleted"
    assert runs.load(CHOSEN).phase == runs.SEALED


@pytest.mark.parametrize(
    "other",
    [
        {"user_id": "bob"},
        {"run_name": "second"},
        {"run_name": None},
        {"start_time": 6},
        {"tags": TAGS[:1]},
        {"tags": [*TAGS[:1], {"key": "size", "value": "8"}]},
    ],
    ids=str,
)
def test_another_request_with_the_id_is_refused_and_changes_nothing(experiment_id: str, other: dict[str, Any]) -> None:
    first = run_of(create(experiment_id))

    answer = create(experiment_id, **other)

    assert error(answer) == (400, "RESOURCE_ALREADY_EXISTS")
    assert "Choose another id" in answer.body["message"]
    assert api.get("/runs/get", run_id=CHOSEN).body["run"] == {**first, "outputs": {}}


def test_a_run_of_another_experiment_is_neither_shown_nor_listed(experiment_id: str) -> None:
    create(experiment_id)
    other = api.create_experiment("another")

    answer = create(other)

    assert error(answer) == (400, "RESOURCE_ALREADY_EXISTS")
    assert experiment_id not in answer.body["message"].replace(CHOSEN, "")
    assert api.found_ids(other) == []
    assert api.found_ids(experiment_id) == [CHOSEN]


def test_the_id_of_a_run_that_the_server_has_named_is_taken(experiment_id: str, run_id: str) -> None:
    assert error(create(experiment_id, run_id=run_id)) == (400, "RESOURCE_ALREADY_EXISTS")


@pytest.mark.parametrize(
    "bad", ["", "a" * 31, "a" * 33, "A" * 32, "g" * 32, "../" + "a" * 29, "a" * 31 + "\n", "٣" * 32]
)
def test_an_id_that_is_not_32_lower_case_hexadecimal_digits_is_refused(experiment_id: str, bad: str) -> None:
    assert error(create(experiment_id, run_id=bad)) == (400, "INVALID_PARAMETER_VALUE")
    assert api.found_ids(experiment_id) == []


def test_tags_that_do_not_fit_into_one_put_are_refused_and_nothing_is_stored(experiment_id: str) -> None:
    tags = [{"key": f"tag {number}", "value": "💡" * 2000} for number in range(40)]

    assert error(create(experiment_id, tags=tags)) == (400, "INVALID_PARAMETER_VALUE")

    assert api.get("/runs/get", run_id=CHOSEN).status == 404
    kept = run_of(create(experiment_id, tags=tags[:30]))
    assert len(kept["data"]["tags"]) == 31


def test_long_tags_of_a_chosen_run_may_be_changed_like_others(experiment_id: str) -> None:
    tags = [{"key": f"tag {number}", "value": "x" * 6000} for number in range(20)]
    create(experiment_id, tags=tags)

    api.done("/runs/set-tag", run_id=CHOSEN, key="tag 0", value="new")
    api.done("/runs/log-parameter", run_id=CHOSEN, key="p", value="1")

    data = api.run_data(CHOSEN)
    assert (data["tags"]["tag 0"], data["tags"]["tag 19"], data["params"]) == ("new", "x" * 6000, {"p": "1"})


def test_a_write_to_a_deleted_run_is_told_apart_from_other_wrong_requests(experiment_id: str) -> None:
    create(experiment_id)
    api.done("/runs/delete", run_id=CHOSEN)
    remembered.forget_all()

    answers = [
        api.post("/runs/log-metric", run_id=CHOSEN, key="loss", value=1, timestamp=1),
        api.post("/runs/log-batch", run_id=CHOSEN, params=[{"key": "p", "value": "1"}]),
        api.post("/runs/set-tag", run_id=CHOSEN, key="t", value="1"),
        api.post("/runs/update", run_id=CHOSEN, status="FINISHED"),
    ]

    assert [error(answer) for answer in answers] == [(400, "INVALID_PARAMETER_VALUE")] * 4
    assert [answer.body["cumulog_error"] for answer in answers] == ["RUN_DELETED"] * 4
    other = api.post("/runs/log-metric", run_id=CHOSEN, key="loss", value="x", timestamp=1)
    assert "cumulog_error" not in other.body


def test_a_new_run_of_a_deleted_experiment_is_told_apart(experiment_id: str) -> None:
    api.done("/experiments/delete", experiment_id=experiment_id)

    answer = create(experiment_id)

    assert (*error(answer), answer.body["cumulog_error"]) == (400, "INVALID_PARAMETER_VALUE", "EXPERIMENT_DELETED")


def test_an_idempotency_key_makes_one_run_of_a_repeated_request(experiment_id: str) -> None:
    first, again, other = (
        run_of(api.post_with_key(key, "/runs/create", experiment_id=experiment_id)) for key in ("one", "one", "two")
    )

    assert again == first
    assert sorted(api.found_ids(experiment_id)) == sorted([first["info"]["run_id"], other["info"]["run_id"]])


def test_an_idempotency_key_of_another_run_is_refused(experiment_id: str) -> None:
    api.post_with_key("one", "/runs/create", experiment_id=experiment_id)

    answer = api.post_with_key("one", "/runs/create", experiment_id=experiment_id, run_name="other")

    assert error(answer) == (400, "INVALID_PARAMETER_VALUE")
    assert len(api.found_ids(experiment_id)) == 1


def test_who_may_not_write_to_the_experiment_learns_nothing_about_a_run(experiment_id: str) -> None:
    create(experiment_id)
    with principals.closed():
        remembered.forget_all()
        foreign = principals.user(principals.admin(), "foreign")

        answer = foreign.post("/api/2.0/mlflow/runs/create", experiment_id=experiment_id, run_id=CHOSEN)
        own = foreign.done("/api/2.0/mlflow/experiments/create", name="own")["experiment_id"]
        taken = foreign.post("/api/2.0/mlflow/runs/create", experiment_id=own, run_id=CHOSEN)

    assert error(answer) == (404, "RESOURCE_DOES_NOT_EXIST")
    assert error(taken) == (400, "RESOURCE_ALREADY_EXISTS")
    assert taken.body["message"] == create(api.create_experiment("third")).body["message"]
