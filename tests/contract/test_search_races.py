"""Searches beside writers and sweepers: what was acknowledged is found by every search that begins afterwards."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from chalicelib import clock
from chalicelib.sweeper.sweep import sweep
from tests import client as api
from tests.contract.index_audit import differences
from tests.contract.timeline import Timeline
from tests.sampling import times

ROUNDS = times(12, nightly=24)
HALF_A_MINUTE_MS = 30_000
WRITERS = 4
SEARCHES_A_ROUND = times(2, nightly=3)


def test_what_was_acknowledged_is_found_once_by_every_search_beside_writers_and_sweepers() -> None:
    experiment_id, time = api.create_experiment(), Timeline()
    run_ids = [api.create_run(experiment_id, start_time=1 + at) for at in range(3 * WRITERS)]
    for run_id in run_ids:
        api.done("/runs/update", run_id=run_id, status="FINISHED")

    # Half a minute a round: runs are closed, sealed and opened again while others write to them and search.
    for now in range(ROUNDS):
        time.wait(HALF_A_MINUTE_MS)
        own = [[run_id for at, run_id in enumerate(run_ids) if at % WRITERS == writer] for writer in range(WRITERS)]
        writers = [lambda runs=runs, now=now: _write(experiment_id, runs, now) for runs in own]
        searchers = [lambda: _search(experiment_id, run_ids)] * 2
        with clock.frozen(time.now_ms):
            _at_once([sweep, sweep, *searchers, *writers])

    time.settle()
    assert time.do(lambda: differences(experiment_id)) == []


def _write(experiment_id: str, run_ids: list[str], now: int) -> None:
    for number, run_id in enumerate(run_ids):
        # Each run rests for five, seven or nine rounds: long enough to be closed, or to be sealed.
        if now % (5 + 2 * number) == 0:
            value = f"{run_id} {now}"
            api.done("/runs/set-tag", run_id=run_id, key="last", value=value)
            assert api.found_ids(experiment_id, filter=f"tags.last = '{value}'") == [run_id]
            api.done("/runs/log-metric", run_id=run_id, key="now", value=now, timestamp=now, step=now)
            assert run_id in api.found_ids(experiment_id, filter=f"metrics.now >= {now}")
        elif now:
            last = now - now % (5 + 2 * number)
            assert api.found_ids(experiment_id, filter=f"tags.last = '{run_id} {last}'") == [run_id]


def _search(experiment_id: str, run_ids: list[str]) -> None:
    for _ in range(SEARCHES_A_ROUND):
        assert api.found_ids(experiment_id) == run_ids[::-1]
        by_metric = api.found_ids(experiment_id, order_by=["metrics.now DESC"])
        assert sorted(by_metric) == sorted(run_ids)


def _at_once(calls: list[Callable[[], object]]) -> None:
    start = Barrier(len(calls))

    def started(call: Callable[[], object]) -> None:
        start.wait()
        call()

    with ThreadPoolExecutor(len(calls)) as pool:
        list(pool.map(started, calls))
