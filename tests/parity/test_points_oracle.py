"""Our rules about points beside MLflow's: its SQL store on a temporary SQLite file, asked through its handlers."""

import json
import warnings
from collections.abc import Callable, Sequence
from itertools import product
from random import Random
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chalicelib.tracking.series.points import Point, distinct, in_history_order, latest, page
from chalicelib.tracking.series.sampling import between_steps, bulk, sample
from tests.parity.oracle_store import store as store

with warnings.catch_warnings():
    # On import MLflow's store uses what its newest SQLAlchemy deprecates.
    warnings.simplefilter("ignore", DeprecationWarning)
    from mlflow.entities import Metric
    from mlflow.server import handlers
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

NAN = float("nan")
FIRST_INT64, LAST_INT64 = -(2**63), 2**63 - 1
# No infinities: MLflow's SQL store stores the largest float64 for them, ours keeps them.
VALUES = [NAN, 0.0, -0.0, 1.0, -1.0, 0.1, 5e-324, -5e-324, 1.7976931348623157e308, -1e300, 3.0]
Log = Callable[[Sequence[Point]], str]


@pytest.fixture
def ask(store: SqlAlchemyStore, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    monkeypatch.setattr(handlers, "_tracking_store", store)
    app = Flask("oracle")
    app.add_url_rule("/history", view_func=handlers._get_metric_history)
    app.add_url_rule("/interval", view_func=handlers.get_metric_history_bulk_interval_handler)
    app.add_url_rule("/bulk", view_func=handlers.get_metric_history_bulk_handler)
    return app.test_client()


@pytest.fixture
def log(store: SqlAlchemyStore) -> Log:
    """Logs the points to a new run, in batches, the first batch twice; returns the run's id."""

    def log(points: Sequence[Point], batch: int = 40) -> str:
        run_id: str = store.create_run("0", "someone", 0, [], "oracle").info.run_id
        for start in [0, *range(0, len(points), batch)]:
            metrics = [Metric(*point) for point in points[start : start + batch]]
            store.log_batch(run_id, metrics, [], [])
        return run_id

    return log


def some_points(seed: int, count: int = 120) -> list[Point]:
    chance = Random(seed)
    edges = [FIRST_INT64, -1, 0, LAST_INT64] if seed % 2 else []
    steps = [*edges, *range(-3, 4 + seed * 10)]
    times = [0, 10, 11, 1_700_000_000_000, LAST_INT64] if seed % 3 else [10, 11]
    return [
        Point(chance.choice(["loss", "acc"]), chance.choice(VALUES), chance.choice(times), chance.choice(steps))
        for _ in range(count)
    ]


def of_key(points: Sequence[Point], key: str) -> list[Point]:
    return distinct(point for point in points if point.key == key)


def shown(rows: Sequence[Any]) -> list[tuple[str, int, int]]:
    """Rows of a reply or points of ours as something that compares: -0.0 as the 0.0 that SQLite makes of it."""
    points = [
        row if isinstance(row, Point) else Point("", float(row["value"]), row["timestamp"], row["step"]) for row in rows
    ]
    return [(repr(point.value + 0.0), point.timestamp, point.step) for point in points]


@pytest.mark.sampled(keep=4)
@pytest.mark.parametrize("seed", range(8))
def test_the_latest_points_are_mlflows(store: SqlAlchemyStore, log: Log, seed: int):
    # Without 0.0, because of two points MLflow keeps NaN or 0.0 by arrival (see below).
    points = [point for point in some_points(seed) if point.value != 0.0]
    run_id = log(points)

    theirs = store.get_run(run_id).data._metric_objs

    ours = latest(points)
    assert {m.key: (repr(m.value), m.timestamp, m.step) for m in theirs} == {
        key: (repr(point.value), point.timestamp, point.step) for key, point in ours.items()
    }


@pytest.mark.parametrize(("first", "second"), [(NAN, 0.0), (0.0, NAN)])
def test_of_nan_and_zero_mlflow_keeps_the_first_and_we_keep_nan(
    store: SqlAlchemyStore, log: Log, first: float, second: float
):
    points = [Point("loss", first, 10, 5), Point("loss", second, 10, 5)]
    run_id = log(points, batch=1)

    theirs = store.get_run(run_id).data.metrics["loss"]

    assert repr(theirs) == repr(first)
    assert repr(latest(points)["loss"].value) == "nan"


# A page of one point costs a request for each, so two such histories are enough.
@pytest.mark.sampled(keep=2, by="size")
@pytest.mark.parametrize(("seed", "size"), [(0, 1), (1, 1), *product(range(5), [None, 7, 1000])])
def test_a_history_and_its_pages_are_mlflows(ask: FlaskClient, log: Log, seed: int, size: int | None):
    points = some_points(seed)
    run_id = log(points)

    token, mine = None, None
    history = in_history_order(of_key(points, "loss"))
    while True:
        asked = {"run_id": run_id, "metric_key": "loss", "max_results": size, "page_token": token}
        theirs = ask.get("/history", query_string={k: v for k, v in asked.items() if v is not None}).json
        ours = page(history, size, mine)

        assert shown(ours.points) == shown(theirs["metrics"])
        token, mine = theirs.get("next_page_token"), ours.token
        assert (token is None) == (mine is None)
        if token is None:
            break


@pytest.mark.sampled(keep=2, by="bounds")
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("bounds", [None, (-2, 3), (0, 0), (FIRST_INT64, LAST_INT64), (900, 901)])
def test_a_sample_is_mlflows(ask: FlaskClient, log: Log, seed: int, bounds: tuple[int, int] | None):
    points = some_points(seed)
    run_id = log(points)
    start, end = bounds or (None, None)

    for max_results in (1, 2, 3, 7, 20, 59, 60, 61, 2500):
        asked = {"run_ids": [run_id], "metric_key": "loss", "max_results": max_results}
        if bounds:
            asked |= {"start_step": start, "end_step": end}
        theirs = ask.get("/interval", query_string=asked).json.get("metrics", [])
        ours = sample(between_steps(of_key(points, "loss"), start, end), max_results)

        assert shown(ours) == shown(theirs)


def test_every_run_is_sampled_by_itself_in_the_order_asked_for(ask: FlaskClient, log: Log):
    runs = {
        log(points): of_key(points, "loss") for points in (some_points(1), some_points(2, count=10), some_points(3))
    }
    asked = sorted(runs, reverse=True)

    theirs = ask.get("/interval", query_string={"run_ids": asked, "metric_key": "loss", "max_results": 5}).json[
        "metrics"
    ]

    ours = [(run_id, point) for run_id in asked for point in sample(runs[run_id], 5)]
    assert shown([point for _, point in ours]) == shown(theirs)
    assert [run_id for run_id, _ in ours] == [row["run_id"] for row in theirs]


@pytest.mark.parametrize("max_results", [0, 1, 30, 25_000])
def test_bulk_rows_are_mlflows(ask: FlaskClient, log: Log, max_results: int):
    runs = {log(points): of_key(points, "acc") for points in map(some_points, range(3))}
    asked = {"run_id": [*runs, *runs], "metric_key": "acc", "max_results": max_results}

    theirs = json.loads(ask.get("/bulk", query_string=asked).data)["metrics"]

    ours = bulk(runs, max_results)
    assert shown([point for _, point in ours]) == shown(theirs)
    assert [run_id for run_id, _ in ours] == [row["run_id"] for row in theirs]
