"""Lineage through HTTP: which data gave a version, and which versions came from data."""

from typing import Any

import pytest

from tests import client as api
from tests.client import Answer

pytestmark = pytest.mark.usefixtures("bucket")

WINES = {"name": "wines", "digest": "abc", "source_type": "local", "source": "{}"}


def asked(kind: str, node_id: str, **query: Any) -> Answer:
    return api.send("GET", "/api/2.0/cumulog/lineage", query={"kind": kind, "id": node_id, **query})


def ids(answer: Answer, kind: str) -> set[str]:
    assert answer.status == 200, answer.body
    return {node["id"] for node in answer.body["nodes"] if node["kind"] == kind}


def hows(answer: Answer) -> set[tuple[str, str, str]]:
    return {(edge["source"]["kind"], edge["how"], edge["target"]["kind"]) for edge in answer.body["edges"]}


class Line:
    """A dataset, a run that used it, the logged model of the run, and a version that is made of it."""

    def __init__(self) -> None:
        self.run = api.create_run("0")
        api.done("/runs/log-inputs", run_id=self.run, datasets=[{"dataset": WINES}])
        self.model = api.create_model("0", source_run_id=self.run)
        api.done("/runs/outputs", run_id=self.run, models=[{"model_id": self.model, "step": 0}])
        api.done("/registered-models/create", name="wine")
        made = {"source": f"models:/{self.model}", "run_id": self.run, "model_id": self.model}
        api.done("/model-versions/create", name="wine", **made)
        api.done("/registered-models/alias", name="wine", alias="champion", version="1")


def test_one_call_tells_which_data_gave_a_version():
    line = Line()

    answer = asked("model_version", "wine/1", direction="up")

    assert ids(answer, "dataset") == {"wines@abc"}
    assert ids(answer, "run") == {line.run}
    assert ids(answer, "logged_model") == {line.model}
    assert hows(answer) == {
        ("dataset", "input", "run"),
        ("run", "output", "logged_model"),
        ("run", "version", "model_version"),
        ("logged_model", "version", "model_version"),
    }
    assert (answer.body["hidden"], answer.body["cut"]) == (0, False)


def test_one_call_tells_which_versions_came_from_data():
    line = Line()

    answer = asked("dataset", "wines@abc", direction="down")

    assert ids(answer, "model_version") == {"wine/1"}
    assert ids(answer, "run") == {line.run}
    (version,) = (node for node in answer.body["nodes"] if node["kind"] == "model_version")
    assert (version["stage"], version["aliases"]) == ("None", ["champion"])


def test_a_run_that_took_a_logged_model_lies_below_it():
    line = Line()
    later = api.create_run("0")
    api.done("/runs/log-inputs", run_id=later, models=[{"model_id": line.model}])

    assert later in ids(asked("logged_model", line.model, direction="down"), "run")
    assert line.model in ids(asked("run", later, direction="up"), "logged_model")


def test_a_child_has_its_parent_above_it():
    parent = api.create_run("0")
    child = api.create_run("0", tags=[{"key": "mlflow.parentRunId", "value": parent}])

    assert ids(asked("run", child, direction="up"), "run") == {parent, child}


def test_both_ways_go_up_and_down_but_not_back():
    line = Line()
    other = api.create_run("0")
    api.done("/runs/log-inputs", run_id=other, datasets=[{"dataset": WINES}])

    answer = asked("run", line.run)

    assert ids(answer, "model_version") == {"wine/1"}
    assert ids(answer, "dataset") == {"wines@abc"}
    assert ids(answer, "run") == {line.run}


def test_a_walk_that_ends_too_early_says_so():
    Line()

    answer = asked("model_version", "wine/1", direction="up", depth=1)

    assert ids(answer, "dataset") == set()
    assert answer.body["cut"] is True


def test_what_is_not_there_any_more_is_counted():
    child = api.create_run("0", tags=[{"key": "mlflow.parentRunId", "value": "f" * 32}])

    assert asked("run", child).body["hidden"] == 1


@pytest.mark.parametrize(
    ("kind", "node_id"), [("run", "f" * 32), ("logged_model", "m-" + "f" * 32), ("model_version", "wine/x")]
)
def test_a_start_that_is_not_there_is_not_found(kind, node_id):
    assert asked(kind, node_id).status == 404
