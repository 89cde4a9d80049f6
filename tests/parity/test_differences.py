"""The known differences that show in a payload: what MLflow answers, and what ours does."""

import math
import sys
from typing import Any

import pytest

from chalicelib import clock
from tests.parity.calls import AJAX, API, Call
from tests.parity.compare import Pair


@pytest.fixture
def both(pair: Pair) -> Pair:
    """Both servers with an experiment and a run in it."""
    if pair.self_check:
        pytest.skip("there is no difference between MLflow and MLflow")
    name = {"name": f"differences {clock.unique_id()}"}
    pair.prepare(Call("POST", f"{API}/experiments/create", body=name, learn={"experiment": "experiment_id"}))
    run = {"experiment_id": "${experiment}", "run_name": "one", "start_time": 1}
    pair.prepare(Call("POST", f"{API}/runs/create", body=run, learn={"run": "run.info.run_id"}))
    return pair


def test_ours_keeps_infinite_metrics_that_mlflow_clamps(both: Pair) -> None:
    log(both, ["Infinity", "-Infinity"])

    theirs, ours = read(both, Call("GET", f"{API}/metrics/get-history", query={"run_id": "${run}", "metric_key": "m"}))

    assert [point["value"] for point in theirs["metrics"]] == [sys.float_info.max, -sys.float_info.max]
    assert [point["value"] for point in ours["metrics"]] == ["Infinity", "-Infinity"]


def test_ours_quotes_the_nan_that_mlflow_emits_as_a_bare_token(both: Pair) -> None:
    log(both, ["NaN"])

    path = f"{AJAX}/metrics/get-history-bulk"
    theirs, ours = read(both, Call("GET", path, query={"run_id": ["${run}"], "metric_key": "m"}))

    assert math.isnan(theirs["metrics"][0]["value"])
    assert ours["metrics"][0]["value"] == "NaN"


def test_ours_truncates_the_tags_of_a_new_run_as_it_does_all_others(both: Pair) -> None:
    tags = [{"key": "long", "value": "v" * 8001}]

    body = {"experiment_id": "${experiment}", "run_name": "tagged", "start_time": 2, "tags": tags}
    theirs, ours = read(both, Call("POST", f"{API}/runs/create", body=body))

    assert [len(tag["value"]) for tag in theirs["run"]["data"]["tags"] if tag["key"] == "long"] == [8001]
    assert [len(tag["value"]) for tag in ours["run"]["data"]["tags"] if tag["key"] == "long"] == [8000]


def log(both: Pair, values: list[str]) -> None:
    for step, value in enumerate(values):
        body = {"run_id": "${run}", "key": "m", "value": value, "timestamp": step, "step": step}
        both.prepare(Call("POST", f"{API}/runs/log-metric", body=body))


def read(both: Pair, call: Call) -> tuple[Any, Any]:
    return both.theirs.send(call).payload, both.ours.send(call).payload
