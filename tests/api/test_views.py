"""Saved views of an experiment: saved, read, saved anew on top of the version that was read, deleted."""

import json
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.storage import keys, tables
from chalicelib.storage.items import ExperimentItem
from chalicelib.views import rules
from tests import client as api
from tests.client import JSON, Answer
from tests.contract.store import empty

VIEWS = "/api/2.0/cumulog/views"
STATE = json.dumps({"columns": ["metrics.loss"], "sort": "metrics.loss DESC"})
WRONG = (400, "INVALID_PARAMETER_VALUE")
CONFLICT = (409, "RESOURCE_CONFLICT")
MISSING = (404, "RESOURCE_DOES_NOT_EXIST")


@pytest.fixture(scope="module", autouse=True)
def store(aws: None) -> None:
    """Empty at the start of the file: each test has its own experiment."""
    empty()


@pytest.fixture
def experiment_id() -> str:
    return api.create_experiment(clock.unique_id())


def post(verb: str, **fields: Any) -> Answer:
    return api.send("POST", f"{VIEWS}/{verb}", json.dumps(fields).encode())


def get(verb: str, **query: Any) -> Answer:
    return api.send("GET", f"{VIEWS}/{verb}", query=query)


def save(experiment_id: str, **fields: Any) -> Answer:
    return post("save", **{"experiment_id": experiment_id, "name": "losses", "state": STATE, **fields})


def saved(experiment_id: str, **fields: Any) -> dict[str, Any]:
    answer = save(experiment_id, **fields)
    assert answer.status == 200, answer.body
    return dict(answer.body["view"])


def read(experiment_id: str, view_id: str) -> dict[str, Any]:
    return dict(get("get", experiment_id=experiment_id, view_id=view_id).body["view"])


def listed(experiment_id: str) -> list[dict[str, Any]]:
    return list(get("list", experiment_id=experiment_id).body["views"])


def outcome(answer: Answer) -> tuple[int, str]:
    return answer.status, answer.body["error_code"]


def counted(experiment_id: str) -> int:
    item = tables.get(ExperimentItem, keys.EXPERIMENTS, keys.experiment(experiment_id))
    return int(item.views or 0) if item else 0


def test_a_view_is_read_back_as_it_was_saved(experiment_id: str) -> None:
    with clock.frozen(5_000):
        view = saved(experiment_id, format=3)

    assert read(experiment_id, view["view_id"]) == {**view, "state": STATE}
    assert (view["name"], view["format"], view["version"]) == ("losses", 3, 1)
    assert (view["experiment_id"], view["created"], view["updated"]) == (experiment_id, 5_000, 5_000)


def test_a_list_has_all_views_by_their_names_and_no_states(experiment_id: str) -> None:
    views = [saved(experiment_id, name=name) for name in ("beta", "Alpha", "gamma", "beta")]

    names = [view["name"] for view in listed(experiment_id)]

    assert names == ["Alpha", "beta", "beta", "gamma"]
    assert sorted(each["view_id"] for each in listed(experiment_id)) == sorted(view["view_id"] for view in views)
    assert all("state" not in view for view in listed(experiment_id))


def test_an_experiment_without_views_has_an_empty_list(experiment_id: str) -> None:
    assert listed(experiment_id) == []


def test_a_view_is_saved_anew_on_top_of_the_version_that_was_read(experiment_id: str) -> None:
    with clock.frozen(5_000):
        first = saved(experiment_id)
    with clock.frozen(6_000):
        second = saved(experiment_id, view_id=first["view_id"], version=1, name="all", state="{}", format=2)

    assert second == {**first, "name": "all", "version": 2, "format": 2, "updated": 6_000}
    assert read(experiment_id, first["view_id"]) == {**second, "state": "{}"}
    assert listed(experiment_id) == [second]


def test_a_save_on_top_of_an_old_version_is_refused_and_names_the_newer_one(experiment_id: str) -> None:
    view = saved(experiment_id)
    newer = saved(experiment_id, view_id=view["view_id"], version=1, state='{"mine": 1}')

    refused = save(experiment_id, view_id=view["view_id"], version=1, state='{"theirs": 1}')

    assert outcome(refused) == CONFLICT
    assert "version 2 by now" in refused.body["message"]
    assert read(experiment_id, view["view_id"]) == {**newer, "state": '{"mine": 1}'}


def test_a_version_that_there_is_not_yet_is_refused_too(experiment_id: str) -> None:
    view = saved(experiment_id)

    assert outcome(save(experiment_id, view_id=view["view_id"], version=7)) == CONFLICT


def test_a_save_whose_reply_was_lost_may_be_sent_again(experiment_id: str) -> None:
    view = saved(experiment_id)
    again = {"view_id": view["view_id"], "version": 1, "state": '{"mine": 1}'}

    first, second = saved(experiment_id, **again), saved(experiment_id, **again)

    assert first == second
    assert second["version"] == 2


def test_a_new_view_with_an_idempotency_key_is_saved_once(experiment_id: str) -> None:
    body = json.dumps({"experiment_id": experiment_id, "name": "losses", "state": STATE}).encode()

    answers = [api.send("POST", f"{VIEWS}/save", body, JSON, headers={"Idempotency-Key": "k-1"}) for _ in range(2)]

    assert answers[0].body == answers[1].body
    assert len(listed(experiment_id)) == counted(experiment_id) == 1


def test_a_deleted_view_is_gone_with_its_state(experiment_id: str) -> None:
    view, other = saved(experiment_id), saved(experiment_id)
    which = {"experiment_id": experiment_id, "view_id": view["view_id"]}

    assert post("delete", **which).status == 200

    assert outcome(get("get", **which)) == outcome(post("delete", **which)) == MISSING
    assert outcome(save(experiment_id, view_id=view["view_id"], version=1)) == MISSING
    assert [each["view_id"] for each in listed(experiment_id)] == [other["view_id"]]
    assert counted(experiment_id) == 1


def test_a_view_is_found_in_its_own_experiment_alone(experiment_id: str) -> None:
    view = saved(experiment_id)
    which = {"experiment_id": api.create_experiment(clock.unique_id()), "view_id": view["view_id"]}

    answers = [get("get", **which), post("delete", **which), save(version=1, **which)]

    assert {outcome(answer) for answer in answers} == {MISSING}
    assert read(experiment_id, view["view_id"])["version"] == 1


def test_the_views_of_a_deleted_experiment_can_be_read_and_not_changed(experiment_id: str) -> None:
    view = saved(experiment_id)
    which = {"experiment_id": experiment_id, "view_id": view["view_id"]}
    api.done("/experiments/delete", experiment_id=experiment_id)

    refused = [save(experiment_id), save(experiment_id, view_id=view["view_id"], version=1), post("delete", **which)]

    assert {outcome(answer) for answer in refused} == {WRONG}
    assert {answer.body["cumulog_error"] for answer in refused} == {"EXPERIMENT_DELETED"}
    assert listed(experiment_id) == [view]
    api.done("/experiments/restore", experiment_id=experiment_id)
    assert saved(experiment_id, view_id=view["view_id"], version=1)["version"] == 2


def test_an_experiment_that_there_is_not_has_no_views() -> None:
    assert outcome(save("987654321")) == MISSING


def test_an_experiment_has_so_many_views_and_no_more(experiment_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "VIEWS", 2)
    first = saved(experiment_id)
    saved(experiment_id)

    refused = save(experiment_id)

    assert outcome(refused) == WRONG
    assert "Delete one" in refused.body["message"]
    assert saved(experiment_id, view_id=first["view_id"], version=1)["version"] == 2
    post("delete", experiment_id=experiment_id, view_id=first["view_id"])
    assert saved(experiment_id)["version"] == 1


def test_a_name_and_a_state_have_limits(experiment_id: str) -> None:
    room = rules.STATE_BYTES - len('{"a": ""}')
    largest, longest = '{"a": "' + "x" * room + '"}', "é" * rules.NAME

    view = saved(experiment_id, name=longest, state=largest)

    assert read(experiment_id, view["view_id"])["state"] == largest
    assert outcome(save(experiment_id, name=longest + "é")) == WRONG
    assert outcome(save(experiment_id, state='{"a": "é' + "x" * (room - 1) + '"}')) == WRONG


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "[1]"},
        {"state": '"{}"'},
        {"state": "{"},
        {"state": '{"a": NaN}'},
        {"state": '{"a": 1, "a": 2}'},
        {"state": "[" * 200},
        {"state": ""},
        {"name": " losses"},
        {"name": "loss\u202ees"},
        {"name": ""},
        {"format": 0},
        {"format": 10_001},
        {"view_id": "0" * 32},
        {"version": 1},
        {"view_id": "0" * 32, "version": 0},
        {"view_id": "../x", "version": 1},
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused(experiment_id: str, fields: dict[str, Any]) -> None:
    assert outcome(save(experiment_id, **fields)) == WRONG
    assert listed(experiment_id) == []
