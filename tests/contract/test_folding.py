"""Fold and seal: whatever is folded, closed, sealed, opened again or interrupted, readers see the same points."""

import itertools
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib import clock
from chalicelib.storage import keys, tables
from chalicelib.storage.items import OpenRun, RunInfo, SeriesPart, Snap
from chalicelib.sweeper.sweep import sweep
from chalicelib.tracking.metrics import compaction, folding
from chalicelib.tracking.runs.runs import CLOSING, OPEN, SEALED
from tests import client as api
from tests import feeds
from tests.contract import store
from tests.contract.faults import dies
from tests.contract.sweeping import A_QUARTER_HOUR_MS, seal, sweep_after
from tests.sampling import examples

MINUTE_MS = 60_000


def test_a_finished_run_is_closed_after_a_minute_and_sealed_90_seconds_later() -> None:
    run_id = _finished_run()

    phases = []
    for seconds in (30, 61, 120, 152):
        sweep_after(seconds * 1000)
        phases.append(_info(run_id).phase)

    assert phases == [OPEN, CLOSING, CLOSING, SEALED]


def test_a_running_run_is_left_open_until_it_has_been_silent_for_ten_minutes() -> None:
    run_id = api.create_run(api.create_experiment())

    sweep_after(9 * MINUTE_MS)
    before = _info(run_id).phase
    sweep_after(11 * MINUTE_MS)

    assert (before, _info(run_id).phase) == (OPEN, CLOSING)


def test_sealing_moves_a_run_from_the_open_runs_to_the_index() -> None:
    experiment_id = api.create_experiment()
    run_id = api.create_run(experiment_id)

    seal(run_id)

    assert list(tables.query(OpenRun, keys.open_runs(experiment_id))) == []
    assert api.found_ids(experiment_id) == [run_id]


@pytest.mark.parametrize(
    "write",
    [
        lambda run_id: api.post("/runs/log-metric", run_id=run_id, key="loss", value=9, timestamp=9, step=9),
        lambda run_id: api.post("/runs/log-parameter", run_id=run_id, key="late", value="1"),
        lambda run_id: api.post("/runs/set-tag", run_id=run_id, key="late", value="1"),
        lambda run_id: api.post("/runs/update", run_id=run_id, status="FAILED"),
        lambda run_id: api.post("/runs/delete", run_id=run_id),
    ],
    ids=["metric", "param", "tag", "update", "delete"],
)
def test_a_write_to_a_sealed_run_opens_it(write) -> None:  # type: ignore[no-untyped-def]
    experiment_id = api.create_experiment()
    run_id = api.create_run(experiment_id)
    seal(run_id)

    answer = write(run_id)

    assert answer.status == 200
    assert _info(run_id).phase == OPEN
    assert [row.sk for row in tables.query(OpenRun, keys.open_runs(experiment_id))] == [run_id]


def test_what_is_logged_after_sealing_is_read_with_what_was_folded() -> None:
    run_id = _logged_run(steps=5)
    seal(run_id)

    api.post("/runs/log-metric", run_id=run_id, key="loss", value=50, timestamp=50, step=50)

    assert [point["step"] for point in api.history(run_id, "loss")] == [0, 1, 2, 3, 4, 50]
    assert api.run_data(run_id)["metrics"] == {"loss": 50, "accuracy": 4}


def test_a_clock_that_was_ahead_and_is_put_right_hides_nothing() -> None:
    run_id = api.create_run(api.create_experiment())
    with clock.frozen(clock.now_ms() + A_QUARTER_HOUR_MS):
        api.post("/runs/log-metric", run_id=run_id, key="loss", value=1, timestamp=1, step=1)
        seal(run_id)

    api.post("/runs/log-metric", run_id=run_id, key="loss", value=2, timestamp=2, step=2)

    assert [point["step"] for point in api.history(run_id, "loss")] == [1, 2]


def test_a_sweeper_that_is_behind_the_one_that_folded_folds_nothing() -> None:
    run_id = _logged_run(steps=3)
    position = feeds.moved(run_id)
    folding.fold(run_id, position)
    folded = _snap(run_id)

    folding.fold(run_id, position - 1)

    assert folded is not None
    again = _snap(run_id)
    assert again is not None
    assert again.serialize() == folded.serialize()


def test_a_point_that_was_logged_twice_is_one_before_and_after_folding() -> None:
    run_id = api.create_run(api.create_experiment())
    point = {"run_id": run_id, "key": "loss", "value": 1, "timestamp": 1, "step": 1}
    for _ in range(3):
        api.post("/runs/log-metric", **point)
        feeds.fold(run_id)

    assert len(api.history(run_id, "loss")) == 1


def test_a_long_tail_of_an_open_run_is_folded_and_a_short_one_is_left() -> None:
    # Where there is a feed, what was moved together is one item.
    store.of_the_version_before()
    long_run, short_run = _logged_run(steps=201), _logged_run(steps=10)

    sweep_after(2 * MINUTE_MS)

    assert _snap(long_run) is not None
    assert _snap(short_run) is None
    assert len(api.history(long_run, "loss")) == 201


@pytest.mark.parametrize(("metrics", "is_folded"), [(10, True), (300, False)])
def test_a_tail_of_few_large_calls_is_folded_unless_its_parts_would_be_tiny(metrics: int, is_folded: bool) -> None:
    run_id, random = api.create_run(api.create_experiment()), Random(1)
    for _ in range(11):
        numbers = iter(lambda: random.getrandbits(62), None)
        batch = [
            {"key": f"m{at % metrics}", "value": random.random(), "timestamp": next(numbers), "step": next(numbers)}
            for at in range(1000)
        ]
        assert api.post("/runs/log-batch", run_id=run_id, metrics=batch).status == 200

    for minute in (1, 2, 3):
        sweep_after(minute * MINUTE_MS)

    assert (_snap(run_id) is not None) == is_folded


def test_compaction_leaves_one_part_of_each_series() -> None:
    run_id = _logged_run(steps=3)
    feeds.fold(run_id)
    api.post("/runs/log-metric", run_id=run_id, key="loss", value=9, timestamp=9, step=9)
    feeds.fold(run_id)
    history = api.history(run_id, "loss")

    compaction.compact(run_id)

    assert len(list(tables.query(SeriesPart, keys.run(run_id), SeriesPart.sk.startswith(keys.series("loss"))))) == 1
    assert api.history(run_id, "loss") == history


def test_latest_points_of_very_many_metrics_span_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folding, "PART_BYTES", 1_000)
    run_id = api.create_run(api.create_experiment())
    metrics = [{"key": f"metric {number}", "value": number, "timestamp": 1} for number in range(700)]
    api.post("/runs/log-batch", run_id=run_id, metrics=metrics)

    feeds.fold(run_id)
    snap = _snap(run_id)

    assert snap is not None
    assert snap.pages > 1
    assert api.run_data(run_id)["metrics"] == {f"metric {number}": number for number in range(700)}
    api.post("/runs/log-metric", run_id=run_id, key="metric 0", value=-1, timestamp=2)
    seal(run_id)
    assert api.run_data(run_id)["metrics"] == {f"metric {number}": number or -1 for number in range(700)}


def test_a_sweep_that_dies_after_any_write_is_completed_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    for write in itertools.count():
        store.empty()
        experiment_id = api.create_experiment()
        run_id = _logged_run(steps=3, experiment_id=experiment_id)
        expected = api.history(run_id, "loss"), api.run_data(run_id)
        if not dies(_sweep_until_sealed, write, monkeypatch):
            break

        assert (api.history(run_id, "loss"), api.run_data(run_id)) == expected
        seal(run_id)
        assert (api.history(run_id, "loss"), api.run_data(run_id)) == expected
        assert api.found_ids(experiment_id, filter="metrics.loss = 2") == [run_id]
    assert write > 8


def test_an_open_row_without_a_run_is_passed_over_and_swept_up() -> None:
    experiment_id = api.create_experiment()
    row = OpenRun(keys.open_runs(experiment_id), "f" * 32, opened=clock.now_ms(), token="t")
    tables.put(row)

    assert api.post("/runs/search", experiment_ids=[experiment_id]).body == {}
    sweep_after(2 * MINUTE_MS)

    assert list(tables.query(OpenRun, keys.open_runs(experiment_id))) == []


_point = st.fixed_dictionaries(
    {
        "key": st.sampled_from(["loss", "a/b c.d", "é"]),
        "value": st.floats(allow_nan=False).map(repr) | st.just("NaN"),
        "timestamp": st.integers(0, 5) | st.integers(0, 2**63 - 1),
        "step": st.integers(-3, 3) | st.integers(-(2**63), 2**63 - 1),
    }
)
_step = st.sampled_from(["fold", "seal", "compact", "nothing"])


@settings(max_examples=examples(8), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.lists(_point, min_size=1, max_size=8), _step), max_size=6))
def test_folding_at_any_time_changes_nothing_that_is_read(script) -> None:  # type: ignore[no-untyped-def]
    experiment_id = api.create_experiment(clock.unique_id())
    folded, plain = api.create_run(experiment_id), api.create_run(experiment_id)
    now = clock.now_ms()

    for points, step in script:
        now += MINUTE_MS
        with clock.frozen(now):
            for run_id in (folded, plain):
                assert api.post("/runs/log-batch", run_id=run_id, metrics=points).status == 200
            _take(step, folded)

    for key in ("loss", "a/b c.d", "é"):
        assert api.history(folded, key) == api.history(plain, key)
    assert api.run_data(folded)["metrics"] == api.run_data(plain)["metrics"]


def _take(step: str, run_id: str) -> None:
    if step == "fold":
        feeds.fold(run_id)
    elif step == "compact":
        compaction.compact(run_id)
    elif step == "seal":
        feeds.fold(run_id)
        compaction.compact(run_id)


def _sweep_until_sealed() -> None:
    now = clock.now_ms()
    for passed in (1, 2, 3):
        with clock.frozen(now + passed * A_QUARTER_HOUR_MS):
            sweep()


def _logged_run(steps: int, experiment_id: str | None = None) -> str:
    run_id = api.create_run(experiment_id or api.create_experiment(clock.unique_id()))
    for step in range(steps):
        metrics = [{"key": key, "value": step, "timestamp": step, "step": step} for key in ("loss", "accuracy")]
        assert api.post("/runs/log-batch", run_id=run_id, metrics=metrics).status == 200
    return run_id


def _finished_run() -> str:
    run_id = api.create_run(api.create_experiment())
    api.post("/runs/update", run_id=run_id, status="FINISHED")
    return run_id


def _info(run_id: str) -> RunInfo:
    info = tables.get(RunInfo, keys.run(run_id), keys.INFO)
    assert info is not None
    return info


def _snap(run_id: str) -> Snap | None:
    return tables.get(Snap, keys.run(run_id), keys.SNAP)
