"""The unmodified MLflow client, pointed at one server after the other, and what it hands back as plain data."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

# Before mlflow is imported: it reports its use to its makers, and it would retry a wrong answer for minutes.
os.environ.update(MLFLOW_DISABLE_TELEMETRY="true", DO_NOT_TRACK="true", MLFLOW_HTTP_REQUEST_MAX_RETRIES="0")

import mlflow
from mlflow.entities import Run

from tests.parity.compare import Pair

Seen = TypeVar("Seen")


def on_both(pair: Pair, scenario: Callable[[], Seen]) -> tuple[Seen, Seen]:
    """Play the scenario against MLflow and then against ours; what each play returned."""
    with tracking_at(pair.theirs.url):
        theirs = scenario()
    with tracking_at(pair.ours.url):
        ours = scenario()
    return theirs, ours


@contextmanager
def tracking_at(url: str) -> Iterator[None]:
    """Inside the block mlflow's fluent functions and new clients talk to this server."""
    before = mlflow.get_tracking_uri()
    mlflow.set_tracking_uri(url)
    try:
        yield
    finally:
        while mlflow.active_run():
            mlflow.end_run()
        mlflow.set_tracking_uri(before)


def described(run: Run, parent: Run | None = None) -> dict[str, Any]:
    """Everything of a run but its ids and the times at which it happened to run."""
    tags = dict(run.data.tags)
    assert tags.pop("mlflow.parentRunId", None) == (parent.info.run_id if parent else None)
    return {
        "name": run.info.run_name,
        "status": run.info.status,
        "stage": run.info.lifecycle_stage,
        "user": run.info.user_id,
        "ended": run.info.end_time is not None,
        "root": run.info.artifact_uri.replace(run.info.run_id, "run").replace(f"/{run.info.experiment_id}/", "/id/"),
        "metrics": run.data.metrics,
        "params": run.data.params,
        "tags": tags,
        "inputs": [
            (item.dataset.to_dictionary(), sorted((tag.key, tag.value) for tag in item.tags))
            for item in run.inputs.dataset_inputs
        ],
    }
