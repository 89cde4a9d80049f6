"""The same runs in MLflow's SQLite store, written straight into its tables, for its API would take far longer."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from chalicelib.tracking.runs.runs import RUN_NAME_TAG
from tests.perf import population
from tests.perf.population import GeneratedRun, Span

_COLUMNS = {
    "runs": "run_uuid, name, source_type, source_name, entry_point_name, user_id, status, start_time, end_time, "
    "source_version, lifecycle_stage, artifact_uri, experiment_id",
    "metrics": "key, value, timestamp, run_uuid, step, is_nan",
    "latest_metrics": "key, value, timestamp, step, is_nan, run_uuid",
    "params": "key, value, run_uuid",
    "tags": "key, value, run_uuid",
}
_AT_ONCE = 1_000

Rows = list[tuple[Any, ...]]


def fill(database: Path, span: Span) -> None:
    """Add a span's runs, as MLflow 3.17 stores them, to its experiment, which exists."""
    runs = list(map(population.generated, population.traits(span)))
    with closing(sqlite3.connect(database, timeout=60)) as connection:
        for at in range(0, len(runs), _AT_ONCE):
            _insert(connection, span.experiment_id, runs[at : at + _AT_ONCE])


def _insert(connection: sqlite3.Connection, experiment_id: str, runs: Iterable[GeneratedRun]) -> None:
    rows: dict[str, Rows] = {table: [] for table in _COLUMNS}
    for run in runs:
        _add(rows, run, experiment_id)
    with connection:
        for table, columns in _COLUMNS.items():
            values = ", ".join("?" * len(columns.split(",")))
            connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({values})", rows[table])


def _add(rows: dict[str, Rows], run: GeneratedRun, experiment_id: str) -> None:
    run_id, start, end = run.traits.run_id, run.traits.start_time, run.end_time
    uri = f"mlflow-artifacts:/{experiment_id}/{run_id}/artifacts"
    info = (run_id, run.name, "UNKNOWN", "", "", run.user, "FINISHED", start, end, "", "active", uri)
    rows["runs"].append((*info, int(experiment_id)))
    rows["metrics"] += [(key, value, end, run_id, 0, 0) for key, value in run.metrics.items()]
    rows["latest_metrics"] += [(key, value, end, 0, 0, run_id) for key, value in run.metrics.items()]
    rows["params"] += [(key, value, run_id) for key, value in run.params.items()]
    rows["tags"] += [(key, value, run_id) for key, value in {**run.tags, RUN_NAME_TAG: run.name}.items()]
