"""A search with any of its requests failing in any way: the right page, or none and a word about coming back."""

from typing import Any

import pytest

from chalicelib.tracking.index import known_sealed
from tests import client as api
from tests.contract.faults import Fault, Plan, injected, once
from tests.contract.index_audit import plain
from tests.contract.timeline import Timeline
from tests.sampling import some

QUESTIONS: list[dict[str, Any]] = [
    {},
    {"filter": "tags.team = 'audio'", "order_by": ["metrics.loss DESC"]},
    {"filter": "metrics.loss > 0", "run_view_type": "ALL", "max_results": 2},
]


@pytest.fixture
def experiment_id() -> str:
    """Three sealed runs, and one that was opened again."""
    time, experiment_id = Timeline(), api.create_experiment()
    run_ids = [api.create_run(experiment_id, start_time=number) for number in range(1, 5)]
    for number, run_id in enumerate(run_ids):
        point = {"key": "loss", "value": number, "timestamp": 1}
        api.done("/runs/log-batch", run_id=run_id, metrics=[point], tags=[{"key": "team", "value": "audio"}])
    time.sweep(3)
    time.do(lambda: api.done("/runs/set-tag", run_id=run_ids[1], key="late", value="1"))
    return experiment_id


@pytest.mark.parametrize("question", QUESTIONS, ids=["newest", "tag by metric", "metric, a short page"])
@pytest.mark.parametrize("fault", [Fault.THROTTLED, Fault.REFUSED, Fault.LOST, Fault.LEFT_UNDONE], ids=lambda f: f.name)
def test_one_failed_request_of_a_search_is_not_noticed(
    experiment_id: str, question: dict[str, Any], fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    requests, clean = _answered(experiment_id, question, monkeypatch)
    expected, ids = plain(clean.body["runs"]), _ids(clean)

    for at in some(range(len(requests)), 2):
        with injected(_of_batches_only(fault, once(at, fault)), monkeypatch):
            answer = _search(experiment_id, question)

        assert (answer.status, plain(answer.body.get("runs"))) == (200, expected), requests[at]
        assert _ids(answer) == ids, requests[at]


@pytest.mark.parametrize("question", QUESTIONS, ids=["newest", "tag by metric", "metric, a short page"])
@pytest.mark.parametrize(("fault", "status"), [(Fault.THROTTLED, 429), (Fault.REFUSED, 503)], ids=["busy", "away"])
def test_a_store_that_stays_away_in_the_middle_of_a_search_is_told_as_such(
    experiment_id: str, question: dict[str, Any], fault: Fault, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    requests, _ = _answered(experiment_id, question, monkeypatch)

    for since in some(range(len(requests)), 2):
        with injected(lambda at, _, since=since: fault if at >= since else None, monkeypatch):
            answer = _search(experiment_id, question)

        assert answer.status == status


def _of_batches_only(fault: Fault, plan: Plan) -> Plan:
    """The plan; where only a batch can have the fault, for batches. Which request comes when differs among threads."""
    if fault is not Fault.LEFT_UNDONE:
        return plan
    return lambda at, operation: plan(at, operation) if operation == "BatchGetItem" else None


def _answered(
    experiment_id: str, question: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> tuple[list[str], api.Answer]:
    """The requests of a search when nothing fails and all is known that a process remembers, and its answer."""
    _search(experiment_id, question)
    with injected(lambda _at, _operation: None, monkeypatch) as requests:
        answer = _search(experiment_id, question)
    assert answer.status == 200
    return list(requests), answer


def _ids(answer: api.Answer) -> list[str]:
    return [run["info"]["run_id"] for run in answer.body["runs"]]


def _search(experiment_id: str, question: dict[str, Any]) -> api.Answer:
    """A search that reads its runs, whether others have read them or not."""
    known_sealed.RUNS.forget_all()
    return api.post("/runs/search", experiment_ids=[experiment_id], **question)
