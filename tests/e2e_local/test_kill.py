"""What was acknowledged is there after a kill -9, and what nobody sent is not."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from infra.local import stack
from tests.e2e_local.writers import API, METRIC_KEYS, TIMEOUT_SECONDS, Writer
from tests.sampling import times

WRITERS = 8
ROUNDS = times(1, nightly=3)
ANSWERS_BEFORE_THE_KILL = times(150, nightly=400)
SECONDS_BEFORE_THE_KILL = 120

# The sweeper is at work too when the power goes.
ENVIRONMENT = {"CUMULOG_SWEEP_SECONDS": "1"}


@pytest.mark.timeout(300)
def test_what_was_acknowledged_survives_a_kill_and_nothing_is_invented(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with stack.running(data, environment=ENVIRONMENT) as first:
        experiment_id = call(first.url, "POST", "experiments/create", {"name": "kill"})["experiment_id"]
    writers = [Writer(f"writer {number}", experiment_id) for number in range(WRITERS)]

    for turn in range(ROUNDS):
        kill_in_the_middle(data, writers, only_the_parent=turn == 1)

        with stack.running(data, environment=ENVIRONMENT) as again:
            assert_all_there(again.url, experiment_id, writers)


def kill_in_the_middle(data: Path, writers: list[Writer], *, only_the_parent: bool) -> None:
    """Start the stack, let all writers write, and kill it while they do."""
    before = sum(writer.answers for writer in writers)
    running = stack.running(data, environment=ENVIRONMENT)
    with writing(running.url, writers):
        deadline = time.monotonic() + SECONDS_BEFORE_THE_KILL
        while sum(writer.answers for writer in writers) < before + ANSWERS_BEFORE_THE_KILL:
            assert time.monotonic() < deadline, "the writers are too slow"
            time.sleep(0.01)
        if only_the_parent:
            running.kill()
        else:
            running.kill_all()
    assert [refusal for writer in writers for refusal in writer.refusals] == []


@contextmanager
def writing(url: str, writers: list[Writer]) -> Iterator[None]:
    """All writers at work, each in a thread; at the end of the block the server must be gone, or they are stopped."""
    stop = threading.Event()
    threads = [threading.Thread(target=writer.write, args=(url, stop)) for writer in writers]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(2 * TIMEOUT_SECONDS)


def assert_all_there(url: str, experiment_id: str, writers: list[Writer]) -> None:
    found = found_runs(url, experiment_id)
    names = set(found.values())
    assert set().union(*[writer.names_acknowledged for writer in writers]) <= names
    assert names <= set().union(*[writer.names_sent for writer in writers])
    for writer in writers:
        for run_id in writer.acknowledged:
            assert run_id in found
            assert_run_whole(url, run_id, writer)


def assert_run_whole(url: str, run_id: str, writer: Writer) -> None:
    acknowledged, sent = writer.acknowledged[run_id], writer.sent[run_id]
    data = call(url, "GET", f"runs/get?run_id={run_id}")["run"]["data"]
    params = {(param["key"], param["value"]) for param in data.get("params", [])}
    tags = {(tag["key"], tag["value"]) for tag in data["tags"] if tag["key"] != "mlflow.runName"}
    points = {point for key in METRIC_KEYS for point in history(url, run_id, key)}

    assert acknowledged.params.items() <= params <= sent.params.items()
    assert acknowledged.tags.items() <= tags <= sent.tags.items()
    assert acknowledged.points <= points <= sent.points
    assert {metric["key"]: metric["step"] for metric in data.get("metrics", [])} == latest_steps(points)


def latest_steps(points: set[tuple[str, float, int, int]]) -> dict[str, int]:
    steps: dict[str, int] = {}
    for key, _value, _timestamp, step in points:
        steps[key] = max(step, steps.get(key, step))
    return steps


def found_runs(url: str, experiment_id: str) -> dict[str, str]:
    """The names of all runs by their ids, by a search over all pages."""
    names: dict[str, str] = {}
    body: dict[str, Any] = {"experiment_ids": [experiment_id], "max_results": 1_000}
    while True:
        page = call(url, "POST", "runs/search", body)
        names |= {run["info"]["run_id"]: run["info"]["run_name"] for run in page.get("runs", [])}
        if "next_page_token" not in page:
            return names
        body["page_token"] = page["next_page_token"]


def history(url: str, run_id: str, key: str) -> list[tuple[str, float, int, int]]:
    metrics = call(url, "GET", f"metrics/get-history?run_id={run_id}&metric_key={key}").get("metrics", [])
    return [(point["key"], point["value"], point["timestamp"], point["step"]) for point in metrics]


def call(url: str, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    response = requests.request(method, f"{url}{API}/{path}", json=body, timeout=TIMEOUT_SECONDS)
    assert response.status_code == 200, response.text
    return response.json()
