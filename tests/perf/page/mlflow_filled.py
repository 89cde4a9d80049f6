"""The runs in MLflow's SQLite store, written straight into its tables: its API would take hours for the long curves."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from chalicelib.tracking.runs.runs import RUN_NAME_TAG
from tests.perf.page import runs
from tests.perf.page.runs import TableRun

_RUN = (
    "INSERT INTO runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status, start_time,"
    " end_time, source_version, lifecycle_stage, artifact_uri, experiment_id)"
    " VALUES (?, ?, 'UNKNOWN', '', '', '', 'FINISHED', ?, ?, '', 'active', '', ?)"
)
_METRIC = "INSERT INTO metrics (key, value, timestamp, run_uuid, step, is_nan) VALUES (?, ?, ?, ?, ?, 0)"
_LATEST = "INSERT INTO latest_metrics (key, value, timestamp, run_uuid, step, is_nan) VALUES (?, ?, ?, ?, ?, 0)"
_LONG = """
INSERT INTO metrics (key, value, timestamp, run_uuid, step, is_nan)
WITH RECURSIVE steps (step) AS (SELECT 0 UNION ALL SELECT step + 1 FROM steps WHERE step < ?)
SELECT 'loss', curve_value(step, abs(random()) % 1000 / 1000.0), step, run_uuid, step, 0
FROM steps CROSS JOIN runs WHERE experiment_id = ?
"""
_INDEXES = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'metrics' AND sql IS NOT NULL"


def fill_table(database: Path, experiment_id: str) -> list[str]:
    """The ids of the runs of the table."""
    ids = [f"{number + 1_000_000:032x}" for number in range(runs.TABLE_RUNS)]
    with closing(sqlite3.connect(database, timeout=60)) as connection, connection:
        for number, run_id in enumerate(ids):
            _add(connection, experiment_id, run_id, runs.table_run(number))
    return ids


def fill_curves(database: Path, experiment_id: str) -> list[str]:
    """The ids of the runs with long curves."""
    ids = [f"{number + 2_000_000:032x}" for number in range(runs.CURVE_RUNS)]
    last = runs.CURVE_POINTS - 1
    with closing(sqlite3.connect(database, timeout=60)) as connection, connection:
        connection.create_function("curve_value", 2, runs.curve_value, deterministic=True)
        # Indexes are made in a quarter of the time once all points are there.
        indexes = connection.execute(_INDEXES).fetchall()
        for name, _ in indexes:
            connection.execute(f"DROP INDEX {name}")
        for number, run_id in enumerate(ids):
            connection.execute(_RUN, (run_id, f"long {number}", number, last, int(experiment_id)))
            connection.execute(_LATEST, ("loss", runs.curve_value(last, 0.5), last, run_id, last))
        connection.execute(_LONG, (last, int(experiment_id)))
        for _, statement in indexes:
            connection.execute(statement)
    return ids


def _add(connection: sqlite3.Connection, experiment_id: str, run_id: str, run: TableRun) -> None:
    connection.execute(_RUN, (run_id, run.name, run.start_time, run.end_time, int(experiment_id)))
    points = list(_points(run_id, run))
    connection.executemany(_METRIC, points)
    connection.executemany(_LATEST, points[runs.POINTS - 1 :: runs.POINTS])
    connection.executemany("INSERT INTO params VALUES (?, ?, ?)", _named(run_id, run.params))
    tags = {**run.tags, RUN_NAME_TAG: run.name}
    connection.executemany("INSERT INTO tags VALUES (?, ?, ?)", _named(run_id, tags))


def _points(run_id: str, run: TableRun) -> Iterator[tuple[Any, ...]]:
    for key, values in run.metrics.items():
        for step, value in enumerate(values):
            yield key, value, run.start_time + step, run_id, step


def _named(run_id: str, values: dict[str, str]) -> list[tuple[str, str, str]]:
    return [(key, value, run_id) for key, value in values.items()]
