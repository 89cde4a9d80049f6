"""Many save and delete views at once: nobody overwrites what they have not read, and the count stays true."""

import json
from collections import Counter
from typing import Any

import pytest

from chalicelib.storage import keys, tables
from chalicelib.storage.items import ExperimentItem
from chalicelib.views import rules
from tests import client as api
from tests.client import Answer
from tests.contract.at_once import at_once

VIEWS = "/api/2.0/cumulog/views"
WRITERS = 8


def post(verb: str, **fields: Any) -> Answer:
    return api.send("POST", f"{VIEWS}/{verb}", json.dumps(fields).encode())


def save(experiment_id: str, number: int = 0, **fields: Any) -> Answer:
    return post("save", experiment_id=experiment_id, name="losses", state=json.dumps({"by": number}), **fields)


def listed(experiment_id: str) -> list[str]:
    views = api.send("GET", f"{VIEWS}/list", query={"experiment_id": experiment_id}).body["views"]
    return [view["view_id"] for view in views]


def counted(experiment_id: str) -> int:
    item = tables.get(ExperimentItem, keys.EXPERIMENTS, keys.experiment(experiment_id))
    assert item is not None
    return int(item.views or 0)


def test_of_several_saves_on_top_of_one_version_one_is_taken() -> None:
    experiment_id = api.create_experiment()
    view_id = save(experiment_id).body["view"]["view_id"]

    answers = at_once(lambda number: save(experiment_id, number, view_id=view_id, version=1), WRITERS)

    assert Counter(answer.status for answer in answers) == {200: 1, 409: WRITERS - 1}
    winner = next(number for number, answer in enumerate(answers) if answer.status == 200)
    query = {"experiment_id": experiment_id, "view_id": view_id}
    view = api.send("GET", f"{VIEWS}/get", query=query).body["view"]
    assert (view["version"], view["state"]) == (2, json.dumps({"by": winner}))


def test_there_are_never_more_views_than_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "VIEWS", 3)
    experiment_id = api.create_experiment()

    answers = at_once(lambda number: save(experiment_id, number), WRITERS)

    assert Counter(answer.status for answer in answers) == {200: 3, 400: WRITERS - 3}
    assert len(listed(experiment_id)) == counted(experiment_id) == 3


def test_a_view_that_several_delete_is_counted_once() -> None:
    experiment_id = api.create_experiment()
    save(experiment_id)
    view_id = save(experiment_id).body["view"]["view_id"]

    answers = at_once(lambda _: post("delete", experiment_id=experiment_id, view_id=view_id), WRITERS)

    assert Counter(answer.status for answer in answers) == {200: 1, 404: WRITERS - 1}
    assert len(listed(experiment_id)) == counted(experiment_id) == 1
