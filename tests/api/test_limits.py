"""MLflow's maxima at once, in characters of four bytes: stored, read back whole, answered in pages that fit."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.edge import replies
from tests import client as api
from tests.sampling import examples, times

WIDE = "\U0001f600"
PARAMS = times(600, nightly=2000)


def texts(count: int, length: int, word: str = WIDE) -> dict[str, str]:
    """So many texts of so many characters, each under a key of its own, also of 250 characters."""
    return {f"é{number:04d}".ljust(250, "中"): f"{number:04d}".ljust(length, word) for number in range(count)}


def pairs(of: dict[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in of.items()]


def test_as_many_of_the_longest_params_and_tags_as_a_run_holds_come_back_as_they_were(run_id: str) -> None:
    params, tags = texts(100, 6000), texts(30, 8000)

    # Escaped as MLflow's client escapes them, more than this would not fit into one request of a Lambda.
    for start in range(0, 100, 25):
        api.done("/runs/log-batch", run_id=run_id, params=pairs(params)[start : start + 25])
        api.done("/runs/log-batch", run_id=run_id, tags=pairs(tags)[start : start + 25])

    data = api.run_data(run_id)
    assert data["params"] == params
    assert {key: value for key, value in data["tags"].items() if key in tags} == tags


def test_a_thousand_metrics_with_the_longest_keys_come_back_as_they_were(run_id: str) -> None:
    metrics = [
        {"key": f"é{number:04d}".ljust(250, "中"), "value": number, "timestamp": 2**63 - 1, "step": -(2**63)}
        for number in range(1000)
    ]

    api.done("/runs/log-batch", run_id=run_id, metrics=metrics)

    assert api.run_data(run_id)["metrics"] == {metric["key"]: metric["value"] for metric in metrics}
    assert api.history(run_id, metrics[7]["key"]) == [metrics[7]]


def test_very_many_params_in_batches_are_one_run(run_id: str) -> None:
    params = {f"param {number}": f"value {number}".ljust(60, ".") for number in range(PARAMS)}
    listed = pairs(params)

    for start in range(0, PARAMS, 100):
        api.done("/runs/log-batch", run_id=run_id, params=listed[start : start + 100])

    assert api.run_data(run_id)["params"] == params
    changed = api.post("/runs/log-parameter", run_id=run_id, key=f"param {PARAMS - 1}", value="other")
    assert (changed.status, changed.body["error_code"]) == (400, "INVALID_PARAMETER_VALUE")


def test_tags_can_be_changed_and_deleted_after_they_outgrew_the_run(run_id: str) -> None:
    api.done("/runs/set-tag", run_id=run_id, key="early", value="first")
    api.done("/runs/log-batch", run_id=run_id, tags=pairs(texts(30, 8000)))

    api.done("/runs/set-tag", run_id=run_id, key="early", value="second")
    after_change = api.run_data(run_id)["tags"]["early"]
    api.done("/runs/delete-tag", run_id=run_id, key="early")

    assert after_change == "second"
    assert "early" not in api.run_data(run_id)["tags"]
    assert api.post("/runs/delete-tag", run_id=run_id, key="early").status == 404


def test_a_run_may_be_created_with_tags_that_outgrow_it(experiment_id: str) -> None:
    tags = texts(60, 8000, "é")

    run_id = api.create_run(experiment_id, tags=pairs(tags))

    assert {key: value for key, value in api.run_data(run_id)["tags"].items() if key in tags} == tags


def test_pages_of_large_runs_are_cut_to_what_a_reply_can_carry(experiment_id: str) -> None:
    run_ids = {api.create_run(experiment_id, tags=pairs(texts(60, 8000, "é"))) for _ in range(7)}

    pages, found = 0, list[str]()
    fields: dict[str, Any] = {"experiment_ids": [experiment_id]}
    while True:
        reply = api.post("/runs/search", **fields)
        assert len(json.dumps(reply.body, ensure_ascii=False).encode()) <= replies.MOST_BYTES + 100_000
        pages += 1
        found += [run["info"]["run_id"] for run in reply.body["runs"]]
        if "next_page_token" not in reply.body:
            break
        fields["page_token"] = reply.body["next_page_token"]

    assert pages > 1
    assert sorted(found) == sorted(run_ids)


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
_VALUE = st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from(
    ["NaN", "Infinity", "-Infinity", -0.0, 5e-324]
)
_INT64 = st.integers(-(2**63), 2**63 - 1)


@settings(max_examples=examples(20), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    value=_VALUE,
    timestamp=st.integers(0, 2**63 - 1),
    step=_INT64,
    param=_TEXT,
    tag=_TEXT,
)
def test_whatever_is_logged_is_read_back(
    experiment_id: str, value: Any, timestamp: int, step: int, param: str, tag: str
) -> None:
    run_id = api.create_run(experiment_id)
    point = {"key": "m", "value": value, "timestamp": timestamp, "step": step}

    api.done(
        "/runs/log-batch",
        run_id=run_id,
        metrics=[point],
        params=[{"key": "p", "value": param}],
        tags=[{"key": "t", "value": tag}],
    )

    [read] = api.history(run_id, "m")
    assert {**read, "value": repr(read["value"])} == {**point, "value": repr(value)}
    data = api.run_data(run_id)
    assert (data["params"]["p"], data["tags"]["t"]) == (param, tag)


@pytest.mark.parametrize("name", [WIDE * 500, "a" * 500])
def test_an_experiment_name_may_have_500_characters(name: str) -> None:
    experiment_id = api.create_experiment(name)

    assert (
        api.get("/experiments/get-by-name", experiment_name=name).body["experiment"]["experiment_id"] == experiment_id
    )
