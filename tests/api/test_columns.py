"""Runs as columns: the values, what changed since the reply before, and how much one reply holds."""

import gzip
import json
from typing import Any

import pytest

from app import app
from chalicelib import clock, remembered
from chalicelib.access import identity
from chalicelib.edge import replies
from chalicelib.tracking.columns import names, rows
from infra.local import gateway
from tests import client as api
from tests import columns
from tests.client import JSON, Answer
from tests.columns import by_run
from tests.contract.store import empty

REFUSED = (400, "INVALID_PARAMETER_VALUE")


@pytest.fixture(scope="module", autouse=True)
def store(aws: None) -> None:
    """Empty at the start of the file: each test has its own experiment."""
    empty()


@pytest.fixture
def experiment_id() -> str:
    return api.create_experiment(clock.unique_id())


def outcome(answer: Answer) -> tuple[int, str | None]:
    return answer.status, answer.body.get("error_code")


def log(run_id: str, value: Any, step: int = 1, **more: Any) -> None:
    point = {"key": "loss", "value": value, "timestamp": 5, "step": step}
    api.done("/runs/log-batch", run_id=run_id, metrics=[point], **more)


def three(experiment_id: str) -> list[str]:
    """Runs in the default order: the last started first, with losses of 3, 2 and 1."""
    run_ids = [api.create_run(experiment_id, start_time=start) for start in (3, 2, 1)]
    for loss, run_id in zip((3, 2, 1), run_ids, strict=True):
        log(run_id, loss)
    return run_ids


def test_a_column_has_a_value_for_each_run_or_null(experiment_id: str) -> None:
    full = api.create_run(experiment_id, run_name="full", start_time=2)
    empty_run = api.create_run(experiment_id, run_name="empty", start_time=1)
    log(full, "NaN", step=7, params=[{"key": "depth", "value": "3"}], tags=[{"key": "a.b", "value": "c"}])
    wanted = ["attributes.run_name", "metrics.loss", "metrics.loss@step", "metrics.loss@timestamp", "params.depth"]

    reply = columns.asked(experiment_ids=[experiment_id], columns=[*wanted, "tags.a.b", "tags.none"])

    assert reply["run_ids"] == [full, empty_run]
    assert reply["columns"] == {
        "attributes.run_name": ["full", "empty"],
        "metrics.loss": ["NaN", None],
        "metrics.loss@step": [7, None],
        "metrics.loss@timestamp": [5, None],
        "params.depth": ["3", None],
        "tags.a.b": ["c", None],
        "tags.none": [None, None],
    }
    assert "next_page_token" not in reply


def test_attributes_are_those_of_the_run_as_it_is_shown(experiment_id: str) -> None:
    run_id = api.create_run(experiment_id, user_id="ada")
    info = api.get("/runs/get", run_id=run_id).body["run"]["info"]

    reply = columns.asked(
        experiment_ids=[experiment_id], columns=[f"attributes.{key}" for key in info if key != "run_uuid"]
    )

    assert {name.removeprefix("attributes."): values for name, values in reply["columns"].items()} == {
        key: [value] for key, value in info.items() if key != "run_uuid"
    }


def test_filter_order_and_pages_are_those_of_a_search(experiment_id: str) -> None:
    three_, two, one = three(experiment_id)
    question = {"experiment_ids": [experiment_id], "filter": "metrics.loss < 3", "order_by": ["metrics.loss"]}

    first = columns.asked(**question, max_results=1)
    second = columns.asked(**question, max_results=1, page_token=first["next_page_token"])

    assert first["run_ids"] == [one]
    assert second["run_ids"] == [two]
    assert "next_page_token" not in second
    assert three_ in columns.asked(experiment_ids=[experiment_id])["run_ids"]


@pytest.mark.parametrize(
    "fields",
    [
        {"columns": ["loss"]},
        {"columns": [f"metrics.m{number}" for number in range(61)]},
        {"columns": "metrics.loss"},
        {"columns": [7]},
        {"max_results": 5_001},
        {"max_results": 0},
        {"filter": "nonsense"},
        {"order_by": ["nonsense ASCENDING"]},
        {"page_token": "nonsense"},
        {"since": "nonsense"},
        {"since": "é"},
        {"since": "A" * 200_001},
        {"run_view_type": "SOME"},
    ],
    ids=str,
)
def test_wrong_input_is_refused(fields: dict[str, Any]) -> None:
    assert outcome(columns.ask(experiment_ids=["0"], **fields)) == REFUSED


def test_sixty_columns_of_five_thousand_rows_may_be_asked_for() -> None:
    wanted = [f"metrics.m{number}" for number in range(60)]

    reply = columns.asked(experiment_ids=["0"], columns=wanted * 2, max_results=5_000)

    assert reply["columns"] == {name: [] for name in wanted}


def test_a_cursor_says_that_nothing_changed(experiment_id: str) -> None:
    three(experiment_id)
    question = {"experiment_ids": [experiment_id], "columns": ["metrics.loss"], "max_results": 2}
    whole = columns.asked(**question)

    remembered.forget_all()

    assert columns.asked(**question, since=whole["cursor"]) == {
        "unchanged": True,
        "etag": whole["etag"],
        "next_page_token": whole["next_page_token"],
    }


def test_a_cursor_says_which_rows_changed_and_no_more(experiment_id: str) -> None:
    three_, two, one = three(experiment_id)
    question = {"experiment_ids": [experiment_id], "columns": ["metrics.loss"]}
    whole = columns.asked(**question)

    log(two, 9, step=2)
    api.done("/runs/set-tag", run_id=one, key="not", value="shown")
    changed = columns.asked(**question, since=whole["cursor"])

    assert changed["changed"] == {"run_ids": [two], "columns": {"metrics.loss": [9]}}
    assert "run_ids" not in changed
    assert changed["etag"] != whole["etag"]
    assert columns.asked(**question, since=changed["cursor"])["unchanged"]
    assert columns.asked(**question)["etag"] == changed["etag"]
    assert three_ in whole["run_ids"]


def test_a_cursor_says_who_came_who_left_and_the_new_order(experiment_id: str) -> None:
    three_, two, one = three(experiment_id)
    question = {"experiment_ids": [experiment_id], "columns": ["metrics.loss"], "order_by": ["metrics.loss"]}
    whole = columns.asked(**question)

    api.done("/runs/delete", run_id=three_)
    log(two, 0, step=2)
    four = api.create_run(experiment_id, start_time=4)
    changed = columns.asked(**question, since=whole["cursor"])

    assert by_run(changed["changed"]) == {two: [0], four: [None]}
    assert changed["run_ids"] == [two, one, four]
    assert columns.brought_up(by_run(whole), changed) == by_run(columns.asked(**question))


def test_a_run_that_is_over_is_told_once_and_with_what_shares_its_bucket(experiment_id: str) -> None:
    three_, two, one = three(experiment_id)
    question = {"experiment_ids": [experiment_id], "columns": ["metrics.loss", "attributes.status"]}
    begun = columns.asked(**question)

    for run_id in (three_, two, one):
        api.done("/runs/update", run_id=run_id, status="FINISHED")
    over = columns.asked(**question, since=begun["cursor"])
    log(two, 9, step=2)
    late = columns.asked(**question, since=over["cursor"])

    assert set(over["changed"]["run_ids"]) == {three_, two, one}
    assert two in late["changed"]["run_ids"]
    assert "run_ids" not in late
    assert columns.brought_up(by_run(begun), over) == by_run(over["changed"])
    assert columns.brought_up(by_run(over["changed"]), late) == by_run(columns.asked(**question))
    assert columns.asked(**question, since=late["cursor"])["unchanged"]


def test_a_cursor_grows_with_the_runs_that_are_live_and_not_with_the_others(experiment_id: str) -> None:
    question = {"experiment_ids": [experiment_id], "columns": ["metrics.loss"]}
    runs = [api.create_run(experiment_id) for _ in range(40)]
    live = columns.asked(**question)["cursor"]
    for run_id in runs:
        api.done("/runs/update", run_id=run_id, status="FINISHED")

    over = columns.asked(**question)["cursor"]
    more = [api.create_run(experiment_id) for _ in range(5)]

    assert len(over) < len(live) - 40 * 22
    assert len(over) < len(columns.asked(**question)["cursor"]) < len(over) + len(more) * 31


def test_an_order_that_alone_changed_is_told(experiment_id: str) -> None:
    three_, two, one = three(experiment_id)
    question = {"experiment_ids": [experiment_id], "order_by": ["metrics.loss"]}
    whole = columns.asked(**question)

    log(one, 10, step=2)
    changed = columns.asked(**question, since=whole["cursor"])

    assert changed["changed"] == {"run_ids": [], "columns": {}}
    assert changed["run_ids"] == [two, three_, one]


def test_a_cursor_is_good_for_its_own_question_only(experiment_id: str) -> None:
    three(experiment_id)
    question = {"experiment_ids": [experiment_id], "columns": ["metrics.loss"], "max_results": 2}
    whole = columns.asked(**question)
    others: list[dict[str, Any]] = [
        {"columns": ["metrics.loss@step"]},
        {"columns": []},
        {"max_results": 3},
        {"filter": "metrics.loss > 0"},
        {"order_by": ["metrics.loss"]},
        {"run_view_type": "ALL"},
        {"experiment_ids": [experiment_id, "0"]},
        {"page_token": whole["next_page_token"]},
    ]

    assert {outcome(columns.ask(**{**question, **other, "since": whole["cursor"]})) for other in others} == {REFUSED}


def test_a_cursor_is_good_for_who_asked_only(experiment_id: str) -> None:
    question = {"experiment_ids": [experiment_id]}
    with identity.in_name_of("ada"):
        cursor = columns.asked(**question)["cursor"]

        assert columns.asked(**question, since=cursor)["unchanged"]
    with identity.in_name_of("grace"):
        assert outcome(columns.ask(**question, since=cursor)) == REFUSED


def test_a_cursor_that_was_touched_and_a_token_of_another_kind_are_refused(experiment_id: str) -> None:
    three(experiment_id)
    question = {"experiment_ids": [experiment_id], "max_results": 2}
    whole = columns.asked(**question)
    cursor = whole["cursor"]

    touched = [cursor[:-1], cursor + "A", cursor.swapcase(), cursor[22:], whole["next_page_token"], whole["etag"]]

    assert {outcome(columns.ask(**question, since=each)) for each in touched} == {REFUSED}
    assert outcome(columns.ask(**question, page_token=cursor)) == REFUSED


def _pages(question: dict[str, Any], headers: dict[str, str]) -> list[tuple[int, list[str]]]:
    """Of each page the bytes and the runs."""
    found = []
    token = ""
    while True:
        body = json.dumps({**question, "page_token": token}).encode()
        sent = {"Content-Type": JSON, **headers}
        status, told, content = gateway.call(app, "POST", columns.PATH, None, sent, body)
        assert status == 200, content
        reply = json.loads(gzip.decompress(content) if told.get("Content-Encoding") else content)
        found.append((len(content), reply["run_ids"]))
        token = reply.get("next_page_token", "")
        if not token:
            return found


def test_a_reply_that_is_too_long_ends_with_a_token_unless_it_may_be_compressed(
    experiment_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_ids = [api.create_run(experiment_id, start_time=start) for start in range(9, 0, -1)]
    for run_id in run_ids:
        api.done("/runs/set-tag", run_id=run_id, key="text", value='"' * 3_000)
    question = {"experiment_ids": [experiment_id], "columns": ["tags.text"]}
    # A quote takes four bytes in Lambda's reply.
    monkeypatch.setattr(replies, "MOST_BYTES", 40_000)

    as_text, compressed = _pages(question, {}), _pages(question, {"Accept": "*/*", "Accept-Encoding": "gzip"})
    monkeypatch.setattr(rows, "_MOST_UNPACKED", 60_000)
    bounded = _pages(question, {"Accept": "*/*", "Accept-Encoding": "gzip"})

    assert [len(found) for _, found in as_text] == [3, 3, 3]
    assert [len(found) for _, found in compressed] == [9]
    assert [len(found) for _, found in bounded] == [4, 4, 1]
    assert compressed[0][0] < 2_000
    for pages in (as_text, compressed, bounded):
        assert [run_id for _, found in pages for run_id in found] == run_ids


def test_names_come_with_the_number_of_runs_that_have_them(experiment_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    run_ids = three(experiment_id)
    log(run_ids[0], 1, params=[{"key": "depth", "value": "3"}, {"key": "b", "value": "3"}])
    log(run_ids[2], 1, params=[{"key": "b", "value": "3"}])
    api.done("/runs/delete", run_id=run_ids[1])

    def named() -> dict[str, Any]:
        return api.send("GET", columns.PATH + "/names", query={"experiment_ids": [experiment_id, "0"]}).body

    found = named()
    monkeypatch.setattr(names, "_RUNS", 1)
    monkeypatch.setattr(names, "_NAMES", 1)
    sample = named()

    assert (found["runs"], found["is_sample"]) == (2, False)
    assert found["metrics"] == [{"key": "loss", "runs": 2}]
    assert found["params"] == [{"key": "b", "runs": 2}, {"key": "depth", "runs": 1}]
    assert found["tags"] == [{"key": "mlflow.runName", "runs": 2}]
    assert found["left_out"] == {"metrics": 0, "params": 0, "tags": 0}
    assert (sample["runs"], sample["is_sample"]) == (1, True)
    assert sample["params"] == [{"key": "b", "runs": 1}]
    assert sample["left_out"] == {"metrics": 0, "params": 1, "tags": 0}


@pytest.mark.parametrize("query", [{}, {"experiment_ids": ["7777"]}])
def test_experiments_without_runs_have_no_names(query: dict[str, Any]) -> None:
    answer = api.send("GET", columns.PATH + "/names", query=query)

    assert answer.status == 200
    assert (answer.body["metrics"], answer.body["params"], answer.body["tags"]) == ([], [], [])
