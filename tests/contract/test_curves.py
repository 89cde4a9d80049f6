"""Curves: whatever was folded, when, how often and by whom, no extreme of the full history is missing in a chart."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib import clock
from chalicelib.access import identity
from chalicelib.access.identity import Identity
from chalicelib.storage import keys, tables
from chalicelib.storage.capacity import Meter, metered
from chalicelib.storage.items import Snap
from chalicelib.tracking.metrics import compaction, curve_replies, parts
from chalicelib.tracking.metrics import curves as curve_question
from chalicelib.tracking.metrics.curve_replies import SeriesReply
from chalicelib.tracking.metrics.schemas import MetricSeries
from chalicelib.tracking.series import stored_pyramid
from tests import client as api
from tests import curves, feeds
from tests.contract.curve_runs import (
    check_shows_history,
    folded_run,
    log,
    new_run,
    pyramid_items,
)
from tests.contract.curve_runs import short_series_count_as_long as short_series_count_as_long
from tests.contract.sweeping import seal
from tests.sampling import examples

MINUTE_MS = 60_000


def _answer(question: Any) -> SeriesReply:
    with identity.acting_as(Identity("somebody", is_admin=True)):
        return curve_replies.series(MetricSeries.parse(question))


def metered_ask(**question: Any) -> Meter:
    with metered() as meter:
        _answer(question)
    return meter


_values = st.floats().map(lambda value: repr(value).replace("nan", "NaN").replace("inf", "Infinity"))
_point = st.fixed_dictionaries(
    {
        "key": st.sampled_from(["loss", "é b/c"]),
        "value": _values,
        "timestamp": st.integers(0, 99) | st.integers(0, 2**63 - 1),
        "step": st.integers(-9, 99) | st.integers(-(2**63), 2**63 - 1),
    }
)
_calls = st.lists(_point, min_size=1, max_size=60)
_step = st.sampled_from(["fold", "fold", "compact", "nothing", "repeat"])


@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(_calls, _step), min_size=1, max_size=6), st.sampled_from([2, 9, 64, 300]))
def test_any_history_folded_in_any_way_is_shown_with_its_extremes(script: Any, most: int) -> None:
    run_id = new_run()
    now = clock.now_ms()
    logged: set[str] = set()

    for points, step in script:
        now += MINUTE_MS
        logged |= {point["key"] for point in points}
        with clock.frozen(now):
            for _ in range(2 if step == "repeat" else 1):
                assert api.post("/runs/log-batch", run_id=run_id, metrics=points).status == 200
            if step in ("fold", "compact"):
                feeds.fold(run_id)
            if step == "compact":
                compaction.compact(run_id)

    for key in logged:
        for x in ("step", "time"):
            check_shows_history(run_id, key, points=most, x=x)


@settings(max_examples=examples(12), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 400), st.integers(0, 80), st.sampled_from(["step", "time"]))
def test_a_range_has_exactly_its_points(start: int, length: int, x: str) -> None:
    run_id = _range_run()
    scale = 1 if x == "step" else 10

    series = curves.one(
        runs=[run_id], keys=["loss"], x=x, points=100, **{"from": start * scale, "to": (start + length) * scale}
    )

    assert series["exact"]
    assert series["x"] == [step * scale for step in range(start, min(400, start + length + 1))]


_ranged: dict[str, str] = {}


def _range_run() -> str:
    """One run for all examples: folded three times, with a tail."""
    info = _ranged.get("run")
    if info is None or tables.get(Snap, keys.run(info), keys.SNAP) is None:
        run_id = new_run()
        for at in range(0, 300, 100):
            log(run_id, range(at, at + 100))
            feeds.fold(run_id)
        log(run_id, range(300, 400))
        _ranged["run"] = run_id
    return _ranged["run"]


def test_a_long_series_gets_a_pyramid_when_it_is_folded_and_a_short_one_none() -> None:
    assert [len(pyramid_items(folded_run(points))) for points in (30, 200)] == [0, 4]


def test_a_spike_of_one_point_is_seen_in_two_buckets() -> None:
    for spike in (0, 63, 64, 131, 199):
        run_id = folded_run(spike=spike)

        series = curves.one(runs=[run_id], keys=["loss"], points=2)

        assert max(series["max"]) == 1e9
        (at,) = [i for i, high in enumerate(series["max"]) if high == 1e9]
        assert series["start"][at] <= spike <= series["end"][at]


def test_a_series_whose_pyramid_is_coarse_is_drawn_as_finely_as_asked() -> None:
    run_id = folded_run(80)
    assert len(stored_pyramid.unpack(pyramid_items(run_id)[0].packed).buckets) <= 64

    series = curves.one(runs=[run_id], keys=["loss"], points=512)

    assert (series["exact"], series["size"]) == (True, 80)


def test_a_question_about_many_series_reads_levels_however_coarse(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(curve_question, "_WHOLE_POINTS_READ", 150)
    run_ids = [folded_run(80) for _ in range(2)]

    alone, both = (curves.asked(runs=runs, keys=["loss"], points=512)["series"] for runs in (run_ids[:1], run_ids))

    assert [each["exact"] for each in alone] == [True]
    assert [each["exact"] for each in both] == [False, False]


def test_points_that_wait_and_points_of_the_tail_are_shown_beside_the_pyramid() -> None:
    run_id = folded_run()
    covered = [int(item.covered) for item in pyramid_items(run_id)]
    log(run_id, range(200, 220), spike=205)
    feeds.fold(run_id)

    assert [int(item.covered) for item in pyramid_items(run_id)] == covered
    check_shows_history(run_id, points=10)

    log(run_id, range(220, 230), spike=225)

    check_shows_history(run_id, points=10)
    assert curves.one(runs=[run_id], keys=["loss"], points=10)["max"][-1] == 1e9


def test_enough_waiting_points_bring_the_pyramid_up_to_date() -> None:
    run_id = folded_run()
    before = max(int(item.covered) for item in pyramid_items(run_id))
    for at in range(200, 320, 40):
        log(run_id, range(at, at + 40))
        feeds.fold(run_id)

    assert min(int(item.covered) for item in pyramid_items(run_id)) > before
    check_shows_history(run_id, points=64)


def test_a_repeated_point_is_counted_no_less_than_once() -> None:
    run_id = folded_run(60)
    log(run_id, range(60))
    feeds.fold(run_id)

    series = curves.one(runs=[run_id], keys=["loss"], points=16)

    assert 60 <= sum(series["count"]) <= 120


def test_a_range_reads_its_own_parts_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "MOST_POINTS", 1_000)
    run_id = folded_run(1_000)
    for at in range(1_000, 10_000, 1_000):
        log(run_id, range(at, at + 1_000))
    feeds.fold(run_id)
    whole = metered_ask(runs=[run_id], keys=["loss"], **{"from": 0, "to": 9_999}, points=2048)

    zoomed = metered_ask(runs=[run_id], keys=["loss"], **{"from": 5_100, "to": 5_200}, points=2048)

    assert zoomed.read < whole.read / 2


@pytest.fixture
def watched() -> tuple[str, Any]:
    run_id = folded_run()
    question = {"runs": [run_id], "keys": ["loss"], "points": 64}
    return run_id, question


def test_a_cursor_answers_only_what_is_new(watched: tuple[str, Any]) -> None:
    run_id, question = watched
    since = curves.asked(**question)["since"]
    assert curves.asked(**question, since=since)["series"] == []

    for at in range(200, 230, 10):
        log(run_id, range(at, at + 10))
        reply = curves.asked(**question, since=since)
        assert [each["x"] for each in reply["series"]] == [list(range(at, at + 10))]
        since = reply["since"]


def test_a_cursor_loses_nothing_when_the_run_is_folded_and_sealed_meanwhile(watched: tuple[str, Any]) -> None:
    run_id, question = watched
    since = curves.asked(**question)["since"]
    log(run_id, range(200, 210))
    since = curves.asked(**question, since=since)["since"]

    log(run_id, range(210, 220))
    feeds.fold(run_id)
    log(run_id, range(220, 225))
    reply = curves.asked(**question, since=since)
    assert set(range(210, 225)) <= set(curves.starts(reply["series"][0]))

    seal(run_id)
    assert _reaches(curves.asked(**question, since=reply["since"]), 224)


def _reaches(reply: Any, step: int) -> bool:
    return all(max(each["x"] if each["exact"] else each["end"]) == step for each in reply["series"])


def test_a_call_that_comes_late_is_new_to_a_cursor_that_has_seen_later_ones(watched: tuple[str, Any]) -> None:
    run_id, question = watched
    now = clock.now_ms()
    with clock.frozen(now + 20_000):
        log(run_id, range(300, 310))
    since = curves.asked(**question)["since"]

    with clock.frozen(now + 5_000):
        log(run_id, range(400, 410))

    reply = curves.asked(**question, since=since)
    assert set(range(400, 410)) <= set(reply["series"][0]["x"])
    assert curves.asked(**question, since=reply["since"])["series"] == []


def test_a_sealed_run_costs_a_poll_nothing_but_its_head(watched: tuple[str, Any]) -> None:
    run_id, question = watched
    seal(run_id)
    cursor = _answer(question).head["since"]

    cost = metered_ask(**question, since=cursor)

    assert (cost.trips, cost.read <= 4) == (1, True)


def test_an_overview_costs_a_level_and_not_the_points() -> None:
    run_ids = [folded_run() for _ in range(5)]
    for run_id in run_ids:
        seal(run_id)
    # The first answer of all makes the secret of cursors.
    curves.asked(runs=run_ids, keys=["loss"])

    cost = metered_ask(runs=run_ids, keys=["loss"], points=64)

    assert cost.trips == 1
