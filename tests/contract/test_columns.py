"""Columns on the real engine, beside what was logged: over open and sealed runs, whole and by what changed."""

from math import isnan
from random import Random
from typing import Any

import pytest

from chalicelib import clock, remembered
from chalicelib.edge.wire import double
from chalicelib.search.record import Record
from chalicelib.search.search import Query, search
from chalicelib.storage import keys, tables
from chalicelib.storage.items import Snap
from chalicelib.sweeper.sweep import sweep
from chalicelib.tracking.experiments.lifecycle import ACTIVE, DELETED
from chalicelib.tracking.index.vocabulary import RUNS
from chalicelib.tracking.series.packing import pack
from chalicelib.tracking.series.points import Point
from tests import client as api
from tests import columns, feeds
from tests.contract.logged_runs import Logged, LoggedRun
from tests.contract.sweeping import A_QUARTER_HOUR_MS
from tests.sampling import times
from tests.unit.search.any_search import METRIC_KEYS, TEXT_KEYS

EXTREMES = ("min", "min_step", "max", "max_step")
COLUMNS = [
    "attributes.status",
    *(f"metrics.{key}" for key in METRIC_KEYS),
    *(f"metrics.{key}@{part}" for key in METRIC_KEYS for part in EXTREMES),
    *(f"{kind}.{key}" for kind in ("params", "tags") for key in TEXT_KEYS),
]
CHANGES = times(20, nightly=400)
QUESTIONS: list[dict[str, Any]] = [
    {"filter": "", "order_by": [], "max_results": 5},
    {"filter": "", "order_by": [f"metrics.{METRIC_KEYS[0]} DESC"], "max_results": 1_000},
    {"filter": "attributes.status = 'RUNNING'", "order_by": [], "max_results": 1_000},
]


def row(record: Record, run: LoggedRun) -> list[Any]:
    """A run's values in these columns."""
    metrics = [record.metrics.get(key) for key in METRIC_KEYS]
    texts = [table.get(key) for table in (record.params, record.tags) for key in TEXT_KEYS]
    values = (None if value is None else double(value) for value in metrics)
    found = (each for key in METRIC_KEYS for each in extremes(run.history.get(key, {})))
    return [record.attributes["status"], *values, *found, *texts]


def extremes(by_step: dict[int, float]) -> list[Any]:
    """The lowest value and its first step, and the highest and its first step."""
    numbers = [(value, step) for step, value in by_step.items() if not isnan(value)]
    if not numbers:
        return [None] * len(EXTREMES)
    low, low_step = min(numbers)
    high, high_step = min(numbers, key=lambda pair: (-pair[0], pair[1]))
    return [double(low), low_step, double(high), high_step]


@pytest.mark.parametrize("seed", range(2))
def test_a_table_that_is_kept_by_cursors_is_always_what_was_logged(seed: int) -> None:
    rng, now = Random(seed), clock.now_ms()
    logged = Logged(rng)
    experiment_ids = list(logged.experiments)
    asked = [
        {**each, "experiment_ids": experiment_ids, "run_view_type": "ALL", "columns": COLUMNS} for each in QUESTIONS
    ]
    kept: list[tuple[columns.Table, str]] = [({}, "")] * len(asked)
    for _ in range(12):
        logged.create_run()

    for _ in range(CHANGES):
        now += rng.choice([1_000, 60_000, A_QUARTER_HOUR_MS])
        with clock.frozen(now):
            rng.choice([*logged.changes(), sweep, sweep, remembered.forget_all])()
            records = logged.records(experiment_ids, {ACTIVE, DELETED})
            for at, question in enumerate(asked):
                kept[at] = _polled(question, *kept[at])
                limits = {name: question[name] for name in ("filter", "order_by", "max_results")}
                expected = search(records, Query(RUNS, **limits)).records
                assert list(kept[at][0].items()) == [
                    (record.id, row(record, logged.runs[record.id])) for record in expected
                ]


def _polled(question: dict[str, Any], table: columns.Table, cursor: str) -> tuple[columns.Table, str]:
    reply = columns.asked(**question, since=cursor)
    if not cursor:
        return columns.by_run(reply), reply["cursor"]
    return columns.brought_up(table, reply), reply.get("cursor", cursor)


def test_what_an_earlier_version_folded_without_extremes_shows_them_after_the_next_fold() -> None:
    experiment_id = api.create_experiment()
    run_id = api.create_run(experiment_id)
    for step, value in enumerate([5.0, -1.0, 9.0, 2.0]):
        api.done("/runs/log-metric", run_id=run_id, key="loss", value=value, timestamp=1, step=step)
    feeds.fold(run_id)
    snap = tables.get(Snap, keys.run(run_id), keys.SNAP)
    assert snap is not None
    snap.points, snap.extremes = pack([Point("loss", 2.0, 1, 3)]), None
    tables.put(snap)
    remembered.forget_all()
    before = shown(experiment_id)

    api.done("/runs/log-metric", run_id=run_id, key="loss", value=3.0, timestamp=1, step=4)
    feeds.fold(run_id)
    remembered.forget_all()

    assert before == [2.0, None, None, None, None]
    assert shown(experiment_id) == [3.0, -1.0, 1, 9.0, 2]


def shown(experiment_id: str) -> list[Any]:
    named = ["metrics.loss", *(f"metrics.loss@{part}" for part in EXTREMES)]
    [values] = columns.by_run(columns.asked(experiment_ids=[experiment_id], columns=named)).values()
    return values
