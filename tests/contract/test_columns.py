"""Columns on the real engine, beside what was logged: over open and sealed runs, whole and by what changed."""

from random import Random
from typing import Any

import pytest

from chalicelib import clock, remembered
from chalicelib.edge.wire import double
from chalicelib.search.record import Record
from chalicelib.search.search import Query, search
from chalicelib.sweeper.sweep import sweep
from chalicelib.tracking.experiments.lifecycle import ACTIVE, DELETED
from chalicelib.tracking.index.vocabulary import RUNS
from tests import columns
from tests.contract.logged_runs import Logged
from tests.contract.sweeping import A_QUARTER_HOUR_MS
from tests.sampling import times
from tests.unit.search.any_search import METRIC_KEYS, TEXT_KEYS

COLUMNS = [
    "attributes.status",
    *(f"metrics.{key}" for key in METRIC_KEYS),
    *(f"{kind}.{key}" for kind in ("params", "tags") for key in TEXT_KEYS),
]
CHANGES = times(20, nightly=400)
QUESTIONS: list[dict[str, Any]] = [
    {"filter": "", "order_by": [], "max_results": 5},
    {"filter": "", "order_by": [f"metrics.{METRIC_KEYS[0]} DESC"], "max_results": 1_000},
    {"filter": "attributes.status = 'RUNNING'", "order_by": [], "max_results": 1_000},
]


def row(record: Record) -> list[Any]:
    """A run's values in these columns."""
    metrics = [record.metrics.get(key) for key in METRIC_KEYS]
    texts = [table.get(key) for table in (record.params, record.tags) for key in TEXT_KEYS]
    return [record.attributes["status"], *(None if value is None else double(value) for value in metrics), *texts]


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
                assert list(kept[at][0].items()) == [(record.id, row(record)) for record in expected]


def _polled(question: dict[str, Any], table: columns.Table, cursor: str) -> tuple[columns.Table, str]:
    reply = columns.asked(**question, since=cursor)
    if not cursor:
        return columns.by_run(reply), reply["cursor"]
    return columns.brought_up(table, reply), reply.get("cursor", cursor)
