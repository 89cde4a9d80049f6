from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.storage.items import RunInfo
from chalicelib.tracking.feed.reading import Entry
from chalicelib.tracking.index import live
from chalicelib.tracking.index.live import Live
from chalicelib.tracking.runs.reading import Run
from chalicelib.tracking.series import extremes, points
from chalicelib.tracking.series.packing import pack
from chalicelib.tracking.series.points import Point
from tests.sampling import examples

RUN_ID = "0" * 32

calls = st.lists(
    st.lists(
        st.builds(Point, st.sampled_from("ab"), st.floats(-9, 9), st.integers(0, 9), st.integers(0, 9)), max_size=5
    ),
    max_size=30,
)


def entry(logged: list[Point], number: int) -> Entry:
    return Entry(f"key {number}", number, RUN_ID, 1_000 + number, pack(logged), None, 0)


def begun() -> Live:
    return Live.of(Run(RunInfo(run_id=RUN_ID, artifact_uri="uri", run_name="name"), params={"p": "1"}))


@settings(max_examples=examples(60))
@given(calls, st.integers(0))
def test_a_run_is_the_same_whenever_somebody_asks_for_its_points(made: list[list[Point]], seed: int) -> None:
    chance = Random(seed)
    known = begun()

    for number, logged in enumerate(made):
        known = live.later(known, None, [entry(logged, number)])
        so_far = points.latest(point for each in made[: number + 1] for point in each)
        if chance.random() < 0.3:
            assert known.comparable.metrics.get("a") == (so_far["a"].value if "a" in so_far else None)
        if chance.random() < 0.2:
            assert known.run is known.run

    together = [point for logged in made for point in logged]
    assert known.run.metrics == points.latest(together)
    assert known.run.extremes == extremes.of(together)
    assert dict(known.comparable.metrics) == {key: point.value for key, point in known.run.metrics.items()}
    assert known.record.metrics == {key: point.value for key, point in known.run.metrics.items()}
    assert known.record.size >= begun().record.size


def test_a_question_about_texts_unpacks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "unpack", None)

    known = live.later(begun(), None, [entry([Point("loss", 1.0, 1, 1)], 1)])

    assert known.texts.params == {"p": "1"}
    assert (known.last_ms, known.last_slice) == (1_001, 1)
    assert known.size > begun().size


def test_only_so_many_calls_wait() -> None:
    known = begun()

    for number in range(live._MOST_CALLS + 1):
        known = live.later(known, None, [entry([Point("loss", 1.0, 1, number)], number)])

    assert known.texts.metrics == {"loss": 1.0}


def test_what_is_read_again_keeps_the_points() -> None:
    known = live.later(begun(), None, [entry([Point("loss", 1.0, 1, 1)], 1)])
    now = Run(RunInfo(run_id=RUN_ID, artifact_uri="uri", run_name="name"), params={"p": "1", "q": "2"})

    known = live.later(known, now, [entry([Point("loss", 3.0, 1, 3)], 2)])

    assert known.run.metrics["loss"].step == 3
    assert known.record.params == {"p": "1", "q": "2"}
    assert known.run.extremes == extremes.of([Point("loss", 1.0, 1, 1), Point("loss", 3.0, 1, 3)])
