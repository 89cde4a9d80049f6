"""Runs and their experiment deleted and restored: searches follow at once, the index rows in their own time."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.search.record import Record
from chalicelib.search.search import Query, search
from chalicelib.tracking.experiments import experiments
from chalicelib.tracking.index.vocabulary import RUNS
from tests import client as api
from tests.contract import store
from tests.contract.faults import Crash, Fault, injected, once, writes
from tests.contract.index_audit import VIEWS, differences, wrong_answers
from tests.contract.timeline import Timeline
from tests.sampling import examples, some

RUNS_IN_EXPERIMENT = 3
FOUR_MINUTES_MS = 240_000


class World:
    """An experiment with a few finished runs, in simulated time."""

    def __init__(self) -> None:
        store.empty()
        self.time = Timeline()
        self.experiment_id = api.create_experiment()
        self.run_ids = [api.create_run(self.experiment_id, start_time=at + 1) for at in range(RUNS_IN_EXPERIMENT)]
        for run_id in self.run_ids:
            api.done("/runs/update", run_id=run_id, status="FINISHED")

    def post(self, path: str, **fields: Any) -> api.Answer:
        return self.time.do(lambda: api.post(path, **fields))

    def change_experiment(self, verb: str) -> api.Answer:
        return self.post(f"/experiments/{verb}", experiment_id=self.experiment_id)

    def change_run(self, verb: str, number: int) -> api.Answer:
        return self.post(f"/runs/{verb}", run_id=self.run_ids[number])

    def wrong_answers(self) -> list[str]:
        return self.time.do(lambda: wrong_answers(self.experiment_id))

    def differences(self) -> list[str]:
        return self.time.do(lambda: differences(self.experiment_id))


def test_deleting_and_restoring_an_experiment_moves_no_row_of_runs_that_follow_it() -> None:
    world = World()
    world.time.settle()

    for verb in ("delete", "restore"):
        world.change_experiment(verb)
        at_once = world.wrong_answers()
        world.time.sweep()

        assert at_once == []
        # None of the runs was opened: one sweep after the five minutes of settling is all it takes.
        assert world.differences() == []


def test_a_run_that_differed_follows_its_experiment_after_the_next_sweeps() -> None:
    world = World()
    world.change_run("delete", 0)
    world.time.settle()
    apart = world.differences()

    world.change_experiment("delete")
    at_once = world.wrong_answers()
    world.time.settle()

    assert apart == at_once == []
    assert world.differences() == []


def test_changes_in_quick_succession_settle_together() -> None:
    world = World()
    for number, verb in enumerate(("delete", "restore", "delete", "restore")):
        world.change_run("restore" if number % 2 else "delete", 0)
        world.time.sweep(3)
        world.change_experiment(verb)
        assert world.wrong_answers() == []

    world.time.settle()

    assert experiments.load(world.experiment_id).settled == 4
    assert world.differences() == []


def test_a_change_settles_only_when_no_sealing_from_before_it_can_be_at_work() -> None:
    world = World()
    world.change_experiment("delete")
    world.time.wait(FOUR_MINUTES_MS)
    world.time.sweep_now()
    too_early = experiments.load(world.experiment_id).settled

    world.time.settle()

    assert (too_early, experiments.load(world.experiment_id).settled) == (0, 1)


def test_a_crash_at_any_request_of_regrouping_harms_no_search_and_leaves_no_trace(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World()
    with injected(lambda _at, _operation: None, monkeypatch) as requests:
        _regroup(world)

    for at in some(writes(requests), 2):
        world.change_experiment("restore")
        world.time.settle()
        with injected(once(at, Fault.CRASH_AFTER), monkeypatch), suppress(Crash):
            _regroup(world)
        world.time.wait(10_000)

        assert world.wrong_answers() == [], at
        world.time.settle()
        assert world.differences() == [], at


def _regroup(world: World) -> None:
    """A run leaves its experiment's stage, and comes back to it as the experiment follows."""
    world.change_run("delete", 0)
    world.time.settle()
    world.change_experiment("delete")
    world.time.sweep(4)


class Model:
    """What runs and experiment ought to be, by MLflow's rules."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.experiment = "active"
        self.stages = ["active"] * RUNS_IN_EXPERIMENT
        self.tags: list[dict[str, str]] = [{} for _ in self.stages]
        self.metrics: list[dict[str, float]] = [{} for _ in self.stages]

    def set_tag(self, number: int, value: str) -> None:
        answer = self.world.post("/runs/set-tag", run_id=self.world.run_ids[number], key="team", value=value)
        if self._taken(answer, self.stages[number] == "active"):
            self.tags[number]["team"] = value

    def delete_tag(self, number: int) -> None:
        answer = self.world.post("/runs/delete-tag", run_id=self.world.run_ids[number], key="team")
        if self._taken(answer, self.stages[number] == "active" and "team" in self.tags[number]):
            del self.tags[number]["team"]

    def log(self, number: int, value: float) -> None:
        point = {"key": "loss", "value": value, "timestamp": self.world.time.now_ms, "step": 0}
        answer = self.world.post("/runs/log-metric", run_id=self.world.run_ids[number], **point)
        if self._taken(answer, self.stages[number] == "active"):
            self.metrics[number]["loss"] = value

    def change_run(self, number: int, verb: str) -> None:
        assert self.world.change_run(verb, number).status == 200
        self.stages[number] = "deleted" if verb == "delete" else "active"

    def change_experiment(self, verb: str) -> None:
        before, after = ("active", "deleted") if verb == "delete" else ("deleted", "active")
        if self._taken(self.world.change_experiment(verb), self.experiment == before):
            self.experiment = after
            self.stages = [after] * RUNS_IN_EXPERIMENT

    def _taken(self, answer: api.Answer, expected: bool) -> bool:
        assert (answer.status == 200) == expected, answer
        # Two points at one moment would be told apart by their values.
        self.world.time.wait(10)
        return expected

    def records(self, view: str) -> list[Record]:
        return [
            Record(run_id, {"start_time": at + 1, "run_id": run_id}, self.metrics[at], {}, self.tags[at])
            for at, run_id in enumerate(self.world.run_ids)
            if self.stages[at] in VIEWS[view]
        ]


ASKED = [
    {"run_view_type": "ACTIVE_ONLY"},
    {"run_view_type": "DELETED_ONLY"},
    {"run_view_type": "ALL", "order_by": ["metrics.loss DESC", "tags.team"]},
    {"run_view_type": "ACTIVE_ONLY", "filter": "tags.team = 'a'"},
    {"run_view_type": "ALL", "filter": "metrics.loss > 1"},
]

_run = st.integers(0, RUNS_IN_EXPERIMENT - 1)
_minutes = st.sampled_from([0.5, 1.2, 2, 6, 15])
_step = st.one_of(
    st.tuples(st.just("set_tag"), _run, st.sampled_from(["a", "b", "é"])),
    st.tuples(st.just("delete_tag"), _run),
    st.tuples(st.just("log"), _run, st.integers(0, 3)),
    st.tuples(st.just("change_run"), _run, st.sampled_from(["delete", "restore"])),
    st.tuples(st.just("change_experiment"), st.sampled_from(["delete", "restore"])),
    st.tuples(st.just("sweep"), _minutes, st.just(None)),
    st.tuples(st.just("sweep"), _minutes, st.integers(0, 60)),
    st.tuples(st.just("sweep"), _minutes, st.just(None)),
)


@settings(max_examples=examples(3), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(script=st.lists(_step, min_size=4, max_size=14))
def test_searches_equal_a_model_whatever_is_done_and_wherever_sweeps_die(
    script: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World()
    world.time.sweep(3)
    model = Model(world)

    for verb, *arguments in script:
        if verb == "sweep":
            _sweep(world, *arguments, monkeypatch)
        else:
            getattr(model, verb)(*arguments)
        _assert_found(model)

    world.time.settle()
    assert world.differences() == []


def _sweep(world: World, minutes: float, dies_after: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sweep so much later, to the end or up to a request."""
    world.time.wait(round(minutes * 60_000))
    try:
        with injected(once(-1 if dies_after is None else dies_after, Fault.CRASH_AFTER), monkeypatch):
            world.time.sweep_now()
    except Crash:
        world.time.wait(10_000)


def _assert_found(model: Model) -> None:
    for question in ASKED:
        query = Query(RUNS, question.get("filter", ""), question.get("order_by", ()))
        expected = [record.id for record in search(model.records(question["run_view_type"]), query).records]
        found = model.world.time.do(lambda ask=question: api.found_ids(model.world.experiment_id, **ask))
        assert found == expected, question
