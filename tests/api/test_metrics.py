"""Metrics: every point is kept once, the latest is the run's, and histories come in their order and in pages."""

from typing import Any

import pytest

from tests import client as api
from tests.contract.sweeping import seal

BULK = "/metrics/get-history-bulk"
INTERVAL = "/metrics/get-history-bulk-interval"


def log(run_id: str, *points: tuple[Any, int, int], key: str = "loss") -> None:
    """Log points (value, timestamp, step), a call each."""
    for value, timestamp, step in points:
        api.done("/runs/log-metric", run_id=run_id, key=key, value=value, timestamp=timestamp, step=step)


def points_of(metrics: list[dict[str, Any]]) -> list[tuple[Any, int, int]]:
    return [(point["value"], point["timestamp"], point["step"]) for point in metrics]


def pages(run_id: str, size: int | None = None) -> list[list[dict[str, Any]]]:
    """All pages of a history; `size` is what is asked for."""
    query: dict[str, Any] = {"run_id": run_id, "metric_key": "loss", **({"max_results": size} if size else {})}
    found = []
    while True:
        body = api.get("/metrics/get-history", **query).body
        found.append(body.get("metrics", []))
        if "next_page_token" not in body:
            return found
        query["page_token"] = body["next_page_token"]


def bulk(**query: Any) -> api.Answer:
    return api.send("GET", api.TWIN_PREFIX + BULK, query=query)


def batch(run_id: str, count: int, first: int = 0) -> None:
    points = [
        {"key": "loss", "value": step / 8, "timestamp": step, "step": step} for step in range(first, first + count)
    ]
    api.done("/runs/log-batch", run_id=run_id, metrics=points)


def test_a_point_is_the_run_s_latest_and_its_history(run_id: str) -> None:
    api.done("/runs/log-metric", run_id=run_id, key="loss", value=0.25, timestamp=7, step=3)

    message = {"key": "loss", "value": 0.25, "timestamp": 7, "step": 3}
    assert api.get("/runs/get", run_id=run_id).body["run"]["data"]["metrics"] == [message]
    assert api.history(run_id, "loss") == [message]


def test_a_point_without_a_step_is_of_step_zero(run_id: str) -> None:
    api.done("/runs/log-metric", run_id=run_id, key="loss", value=1, timestamp=7)

    assert points_of(api.history(run_id, "loss")) == [(1, 7, 0)]


@pytest.mark.parametrize(
    ("sent", "answered"),
    [
        ("NaN", "NaN"),
        ("Infinity", "Infinity"),
        ("-Infinity", "-Infinity"),
        ("0.5", 0.5),
        ("-1e-300", -1e-300),
        (2, 2.0),
        (5e-324, 5e-324),
        (1.7976931348623157e308, 1.7976931348623157e308),
        (2**53, 2.0**53),
    ],
)
def test_a_value_is_any_float64(run_id: str, sent: Any, answered: Any) -> None:
    log(run_id, (sent, 1, 0))

    assert points_of(api.history(run_id, "loss")) == [(answered, 1, 0)]
    assert api.run_data(run_id)["metrics"] == {"loss": answered}


def test_minus_zero_keeps_its_sign(run_id: str) -> None:
    log(run_id, (-0.0, 1, 0))

    assert str(api.run_data(run_id)["metrics"]["loss"]) == "-0.0"


@pytest.mark.parametrize(("timestamp", "step"), [(0, -(2**63)), (2**63 - 1, 2**63 - 1), (1, -1)])
def test_timestamps_and_steps_reach_to_the_ends_of_int64(run_id: str, timestamp: int, step: int) -> None:
    log(run_id, (1, timestamp, step))

    assert points_of(api.history(run_id, "loss")) == [(1, timestamp, step)]


@pytest.mark.parametrize(
    ("points", "latest"),
    [
        ([(1, 10, 5), (2, 20, 3)], 1),
        ([(1, 10, 5), (3, 5, 5)], 1),
        ([(1, 10, 5), (4, 10, 5)], 4),
        ([(4, 10, 5), (1, 10, 5)], 4),
        ([(4, 10, 5), ("NaN", 10, 5)], 4),
        ([(4, 10, 5), ("NaN", 99, 5)], "NaN"),
        ([("Infinity", 10, 5), (1, 10, 5)], "Infinity"),
        ([("-Infinity", 10, 5), (1, 10, 5)], 1),
        ([(1, 1, -5), (2, 2, -6)], 1),
    ],
)
def test_the_latest_point_is_the_largest_by_step_time_and_value(
    run_id: str, points: list[tuple[Any, int, int]], latest: Any
) -> None:
    log(run_id, *points)

    assert api.run_data(run_id)["metrics"] == {"loss": latest}


def test_a_history_is_ordered_by_time_then_step_then_value(run_id: str) -> None:
    log(run_id, (1, 2, 0), (1, 1, 9), (3, 2, 1), (2, 2, 1))

    assert points_of(api.history(run_id, "loss")) == [(1, 1, 9), (1, 2, 0), (2, 2, 1), (3, 2, 1)]


def test_the_same_point_is_kept_once(run_id: str) -> None:
    log(run_id, (1, 1, 1), (1, 1, 1), ("NaN", 1, 1), ("NaN", 1, 1), (1, 1, 2))

    assert len(api.history(run_id, "loss")) == 3


def test_a_batch_keeps_its_metrics_apart_by_key(run_id: str) -> None:
    metrics = [
        {"key": key, "value": value, "timestamp": 1, "step": 1}
        for key, value in (("a", 1), ("b", 2), ("a/b", 3), ("a b", 4), ("𝛼", 5))
    ]

    api.done("/runs/log-batch", run_id=run_id, metrics=metrics)

    assert api.run_data(run_id)["metrics"] == {"a": 1, "b": 2, "a/b": 3, "a b": 4, "𝛼": 5}
    assert points_of(api.history(run_id, "a")) == [(1, 1, 1)]
    assert points_of(api.history(run_id, "𝛼")) == [(5, 1, 1)]


def test_of_an_unknown_run_or_metric_there_is_no_history(run_id: str) -> None:
    assert api.get("/metrics/get-history", run_id=run_id, metric_key="unknown").body == {}
    assert api.get("/metrics/get-history", run_id="unknown", metric_key="loss").body == {}


def test_a_deleted_run_keeps_its_history(run_id: str) -> None:
    log(run_id, (1, 1, 1))

    api.done("/runs/delete", run_id=run_id)

    assert points_of(api.history(run_id, "loss")) == [(1, 1, 1)]


@pytest.mark.parametrize("sealed", [False, True], ids=["open", "sealed"])
@pytest.mark.parametrize("size", [None, 1, 3, 10, 11])
def test_the_pages_of_a_history_are_the_whole(run_id: str, size: int | None, sealed: bool) -> None:
    batch(run_id, 10)
    if sealed:
        seal(run_id)

    found = pages(run_id, size)

    assert [point["step"] for page in found for point in page] == list(range(10))
    assert all(len(page) == size for page in found[:-1])
    assert found[-1]


def test_points_that_come_between_two_pages_move_nothing(run_id: str) -> None:
    batch(run_id, 6)
    first = api.get("/metrics/get-history", run_id=run_id, metric_key="loss", max_results=3).body
    log(run_id, (9, 0, -1))

    second = api.get("/metrics/get-history", run_id=run_id, metric_key="loss", page_token=first["next_page_token"]).body

    assert [point["step"] for point in second["metrics"]] == [3, 4, 5]
    assert "next_page_token" not in second


def test_the_history_of_several_runs_comes_by_run_and_names_it(experiment_id: str) -> None:
    run_ids = sorted(api.create_run(experiment_id) for _ in range(2))
    for run_id in run_ids:
        batch(run_id, 3)

    rows = bulk(run_id=[*reversed(run_ids), "unknown"], metric_key="loss").body["metrics"]

    assert [(row["run_id"], row["step"]) for row in rows] == [(each, step) for each in run_ids for step in range(3)]


def test_the_history_of_several_runs_stops_at_the_number_asked_for(experiment_id: str) -> None:
    run_ids = [api.create_run(experiment_id) for _ in range(2)]
    for run_id in run_ids:
        batch(run_id, 3)

    assert len(bulk(run_id=run_ids, metric_key="loss", max_results=4).body["metrics"]) == 4
    assert bulk(run_id=run_ids, metric_key="loss", max_results=0).body["metrics"] == []


def test_a_sampled_history_keeps_the_first_and_the_last_point_of_each_run(experiment_id: str) -> None:
    run_ids = [api.create_run(experiment_id) for _ in range(2)]
    for run_id in run_ids:
        batch(run_id, 100)

    rows = api.get(INTERVAL, run_ids=run_ids, metric_key="loss", max_results=5).body["metrics"]

    for run_id in run_ids:
        assert [row["step"] for row in rows if row["run_id"] == run_id] == [0, 20, 40, 60, 99]


def test_a_sampled_history_may_be_of_some_steps_only(run_id: str) -> None:
    batch(run_id, 100)

    rows = api.get(INTERVAL, run_ids=[run_id], metric_key="loss", start_step=10, end_step=12).body["metrics"]

    assert [row["step"] for row in rows] == [10, 11, 12]


def test_a_sampled_history_of_nothing_is_empty(run_id: str) -> None:
    assert api.get(INTERVAL, run_ids=[run_id, "unknown"], metric_key="loss").body == {}
