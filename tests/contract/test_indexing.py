"""Sealing and the index: whatever is written, wherever a sweeper or a server dies, searches answer as runs/get does."""

import itertools
from collections.abc import Callable
from contextlib import suppress

import pytest

from chalicelib.sweeper.sweep import sweep
from tests import client as api
from tests.contract import store
from tests.contract.faults import Crash, Fault, injected, once, writes
from tests.contract.index_audit import differences, wrong_answers
from tests.contract.timeline import Timeline
from tests.sampling import some

A_SECOND_MS = 1_000
A_DAY_MS = 86_400_000

# What is done to a run, the number of times it was done before given.
Write = Callable[[str, int], object]


def _delete_or_restore(run_id: str, number: int) -> None:
    api.done("/runs/restore" if number % 2 else "/runs/delete", run_id=run_id)


def _set_and_delete_tag(run_id: str, number: int) -> None:
    api.done("/runs/set-tag", run_id=run_id, key="late", value=str(number))
    api.done("/runs/delete-tag", run_id=run_id, key="late")


WRITES: dict[str, Write] = {
    "set tag": lambda run_id, number: api.done("/runs/set-tag", run_id=run_id, key="team", value=f"video {number}"),
    "delete tag": _set_and_delete_tag,
    "log metric": lambda run_id, number: api.done(
        "/runs/log-metric", run_id=run_id, key="loss", value=1 / (number + 1), timestamp=9, step=9 + number
    ),
    "log param": lambda run_id, number: api.done("/runs/log-parameter", run_id=run_id, key=f"p {number}", value="1"),
    "update": lambda run_id, number: api.done(
        "/runs/update", run_id=run_id, status="FAILED", end_time=9 + number, run_name=f"r{number}"
    ),
    "delete or restore": _delete_or_restore,
}

every_write = pytest.mark.parametrize("name", WRITES)
# Of the requests of a sealing, at so many a process dies by day.
CRASHES = 1


class World:
    """An experiment with two runs: one that is left alone, and one that things are done to."""

    def __init__(self) -> None:
        store.empty()
        self.time = Timeline()
        self.experiment_id = api.create_experiment()
        self.other_id, self.run_id = (logged_run(self.experiment_id, number) for number in (1, 2))

    def write(self, name: str, number: int = 0) -> None:
        self.time.do(lambda: WRITES[name](self.run_id, number))

    def wrong_answers(self) -> list[str]:
        return self.time.do(lambda: wrong_answers(self.experiment_id))

    def differences(self) -> list[str]:
        return self.time.do(lambda: differences(self.experiment_id))


def logged_run(experiment_id: str, number: int) -> str:
    run_id = api.create_run(experiment_id, start_time=number, run_name=f"r{number}", user_id="ada")
    api.done(
        "/runs/log-batch",
        run_id=run_id,
        metrics=[{"key": "loss", "value": number / 4, "timestamp": 1}, {"key": "odd", "value": "NaN", "timestamp": 1}],
        params=[{"key": "lr", "value": "0.1"}],
        tags=[{"key": "team", "value": "audio"}],
    )
    dataset = {"name": "d", "digest": f"{number}", "source_type": "local", "source": "s"}
    tags = [{"key": "mlflow.data.context", "value": "train"}]
    api.done("/runs/log-inputs", run_id=run_id, datasets=[{"dataset": dataset, "tags": tags}])
    api.done("/runs/update", run_id=run_id, status="FINISHED", end_time=100 + number)
    return run_id


@pytest.mark.sampled(keep=3)
@every_write
def test_a_sealed_run_that_is_written_is_found_as_it_is_now_while_open_and_sealed_again(name: str) -> None:
    world = World()
    world.time.settle()
    before = world.differences()

    world.write(name)
    at_once = world.wrong_answers()
    world.time.sweep(4)

    assert before == at_once == []
    assert world.differences() == []


def test_a_run_is_sealed_again_by_a_clock_that_was_ahead_and_was_put_right() -> None:
    world = World()
    world.time.wait(A_DAY_MS)
    world.time.settle()

    world.time.wait(-A_DAY_MS)
    world.write("set tag")
    world.time.settle()

    assert world.differences() == []


def test_of_two_sweepers_that_seal_a_run_at_once_the_slower_one_gives_way(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    world.time.settle()
    world.write("set tag")
    world.time.sweep()
    world.time.wait(200_000)
    puts = itertools.count()

    def meanwhile(_at: int, operation: str) -> None:
        # When it is about to put the SEALED item, the sweeper is overtaken by another one, which does all there is.
        if operation == "PutItem" and next(puts) == 0:
            sweep()

    with injected(meanwhile, monkeypatch):
        world.time.sweep_now()
    world.time.sweep()

    assert world.differences() == []


# To end before a request is to end after the one before it, as they are made one by one.
def test_a_crash_after_any_write_of_a_first_sealing_harms_no_search_and_leaves_no_trace(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clean = World()
    with injected(lambda _at, _operation: None, monkeypatch) as requests:
        clean.time.sweep(3)

    for at in some(writes(requests), CRASHES):
        world = World()
        with injected(once(at, Fault.CRASH_AFTER), monkeypatch), pytest.raises(Crash):
            world.time.sweep(3)
        world.time.wait(10 * A_SECOND_MS)

        assert world.wrong_answers() == [], at
        world.time.settle()
        assert world.differences() == [], at


@every_write
def test_a_crash_after_any_write_from_a_call_to_sealed_again_harms_no_search_and_leaves_no_trace(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World()
    world.time.settle()

    with injected(lambda _at, _operation: None, monkeypatch) as requests:
        world.write(name)
        world.time.sweep(3)
    world.time.sweep(4)

    for turn, at in enumerate(some(writes(requests), CRASHES), 1):
        with injected(once(at, Fault.CRASH_AFTER), monkeypatch), suppress(Crash):
            world.write(name, turn)
            world.time.sweep(3)
        world.time.wait(10 * A_SECOND_MS)

        assert world.wrong_answers() == [], at
        world.time.sweep(4)
        assert world.differences() == [], at
