"""Requests that create something, sent again: after a crash, after a lost reply, and by many at once."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib import remembered
from chalicelib.storage import keys, tables
from chalicelib.storage.items import OpenRun
from tests import client as api
from tests.client import Answer
from tests.contract import registered, store
from tests.contract.at_once import at_once
from tests.contract.faults import Crash, Fault, dies, injected, writes

CHOSEN = "c" * 32


@pytest.fixture
def experiment_id() -> str:
    return api.create_experiment()


def create(experiment_id: str, **fields: Any) -> Answer:
    return api.post("/runs/create", experiment_id=experiment_id, **{"run_id": CHOSEN, "run_name": "one", **fields})


def test_a_run_that_was_created_at_once_by_sixteen_is_one_and_all_are_told(experiment_id: str) -> None:
    answers = at_once(lambda _: create(experiment_id))

    assert Counter(answer.status for answer in answers) == {200: 16}
    assert {answer.body["run"]["info"]["run_id"] for answer in answers} == {CHOSEN}
    assert api.found_ids(experiment_id) == [CHOSEN]


def test_of_sixteen_different_requests_for_one_id_one_wins_and_no_other_leaves_a_trace() -> None:
    experiments = [api.create_experiment(f"experiment {number}") for number in range(4)]

    answers = at_once(lambda at: create(experiments[at % 4], run_name=f"run {at}"))

    winner = next(at for at, answer in enumerate(answers) if answer.status == 200)
    refused = Counter(answer.body.get("error_code") for answer in answers)
    assert refused == {None: 1, "RESOURCE_ALREADY_EXISTS": 15}
    assert [api.found_ids(each) for each in experiments] == [[CHOSEN] * (at == winner % 4) for at in range(4)]
    assert api.get("/runs/get", run_id=CHOSEN).body["run"]["info"]["run_name"] == f"run {winner}"


@pytest.mark.parametrize("name", ["one", "other"])
def test_a_request_that_comes_between_the_writes_of_another_one(
    experiment_id: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each moment at which the second request can come, whole."""
    at, is_over = 0, False
    while not is_over:
        run_id = f"{at:032x}"
        came: list[Answer] = []

        def between(number: int, _operation: str, at: int = at, run_id: str = run_id, came: Any = came) -> None:
            if number == at and not came:
                # Before the request that makes it: its own requests are asked about too.
                came.append(Answer(0, {}, {}))
                came[0] = create(experiment_id, run_id=run_id, run_name=name)

        with injected(between, monkeypatch):
            first = create(experiment_id, run_id=run_id)
        is_over = not came
        outcomes = [answer.body.get("error_code") for answer in (first, *came)]
        assert outcomes.count(None) == (len(outcomes) if name == "one" else 1), (at, outcomes)
        assert api.found_ids(experiment_id).count(run_id) == 1
        at += 1
    # The experiment is known, so at least INFO, what lists the run, and its opening.
    assert at > 3


@pytest.mark.parametrize("is_joined", [False, True], ids=["alone", "joined"])
def test_a_crash_after_any_write_leaves_a_run_that_the_next_request_completes(
    experiment_id: str, is_joined: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = 0
    while dies(lambda where=experiment_id: create(where), at, monkeypatch):
        remembered.forget_all()
        if is_joined:
            # Another rank, which knows the id from elsewhere, logs before the creator comes again.
            logged = api.post("/runs/log-metric", run_id=CHOSEN, key="loss", value=1, timestamp=1)
            assert (logged.status, _is_listed(experiment_id)) in ((200, True), (404, False))

        assert create(experiment_id).status == 200

        assert api.found_ids(experiment_id) == [CHOSEN]
        assert _is_listed(experiment_id)
        experiment_id = _next_world(at)
        at += 1
    assert at >= 3


def _is_listed(experiment_id: str) -> bool:
    """Whether the sweeper knows of the run, and so all searches of the future."""
    return tables.get(OpenRun, keys.open_runs(experiment_id), CHOSEN) is not None


@pytest.mark.parametrize("fault", [Fault.LOST, Fault.CRASH_AFTER], ids=lambda fault: fault.name)
@pytest.mark.parametrize("kind", ["experiment", "model", "version"])
def test_what_a_key_created_is_answered_again_though_nobody_heard_of_it(
    kind: str, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = _calls()[kind]
    with injected(lambda _, operation: fault if operation == "TransactWriteItems" else None, monkeypatch) as sent:
        try:
            call()
        except Crash:
            assert fault is Fault.CRASH_AFTER
    assert writes(sent)

    answers = [call() for _ in range(2)]

    assert answers[0].status == 200, answers[0].body
    assert answers[1].body == answers[0].body
    if kind != "experiment":
        registered.check("wine")


@pytest.mark.parametrize("kind", ["experiment", "model", "version"])
def test_sixteen_with_one_key_create_one_thing(kind: str) -> None:
    call = _calls()[kind]

    answers = at_once(lambda _: call())

    assert Counter(answer.status for answer in answers) == {200: 16}, answers
    assert len({str(answer.body) for answer in answers}) == 1


def _calls() -> dict[str, Callable[[], Answer]]:
    api.done("/registered-models/create", name="wine")
    run_id = api.create_run(api.create_experiment("source"))
    source = f"runs:/{run_id}/model"
    return {
        "experiment": lambda: api.post_with_key("k", "/experiments/create", name="new"),
        "model": lambda: api.post_with_key("k", "/registered-models/create", name="new"),
        "version": lambda: api.post_with_key("k", "/model-versions/create", name="wine", source=source, run_id=run_id),
    }


def _next_world(number: int) -> str:
    """An empty store, so that the id is free again, and an experiment in it."""
    store.empty()
    return api.create_experiment(f"world {number}")
