"""Curves through HTTP: what a chart asks for and gets, in both forms, and what it may not ask."""

from typing import Any

import pytest

from tests import client as api
from tests import curves

INVALID = (400, "INVALID_PARAMETER_VALUE")


def log(run_id: str, *values: Any, key: str = "loss", first: int = 0) -> None:
    points = [
        {"key": key, "value": value, "timestamp": 1_000 + 10 * step, "step": step}
        for step, value in enumerate(values, first)
    ]
    api.done("/runs/log-batch", run_id=run_id, metrics=points)


def test_few_points_are_shown_each_by_itself(run_id: str) -> None:
    log(run_id, 0.5, "NaN", "-Infinity", 2)

    series = curves.one(runs=[run_id], keys=["loss"])

    shown = {"x": [0, 1, 2, 3], "value": [0.5, "NaN", "-Infinity", 2.0]}
    assert series == {"run": 0, "key": 0, "size": 4, "exact": True, **shown}


def test_many_points_are_shown_as_buckets(run_id: str) -> None:
    log(run_id, 3, 1, 2, "NaN", 5, 4, "NaN")

    series = curves.one(runs=[run_id], keys=["loss"], points=2)

    assert series == {
        "run": 0,
        "key": 0,
        "size": 2,
        "exact": False,
        "start": [0, 4],
        "end": [3, 6],
        "count": [4, 3],
        "first": [3.0, 5.0],
        "last": ["NaN", "NaN"],
        "min": [1.0, 4.0],
        "max": [3.0, 5.0],
    }


@pytest.mark.parametrize(
    ("x", "ends", "shown"),
    [
        ("step", {"from": 1, "to": 2}, [1, 2]),
        ("time", {"from": 1_010, "to": 1_029}, [1_010, 1_020]),
        ("relative", {"from": 1_009}, [1_009, 1_019, 1_029]),
        ("relative", {"to": 999}, [999]),
        ("step", {"from": 9}, []),
    ],
)
def test_x_is_a_step_a_time_or_counted_from_the_run_s_start(
    run_id: str, x: str, ends: dict[str, int], shown: list[int]
) -> None:
    log(run_id, 1, 2, 3, 4)

    series = curves.one(runs=[run_id], keys=["loss"], x=x, **ends)

    assert series["x"] == shown
    assert series.get("origin") == (1 if x == "relative" else None)


def test_several_runs_and_metrics_come_in_one_reply_and_what_is_missing_is_named(run_id: str) -> None:
    other = api.create_run(api.create_experiment("other"))
    log(run_id, 1)
    log(other, 2)
    log(other, 3, key="accuracy")

    reply = curves.asked(runs=[other, "nobody", run_id, other], keys=["loss", "accuracy", "none", "loss"])

    assert (reply["runs"], reply["keys"]) == ([other, "nobody", run_id], ["loss", "accuracy", "none"])
    told = [(reply["runs"][each["run"]], reply["keys"][each["key"]], each["value"]) for each in reply["series"]]
    assert told == [(other, "loss", [2.0]), (other, "accuracy", [3.0]), (run_id, "loss", [1.0])]
    assert reply["missing"] == {"runs": ["nobody"], "keys": ["none"]}
    assert reply["left"] == []


@pytest.mark.parametrize("points", [2, 100])
def test_the_bytes_say_what_the_json_says(run_id: str, points: int) -> None:
    log(run_id, 0.1, "NaN", "Infinity", -2, 7)
    question = {"runs": [run_id], "keys": ["loss"], "points": points, "x": "relative"}

    told, content = curves.packed(**question)

    assert told["Content-Type"] == "application/vnd.cumulog.columns"
    assert curves.unpacked(content) == curves.asked(**question)


def test_a_client_that_names_the_form_among_others_gets_it(run_id: str) -> None:
    told, _ = curves.packed("text/html, application/vnd.cumulog.columns;q=0.9", runs=[run_id], keys=["loss"])

    assert (told["Content-Type"], told["Vary"]) == ("application/vnd.cumulog.columns", "Accept")
    assert curves.packed("*/*", runs=[run_id], keys=["loss"])[0]["Content-Type"] == "application/json"


def test_with_a_cursor_only_what_is_new_is_answered(run_id: str) -> None:
    log(run_id, 1, 2)
    question = {"runs": [run_id, "later"], "keys": ["loss", "accuracy"]}
    since = curves.asked(**question)["since"]

    log(run_id, 3, first=2)
    log(run_id, 9, key="accuracy")
    reply = curves.asked(**question, since=since)

    assert [(each["key"], each["value"]) for each in reply["series"]] == [(0, [3.0]), (1, [9.0])]
    assert reply["missing"] == {"runs": ["later"], "keys": []}
    assert curves.asked(**question, since=reply["since"])["series"] == []


@pytest.mark.parametrize("change", [{"x": "time"}, {"points": 7}, {"from": 0}, {"keys": ["other"]}])
def test_a_cursor_of_another_question_is_refused(run_id: str, change: dict[str, Any]) -> None:
    question: dict[str, Any] = {"runs": [run_id], "keys": ["loss"]}
    since = curves.asked(**question)["since"]

    answer = curves.ask(**{**question, **change}, since=since)

    assert (answer.status, answer.body["error_code"]) == INVALID


@pytest.mark.parametrize("forged", ["x", "A" * 64, "é", "A" * 10_001])
def test_a_forged_cursor_is_refused(run_id: str, forged: str) -> None:
    answer = curves.ask(runs=[run_id], keys=["loss"], since=forged)

    assert (answer.status, answer.body["error_code"]) == INVALID
    assert len(answer.body["message"]) < 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"runs": []},
        {"keys": []},
        {"runs": [f"run{number}" for number in range(101)]},
        {"keys": [f"key{number}" for number in range(51)]},
        {"runs": ["r" * 257]},
        {"keys": ["k" * 251]},
        {"keys": [""]},
        {"points": 1},
        {"points": 2049},
        {"x": "epoch"},
        {"from": 5, "to": 4},
    ],
)
def test_what_is_too_much_or_makes_no_sense_is_refused(run_id: str, wrong: dict[str, Any]) -> None:
    answer = curves.ask(**{"runs": [run_id], "keys": ["loss"], **wrong})

    assert (answer.status, answer.body["error_code"]) == INVALID


def test_as_much_as_one_may_ask_for_fits_into_a_reply(run_id: str) -> None:
    for number in range(5):
        log(run_id, *range(100), key=f"key{number}")
    runs = [run_id, *("r" * 240 + f"{number:03d}" for number in range(99))]
    keys = [f"key{number}" for number in range(5)] + ["é" * 240 + f"{number}" for number in range(45)]

    reply = curves.asked(runs=runs, keys=keys, points=2048)

    assert [each["size"] for each in reply["series"]] == [2] * 5
    assert all(max(each["max"]) == 99.0 for each in reply["series"])


def test_a_key_with_a_number_sign_is_nobody_s(run_id: str) -> None:
    log(run_id, 1)

    assert curves.asked(runs=[run_id], keys=["loss#0", "#"])["missing"]["keys"] == ["loss#0", "#"]
