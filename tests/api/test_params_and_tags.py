"""Params are written once, of tags the last write wins, and a batch is stored whole or not at all."""

from typing import Any

import pytest

from tests import client as api
from tests.api import stored

ODD_KEYS = ["a.b", "a/b/c", "a b", "a:b", "a-b_c", "Ünïcode", "𝛼", "size", "value", "0"]
ODD_VALUES = ["", " ", "\n\t", "\x00", "\x7f", "null", "ü😀", '"\\', "${x}", "\ufeff\uffff", "\u2028"]


def pairs(texts: dict[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in texts.items()]


def test_a_param_is_read_back(run_id: str) -> None:
    api.done("/runs/log-parameter", run_id=run_id, key="depth", value="3")

    assert api.run_data(run_id)["params"] == {"depth": "3"}


def test_a_param_without_a_value_is_empty(run_id: str) -> None:
    api.done("/runs/log-parameter", run_id=run_id, key="depth")

    assert api.run_data(run_id)["params"] == {"depth": ""}


@pytest.mark.parametrize("value", ODD_VALUES, ids=ascii)
def test_any_text_is_the_value_of_a_param_and_of_a_tag(run_id: str, value: str) -> None:
    api.done("/runs/log-parameter", run_id=run_id, key="p", value=value)
    api.done("/runs/set-tag", run_id=run_id, key="t", value=value)

    data = api.run_data(run_id)
    assert (data["params"]["p"], data["tags"]["t"]) == (value, value)


def test_keys_with_signs_that_mean_something_to_a_store_are_kept_apart(run_id: str) -> None:
    texts = {key: f"value of {key}" for key in ODD_KEYS}

    api.done("/runs/log-batch", run_id=run_id, params=pairs(texts), tags=pairs(texts))
    api.done("/runs/delete-tag", run_id=run_id, key="a.b")

    data = api.run_data(run_id)
    del data["tags"]["mlflow.runName"]
    assert data["params"] == texts
    assert data["tags"] == {key: value for key, value in texts.items() if key != "a.b"}


def test_the_same_value_again_is_fine_and_another_is_refused(run_id: str) -> None:
    api.done("/runs/log-parameter", run_id=run_id, key="depth", value="3")

    api.done("/runs/log-parameter", run_id=run_id, key="depth", value="3")
    refused = api.post("/runs/log-parameter", run_id=run_id, key="depth", value="4")

    assert (refused.status, refused.body["error_code"]) == (400, "INVALID_PARAMETER_VALUE")
    assert refused.body["message"] == (
        "Changing param values is not allowed. Param with key='depth' was already logged with value='3' for run "
        f"ID='{run_id}'. Attempted logging new value '4'."
    )
    assert api.run_data(run_id)["params"] == {"depth": "3"}


def test_one_param_that_would_change_refuses_the_whole_batch(run_id: str) -> None:
    api.done("/runs/log-parameter", run_id=run_id, key="depth", value="3")
    before = stored.items()

    refused = api.post(
        "/runs/log-batch",
        run_id=run_id,
        params=pairs({"width": "4", "depth": "other"}),
        tags=pairs({"color": "blue"}),
        metrics=[{"key": "loss", "value": 1, "timestamp": 1}],
    )

    assert refused.status == 400
    assert stored.items() == before


def test_a_batch_is_stored_whole(run_id: str) -> None:
    api.done("/runs/log-parameter", run_id=run_id, key="depth", value="3")

    api.done(
        "/runs/log-batch",
        run_id=run_id,
        params=pairs({"depth": "3", "width": "4"}),
        tags=pairs({"color": "blue"}),
        metrics=[{"key": "loss", "value": 1, "timestamp": 1}],
    )

    data = api.run_data(run_id)
    assert data["params"] == {"depth": "3", "width": "4"}
    assert data["tags"]["color"] == "blue"
    assert data["metrics"] == {"loss": 1}


def test_a_batch_of_nothing_changes_nothing(run_id: str) -> None:
    before = stored.items()

    api.done("/runs/log-batch", run_id=run_id)

    assert stored.items() == before


def test_of_tags_the_last_write_wins_in_one_batch_too(run_id: str) -> None:
    api.done("/runs/set-tag", run_id=run_id, key="color", value="red")

    twice: list[dict[str, Any]] = [{"key": "color", "value": "green"}, {"key": "color", "value": "blue"}]
    api.done("/runs/log-batch", run_id=run_id, tags=twice)

    assert api.run_data(run_id)["tags"]["color"] == "blue"


def test_a_tag_is_deleted_once_and_may_be_set_again(run_id: str) -> None:
    api.done("/runs/set-tag", run_id=run_id, key="color", value="red")

    api.done("/runs/delete-tag", run_id=run_id, key="color")

    again = api.post("/runs/delete-tag", run_id=run_id, key="color")
    assert (again.status, again.body["error_code"]) == (404, "RESOURCE_DOES_NOT_EXIST")
    assert "color" not in api.run_data(run_id)["tags"]
    api.done("/runs/set-tag", run_id=run_id, key="color", value="green")
    assert api.run_data(run_id)["tags"]["color"] == "green"


def test_params_tags_and_metrics_of_one_key_do_not_touch_each_other(run_id: str) -> None:
    api.done("/runs/log-parameter", run_id=run_id, key="x", value="param")
    api.done("/runs/set-tag", run_id=run_id, key="x", value="tag")
    api.done("/runs/log-metric", run_id=run_id, key="x", value=1, timestamp=1)

    data = api.run_data(run_id)

    assert (data["params"]["x"], data["tags"]["x"], data["metrics"]["x"]) == ("param", "tag", 1)


def test_runs_do_not_touch_each_other(experiment_id: str) -> None:
    one, other = (api.create_run(experiment_id) for _ in range(2))

    api.done("/runs/log-parameter", run_id=one, key="depth", value="3")
    api.done("/runs/log-parameter", run_id=other, key="depth", value="4")

    assert [api.run_data(run_id)["params"]["depth"] for run_id in (one, other)] == ["3", "4"]
