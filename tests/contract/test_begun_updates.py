"""Searches that begin to read an experiment's feed before they have read the experiment."""

import itertools
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib import errors
from chalicelib.access.identity import Identity, acting_as
from chalicelib.storage.connection import connection
from chalicelib.tracking.experiments import experiments
from chalicelib.tracking.index import live_runs, search
from chalicelib.tracking.index.schemas import SearchRuns
from tests import client as api
from tests.feeds import log, searched


@pytest.fixture
def experiment_id() -> str:
    return api.create_experiment()


def test_the_feed_is_read_while_the_experiment_is(experiment_id: str) -> None:
    log(api.create_run(experiment_id), 1)
    searched(experiment_id)
    is_feed_asked = threading.Event()

    def hold(event_name: str, **_: Any) -> None:
        if event_name.endswith("Query"):
            is_feed_asked.set()
        else:
            assert is_feed_asked.wait(10)

    events = connection().client.meta.events
    events.register("before-send.dynamodb", hold)
    try:
        assert len(searched(experiment_id)[0]) == 1
    finally:
        events.unregister("before-send.dynamodb", hold)


def test_a_search_by_somebody_who_may_not_read_the_experiment_holds_up_no_other(experiment_id: str) -> None:
    run_id = api.create_run(experiment_id)
    log(run_id, 1)
    searched(experiment_id)

    with acting_as(Identity("eve")):
        assert "runs" not in search.search(SearchRuns.model_validate({"experiment_ids": [experiment_id]}))
    log(run_id, 2)

    assert searched(experiment_id, filter="metrics.loss = 2")[0] == [run_id]


def test_an_update_that_failed_is_shared_with_nobody(experiment_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    run_id = api.create_run(experiment_id)
    log(run_id, 1)
    searched(experiment_id)
    item = experiments.load(experiment_id)
    read, times = live_runs.feed.since, itertools.count()

    def fails_once(*arguments: Any) -> Any:
        if next(times) == 0:
            raise errors.RequestLimitExceeded("Too many requests.")
        return read(*arguments)

    monkeypatch.setattr(live_runs.feed, "since", fails_once)
    lock = live_runs._views.of(experiment_id).lock
    with ThreadPoolExecutor(2) as threads:
        with lock:
            waiting = [threads.submit(live_runs.of, item) for _ in range(2)]
            time.sleep(0.1)
            log(run_id, 2)
            # Both came before this was logged. The one that goes second must not take what the first failed to bring.
        failed, done = sorted(waiting, key=lambda each: each.exception() is None)

    assert isinstance(failed.exception(), errors.RequestLimitExceeded)
    assert done.result().runs[run_id].run.metrics["loss"].step == 2
