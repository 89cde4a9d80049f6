"""An experiment's feed: what was acknowledged is read, whoever wrote it, and whatever is moved or interrupted."""

import itertools
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib import clock, remembered
from chalicelib.storage import keys, parallel, tables
from chalicelib.storage.items import DigestPart, ExperimentItem, FeedEntry, LogCall
from chalicelib.sweeper.sweep import sweep
from chalicelib.tracking.experiments import experiments, slices
from chalicelib.tracking.experiments.slices import Slices
from chalicelib.tracking.feed import moving
from chalicelib.tracking.index import digests, live_runs, tending
from tests import client as api
from tests import feeds
from tests.contract import store
from tests.contract.at_once import at_once
from tests.contract.faults import Fault, dies, injected
from tests.contract.sweeping import seal
from tests.feeds import log, searched

MINUTE_MS = 60_000
AN_HOUR_MS = 60 * MINUTE_MS


@pytest.fixture(autouse=True)
def digests_of_few_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digests, "WORTH_RUNS", 2)
    monkeypatch.setattr(tending, "LEAST_CALLS", 10)


@pytest.fixture
def experiment_id() -> str:
    return api.create_experiment()


def told(experiment_id: str) -> dict[str, Any]:
    """All that searches, reads and histories tell of the runs of an experiment."""
    found = api.done("/runs/search", experiment_ids=[experiment_id], run_view_type="ALL").get("runs", [])
    for run in found:
        # The store keeps maps in an order of its own.
        run["data"].get("params", []).sort(key=lambda each: each["key"])
    return {
        run["info"]["run_id"]: (run, api.run_data(run["info"]["run_id"]), api.history(run["info"]["run_id"], "loss"))
        for run in found
    }


def moved(experiment_id: str) -> int:
    return slices.of(experiments.load(experiment_id)).moved


def test_a_search_finds_what_another_process_has_logged_just_now(experiment_id: str) -> None:
    run_id = api.create_run(experiment_id)
    log(run_id, 1)
    assert api.found_ids(experiment_id, filter="metrics.loss = 1") == [run_id]

    script = f"""
from tests import client as api
point = {{"key": "loss", "value": 2, "timestamp": 2, "step": 2}}
api.done("/runs/log-metric", run_id="{run_id}", **point)
api.done("/runs/set-tag", run_id="{run_id}", key="color", value="red")
api.done("/runs/log-parameter", run_id=api.create_run("{experiment_id}", run_name="new"), key="p", value="1")
"""
    subprocess.run([sys.executable, "-c", script], check=True)

    assert api.found_ids(experiment_id, filter="metrics.loss = 2 and tags.color = 'red'") == [run_id]
    assert len(api.found_ids(experiment_id, filter="params.p = '1' and attributes.run_name = 'new'")) == 1


def test_a_call_that_took_so_long_that_its_slice_was_moved_is_written_again(
    experiment_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = api.create_run(experiment_id)
    log(run_id, 1)
    now = clock.now_ms()

    def moved_before_it_is_written(number: int, operation: str) -> None:
        # The put of the log call, on its way to the store, while another process sweeps.
        if operation == "PutItem" and moved(experiment_id) == 1:
            with clock.frozen(now):
                feeds.moved(run_id)
            late.__enter__()

    late = clock.frozen(now + 20_000)
    try:
        with injected(moved_before_it_is_written, monkeypatch) as sent:
            log(run_id, 2)
        assert sent.count("PutItem") == 2
    finally:
        late.__exit__(None, None, None)

    remembered.forget_all()
    assert [point["step"] for point in api.history(run_id, "loss")] == [1, 2]
    assert api.run_data(run_id)["metrics"] == {"loss": 2}


def test_nothing_moves_before_everybody_has_stopped_to_write_to_it(experiment_id: str) -> None:
    run_id = api.create_run(experiment_id)
    log(run_id, 1)
    now = clock.now_ms()

    with clock.frozen(now):
        assert slices.advance(experiments.load(experiment_id))
        assert slices.closed(experiment_id, slices.of(experiments.load(experiment_id))) == 1
        assert not slices.advance(experiments.load(experiment_id))
    with clock.frozen(now + 3_249):
        assert slices.closed(experiment_id, slices.of(experiments.load(experiment_id))) == 1
    with clock.frozen(now + 3_251):
        assert slices.closed(experiment_id, slices.of(experiments.load(experiment_id))) == 2


def test_moving_puts_a_run_s_calls_into_its_log_as_one_item(experiment_id: str) -> None:
    run_ids = [api.create_run(experiment_id) for _ in range(3)]
    for step in range(5):
        for run_id in run_ids[:2]:
            log(run_id, step)
    before = told(experiment_id)

    position = feeds.moved(run_ids[0])

    calls = [list(tables.query(LogCall, keys.run(run_id), LogCall.sk.startswith(keys.LOG))) for run_id in run_ids]
    assert [len(each) for each in calls] == [1, 1, 0]
    assert keys.log_position(calls[0][0].sk) == position
    assert told(experiment_id) == before
    remembered.forget_all()
    assert told(experiment_id) == before


def test_a_process_that_begins_with_a_digest_reads_no_run_by_itself(experiment_id: str) -> None:
    run_ids = [api.create_run(experiment_id) for _ in range(30)]
    for step in range(8):
        for run_id in run_ids:
            log(run_id, step)
    before = told(experiment_id)
    _sweep_every_minute(3)
    log(run_ids[0], 100)
    assert experiments.load(experiment_id).digest
    remembered.forget_all()

    found, cost = searched(experiment_id, filter="metrics.loss = 100")

    assert found == [run_ids[0]]
    # The experiment, the digest, the feed and the list of sealed runs.
    assert cost.trips <= 6
    assert told(experiment_id).keys() == before.keys()


def test_a_search_that_cannot_gather_the_open_runs_in_time_can_once_they_are_digested(
    experiment_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_ids = {api.create_run(experiment_id) for _ in range(5)}
    monkeypatch.setattr(live_runs, "_READ_AT_ONCE", 2)
    monkeypatch.setattr(tending, "MANY_RUNS", 5)
    remembered.forget_all()

    with monkeypatch.context() as hurried:
        hurried.setattr(parallel, "_SECONDS", -1.0)
        refused = api.post("/runs/search", experiment_ids=[experiment_id])
        sweep()
        remembered.forget_all()
        answered = api.post("/runs/search", experiment_ids=[experiment_id])

    assert (refused.status, refused.body["error_code"]) == (503, "TEMPORARILY_UNAVAILABLE")
    assert {run["info"]["run_id"] for run in answered.body["runs"]} == run_ids


def test_a_digest_that_was_replaced_leaves_none_behind(experiment_id: str) -> None:
    run_ids = [api.create_run(experiment_id) for _ in range(3)]
    for _ in range(2):
        for step in range(8):
            for run_id in run_ids:
                log(run_id, step)
        _sweep_every_minute(3)
        remembered.forget_all()

    parts = [part.sk for part in tables.query(DigestPart, keys.digests(experiment_id))]

    assert parts == [f"{experiments.load(experiment_id).digest}#0000"]


def test_whoever_finds_its_digest_replaced_reads_the_runs(experiment_id: str) -> None:
    run_ids = [api.create_run(experiment_id) for _ in range(3)]
    _sweep_every_minute(3)
    for run_id in run_ids:
        for step in range(8):
            log(run_id, step)
    _sweep_every_minute(3)
    before = told(experiment_id)
    tables.delete_all(list(tables.query(DigestPart, keys.digests(experiment_id))))

    remembered.forget_all()

    assert told(experiment_id) == before


@pytest.mark.parametrize("ahead_ms", [AN_HOUR_MS, -AN_HOUR_MS])
def test_a_clock_that_is_wrong_hides_nothing(experiment_id: str, ahead_ms: int) -> None:
    run_id = api.create_run(experiment_id)
    log(run_id, 1)
    with clock.frozen(clock.now_ms() + ahead_ms):
        log(run_id, 2)
        sweep()
        log(run_id, 3)
        _sweep_every_minute(3)
        log(run_id, 4)
    log(run_id, 5)

    with clock.frozen(clock.now_ms() + 2 * AN_HOUR_MS):
        seal(run_id)

    assert [point["step"] for point in api.history(run_id, "loss")] == [1, 2, 3, 4, 5]
    assert api.found_ids(experiment_id, filter="metrics.loss = 5") == [run_id]


def test_a_sweep_that_dies_at_any_write_loses_nothing_and_doubles_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def logged() -> str:
        store.empty()
        experiment_id = api.create_experiment()
        run_ids = [api.create_run(experiment_id) for _ in range(3)]
        for step in range(8):
            for run_id in run_ids:
                log(run_id, step, params=[{"key": f"p{step}", "value": "v"}])
        return experiment_id

    for write in itertools.count():
        experiment_id = logged()
        before = told(experiment_id)
        if not dies(lambda: _sweep_every_minute(3), write, monkeypatch):
            break
        assert told(experiment_id) == before, write
        remembered.forget_all()
        assert told(experiment_id) == before, write
        with clock.frozen(clock.now_ms() + 5 * MINUTE_MS):
            _sweep_every_minute(3)
        remembered.forget_all()
        assert told(experiment_id) == before, write
    # The next slice, a log for each run, the number, the digest and its name.
    assert write >= 6


def test_two_sweepers_and_writers_at_once_lose_nothing_and_double_nothing(experiment_id: str) -> None:
    run_ids = [api.create_run(experiment_id) for _ in range(4)]
    for step in range(8):
        for run_id in run_ids:
            log(run_id, step)
    slices.advance(experiments.load(experiment_id))

    with clock.frozen(clock.now_ms() + 10_000):
        item = experiments.load(experiment_id)
        last = slices.closed(experiment_id, slices.of(item))
        work: list[Callable[[int], object]] = [
            lambda _: moving.move(_fresh(item), last),
            lambda worker: [log(run_ids[worker % 4], step) for step in range(100 * worker, 100 * worker + 5)],
        ]
        at_once(lambda worker: work[worker % 2](worker), workers=8)

        expected = {
            run_id: sorted([*range(8), *(s for w in (1, 3, 5, 7) if w % 4 == n for s in range(100 * w, 100 * w + 5))])
            for n, run_id in enumerate(run_ids)
        }
        remembered.forget_all()
        assert {run_id: [p["step"] for p in api.history(run_id, "loss")] for run_id in run_ids} == expected
        latest = {run["info"]["run_id"]: run["data"]["metrics"][0]["value"] for run, *_ in told(experiment_id).values()}
        assert latest == {run_id: steps[-1] for run_id, steps in expected.items()}


def test_a_feed_that_is_too_busy_for_one_partition_goes_on_in_two(
    experiment_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_two, run_ids = Slices(1, 0, "", 2), [api.create_run(experiment_id)]
    while len(set(map(in_two.shard, run_ids))) < 2:
        run_ids.append(api.create_run(experiment_id))
    for run_id in run_ids:
        log(run_id, 1)
    point = {"key": "loss", "value": 2, "timestamp": 2, "step": 2}

    with injected(lambda _at, operation: Fault.THROTTLED if operation == "PutItem" else None, monkeypatch):
        refused = api.post("/runs/log-metric", run_id=run_ids[0], **point)
    assert (refused.status, refused.body["error_code"]) == (429, "REQUEST_LIMIT_EXCEEDED")
    # This process may remember for five seconds that there is one.
    assert [point["step"] for point in api.history(run_ids[0], "loss")] == [1]
    remembered.forget_all()
    for run_id in run_ids:
        log(run_id, 2)

    assert slices.of(experiments.load(experiment_id)).shards == 2
    written = [len(list(tables.query(FeedEntry, keys.feed(experiment_id, shard)))) for shard in range(2)]
    assert min(written) > 0
    assert set(api.found_ids(experiment_id, filter="metrics.loss = 2")) == set(run_ids)
    feeds.moved(run_ids[0])
    for run_id in run_ids:
        assert [each["step"] for each in api.history(run_id, "loss")] == [1, 2]


def test_a_run_that_an_earlier_version_began_goes_on_in_the_feed() -> None:
    store.of_the_version_before()
    experiment_id = api.create_experiment()
    run_id = api.create_run(experiment_id)
    log(run_id, 1)
    assert slices.of(experiments.load(experiment_id)) == (0, 0, "", 1)

    now = clock.now_ms()
    for minute in range(0, 40, 4):
        with clock.frozen(now + minute * MINUTE_MS):
            log(run_id, 2 + minute, tags=[{"key": "minute", "value": str(minute)}])
            sweep()
            assert api.found_ids(experiment_id, filter=f"metrics.loss = {2 + minute}") == [run_id]
            assert api.found_ids(experiment_id, filter=f"tags.minute = '{minute}'") == [run_id]

    with clock.frozen(now + 40 * MINUTE_MS):
        assert slices.of(experiments.load(experiment_id)).current > 0
        steps = [point["step"] for point in api.history(run_id, "loss")]
        seal(run_id)
    assert steps == [point["step"] for point in api.history(run_id, "loss")] == [1, *range(2, 42, 4)]


@pytest.mark.parametrize("question", [{}, {"filter": "metrics.loss < 1"}, {"order_by": ["metrics.loss DESC"]}])
def test_what_a_search_costs_is_what_was_logged_since_the_one_before(question: dict[str, Any]) -> None:
    costs = []
    for count in (10, 80):
        experiment_id = api.create_experiment(f"of {count}")
        run_ids = [api.create_run(experiment_id) for _ in range(count)]
        for run_id in run_ids:
            log(run_id, 1)
        searched(experiment_id, **question)
        slices.advance(experiments.load(experiment_id))
        with clock.frozen(clock.now_ms() + 10_000):
            searched(experiment_id, **question)
            found, cost = searched(experiment_id, **question)
        assert len(found) == (0 if "filter" in question else count)
        costs.append((cost.read, cost.trips))

    assert costs[0] == costs[1]


def _sweep_every_minute(rounds: int) -> None:
    now = clock.now_ms()
    for minute in range(1, rounds + 1):
        with clock.frozen(now + minute * MINUTE_MS):
            sweep()


def _fresh(item: ExperimentItem) -> ExperimentItem:
    return experiments.load(item.experiment_id)
