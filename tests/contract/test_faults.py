"""Each call that writes, with each of its requests to the store failing in each way: no 500, no half, nothing lost.

By day some of the calls meet one of these each.
"""

import functools
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.storage import tables
from tests import client as api
from tests.client import Answer
from tests.contract import worlds
from tests.contract.faults import Crash, Fault, always, injected, once
from tests.contract.worlds import OPERATIONS, World
from tests.sampling import some

WRITES = frozenset({"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"})
BATCHES = frozenset({"BatchGetItem", "BatchWriteItem"})
# The faults that only some requests can have.
OF_SOME = {Fault.CONFLICT: WRITES, Fault.LEFT_UNDONE: BATCHES}

every_operation = pytest.mark.parametrize("name", OPERATIONS)


@pytest.mark.sampled(keep=16)
@every_operation
@pytest.mark.parametrize("fault", [*OF_SOME, Fault.THROTTLED, Fault.REFUSED, Fault.LOST], ids=lambda f: f.name)
def test_one_failed_request_is_not_noticed(name: str, fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    requests, expected = _clean_run(name)
    failing = [at for at, request in enumerate(requests) if request in OF_SOME.get(fault, {request})]

    for at in some(failing, 1):
        world = worlds.alone()
        with injected(once(at, fault), monkeypatch):
            answer = OPERATIONS[name](world)

        assert answer.status == 200, (requests[at], answer)
        assert worlds.observe(world) == expected, requests[at]


@pytest.mark.sampled(keep=8)
@every_operation
@pytest.mark.parametrize(
    ("fault", "status", "error_code"),
    [(Fault.THROTTLED, 429, "REQUEST_LIMIT_EXCEEDED"), (Fault.REFUSED, 503, "TEMPORARILY_UNAVAILABLE")],
    ids=["throttled", "refused"],
)
def test_a_store_that_stays_away_is_told_as_such_and_the_retry_completes_the_call(
    name: str, fault: Fault, status: int, error_code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    requests, expected = _clean_run(name)

    for from_request in some(range(len(requests)), 2):
        world = worlds.alone()
        with injected(lambda at, _, since=from_request: fault if at >= since else None, monkeypatch):
            answer = OPERATIONS[name](world)

        if answer.status == 200 and name in worlds.TELLS_AFTERWARDS:
            assert worlds.observe(world) == expected
            continue
        assert (answer.status, answer.body["error_code"]) == (status, error_code)
        assert answer.headers["Retry-After"]
        _retry(name, world, expected)


@pytest.mark.sampled(keep=28)
@every_operation
@pytest.mark.parametrize("fault", [Fault.CRASH_BEFORE, Fault.CRASH_AFTER], ids=lambda fault: fault.name)
def test_a_crash_at_any_request_leaves_what_a_retry_completes(
    name: str, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    requests, expected = _clean_run(name)

    for at in some(range(len(requests)), 1):
        world = worlds.alone()
        with injected(once(at, fault), monkeypatch), pytest.raises(Crash):
            OPERATIONS[name](world)

        _retry(name, world, expected)


def test_reads_of_a_store_that_stays_away_are_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    world = worlds.alone()
    reads: list[Callable[[], Answer]] = [
        lambda: api.get("/runs/get", run_id=world.run_id),
        lambda: api.get("/experiments/get", experiment_id=world.experiment_id),
        lambda: api.post("/runs/search", experiment_ids=[world.experiment_id]),
        lambda: api.get("/metrics/get-history", run_id=world.run_id, metric_key="loss"),
        lambda: api.get(f"/logged-models/{world.model_id}"),
        lambda: api.post("/logged-models/search", experiment_ids=[world.experiment_id]),
    ]

    for read in reads:
        with injected(always(Fault.THROTTLED), monkeypatch):
            assert read().status == 429
        with injected(always(Fault.REFUSED), monkeypatch):
            assert read().status == 503


def test_a_batch_that_is_left_undone_for_ever_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    world = worlds.alone()

    with injected(lambda _, operation: Fault.LEFT_UNDONE if operation in BATCHES else None, monkeypatch):
        monkeypatch.setattr(tables, "_ROUNDS", 2)
        read = api.get("/runs/get", run_id=world.run_id)
        written = OPERATIONS["create run"](world)

    assert (read.status, written.status) == (503, 503)


@functools.cache
def _clean_run(name: str) -> tuple[list[str], Any]:
    """The requests that the call makes when nothing fails, and what is to be seen afterwards in any world."""
    world = worlds.alone()
    with pytest.MonkeyPatch.context() as patched, injected(lambda _at, _operation: None, patched) as requests:
        answer = OPERATIONS[name](world)
    assert answer.status == 200
    return list(requests), worlds.observe(world)


def _retry(name: str, world: World, expected: Any) -> None:
    answer = OPERATIONS[name](world)

    if answer.status != 200:
        assert answer.body["error_code"] == worlds.SAYS_SO_THE_SECOND_TIME.get(name), answer
    seen = worlds.observe(world)
    if name in worlds.MAKES_ANOTHER:
        seen = worlds.without_repeats(seen)
    assert seen == expected
