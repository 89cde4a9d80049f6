"""The arguments and names that scripts of MLflow's use: what each comes to on the server."""

import time
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

import cumulog
from cumulog._delivery import refused
from cumulog._delivery.sync import sync
from cumulog._fluent.process import END_SECONDS, process
from tests.unit.client.fake_server import Status, World
from tests.unit.client.fake_tracking import Run

WINE = {"name": "wine", "digest": "d1", "source_type": "local", "source": "wine.csv"}


@pytest.fixture(autouse=True)
def offline() -> Iterator[None]:
    cumulog.set_tracking_uri("")
    yield
    cumulog.set_tracking_uri("")


def delivered(world: World) -> Run:
    """The only run, when the server has all of it."""
    cumulog.end_run()
    sync(world.url, print)
    (run,) = world.tracking.runs.values()
    return run


def test_metrics_name_the_model_and_the_dataset_that_they_measure(world: World) -> None:
    cumulog.start_run()
    cumulog.log_metric("loss", 0.5, 3, timestamp=7, model_id="m-1", dataset=WINE)
    cumulog.log_metrics({"f1": float("nan"), "odd": "x"}, 4, timestamp=8, model_id="m-1", dataset=WINE)  # type: ignore[dict-item]

    run = delivered(world)

    marks = {"model_id": "m-1", "dataset_name": "wine", "dataset_digest": "d1"}
    assert run.measured == [
        {"key": "loss", "value": 0.5, "timestamp": 7, "step": 3, **marks},
        {"key": "f1", "value": "NaN", "timestamp": 8, "step": 4, **marks},
    ]
    # Each once, however many points name them.
    assert run.inputs == [{"tags": [], "dataset": WINE}, {"model_id": "m-1"}]


def test_what_is_measured_is_a_number_wherever_it_is_one_without_a_dataset(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    class Array:
        def item(self) -> float:
            return 2.5

    points: Any = {"array": Array(), "text": "1.5", "decimal": Decimal("0.5"), "bool": True, "odd": "x", "n" * 251: 1}

    cumulog.start_run()
    cumulog.log_metrics(points, 4, model_id="m-1")
    cumulog.log_metrics(points, 4)
    cumulog.log_metric("loss", 0.5, step=2.5, model_id="m-1")  # type: ignore[arg-type]
    run = delivered(world)

    wanted = {"array": 2.5, "text": 1.5, "decimal": 0.5, "bool": 1.0}
    assert {each["key"]: each["value"] for each in run.measured} == wanted
    assert {key: value for key, value, *_ in run.points} == wanted
    assert ["'odd' was not logged: 'x' is no number" in line for line in caplog.messages].count(True) == 1
    assert "whole numbers: 'loss' at step 2.5" in caplog.text


def test_a_model_that_is_unknown_holds_up_no_other_line(world: World) -> None:
    cumulog.start_run()
    cumulog.log_metric("loss", 0.5, model_id="m-missing")
    cumulog.log_metric("after", 1.0)

    run = delivered(world)

    assert [point[0] for point in run.points] == ["after"]
    assert [line["entry"]["path"] for line in refused.listed()] == ["/runs/log-inputs", "/runs/log-batch"]


def test_a_synchronous_call_returns_when_the_server_has_the_line(world: World) -> None:
    cumulog.set_tracking_uri(world.url)
    cumulog.start_run()
    assert cumulog.log_metric("loss", 0.5, synchronous=True) is None
    (run,) = world.tracking.runs.values()
    assert len(run.points) == 1

    assert cumulog.log_param("lr", 0.1, synchronous=True) == 0.1
    later = cumulog.set_tag("a", "b", synchronous=False)
    assert later
    later.wait()

    assert (run.params, run.tags["a"]) == ({"lr": "0.1"}, "b")
    cumulog.finish()


@pytest.mark.parametrize("name", ["half \udcff", "x" * 501, " wine", "\n", "wi\tne"])
def test_a_name_that_no_experiment_can_have_is_refused_where_it_is_chosen(
    name: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(cumulog.CumulogError, match="Choose another name"):
        cumulog.set_experiment(name)

    process.experiment_id = process.experiment_name = ""
    monkeypatch.setenv("MLFLOW_EXPERIMENT_NAME", name)
    with cumulog.start_run() as run:
        assert run.info.experiment_id == "0"
    assert "MLFLOW_EXPERIMENT_NAME" in caplog.text


@pytest.mark.parametrize("name", ["größe", "a b/c", "x" * 500, "\U0001f377"])
def test_any_other_name_is_taken(name: str) -> None:
    assert cumulog.set_experiment(name).name == name
    cumulog.set_experiment(experiment_id="0")


class Away:
    """A deliverer whose server did not answer."""

    flushes = 0
    has_lost = False

    def __init__(self, *, is_away: bool) -> None:
        self.is_away = is_away

    def is_failing(self) -> bool:
        return self.is_away

    def lines_sent(self) -> int:
        return 0

    def note_silence(self, _: int) -> bool:
        return False

    def flush(self, _: float) -> int:
        self.flushes += 1
        return 0


@pytest.mark.parametrize(("is_away", "flushes"), [(True, 0), (False, 3)])
def test_synchronous_calls_do_not_each_wait_for_a_server_that_is_away(
    monkeypatch: pytest.MonkeyPatch, is_away: bool, flushes: int
) -> None:
    deliverer = Away(is_away=is_away)
    monkeypatch.setattr(process, "_deliverers", {"": deliverer})

    for _ in range(3):
        process.deliver_now()

    assert deliverer.flushes == flushes


def test_the_next_attempt_of_a_job_goes_on_with_its_run(world: World) -> None:
    for number in range(2):
        with cumulog.start_run(job="4711", tags={"attempt": number}):
            cumulog.log_metric("loss", 1.0, number)
    other = cumulog.start_run(experiment_id="7", job=4711).info.run_id
    cumulog.end_run()
    sync(world.url, print)

    (run_id,) = set(world.tracking.runs) - {other}
    run = world.tracking.runs[run_id]
    assert (run.status, len(run.points), run.body["run_name"]) == ("FINISHED", 2, "4711")


def test_a_job_without_a_name_is_no_job() -> None:
    with pytest.raises(cumulog.CumulogError, match="identifies the job"):
        cumulog.start_run(job=" ")
    assert cumulog.active_run() is None


def test_a_metric_is_logged_even_if_its_dataset_cannot_be(world: World) -> None:
    cumulog.start_run()
    cumulog.log_metric("loss", 0.5, dataset={"name": "incomplete"})

    run = delivered(world)

    assert (len(run.points), run.measured, run.inputs) == (1, [], [])


def test_ranks_of_a_job_create_its_run_whoever_comes_first_and_only_the_first_ends_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORLD_SIZE", "2")
    for rank, status in ((1, "RUNNING"), (0, "FINISHED")):
        monkeypatch.setenv("RANK", str(rank))
        with cumulog.start_run(job="4711"):
            cumulog.log_metric(f"rank {rank}", 1.0)
        sync(world.url, print)
        (run,) = world.tracking.runs.values()
        assert run.status == status

    assert {point[0] for point in run.points} == {"rank 0", "rank 1"}


def test_files_go_to_the_run_that_is_named(world: World) -> None:
    with cumulog.start_run() as first:
        pass
    with cumulog.start_run():
        cumulog.log_text("x", "note.txt", run_id=first.info.run_id)
    cumulog.finish()

    sync(world.url, print)

    assert list(world.objects) == [f"0/{first.info.run_id}/artifacts/note.txt"]


def test_the_last_run_is_known_when_it_has_ended() -> None:
    with cumulog.start_run() as run:
        pass

    assert cumulog.active_run() is None
    assert cumulog.last_active_run() is run


@pytest.mark.parametrize(
    "ask",
    [
        lambda: cumulog.search_runs(),
        lambda: cumulog.get_run("0" * 32),
        lambda: cumulog.create_experiment("wine"),
        lambda: cumulog.set_experiment("wine").experiment_id,
    ],
)
def test_questions_without_a_server_name_the_remedy(ask: Any, world: World) -> None:
    try:
        with pytest.raises(cumulog.CumulogError, match="MLFLOW_TRACKING_URI"):
            ask()
    finally:
        cumulog.set_experiment(experiment_id="0")


def test_another_server_inside_a_run_is_for_the_runs_after_it(world: World, caplog: pytest.LogCaptureFixture) -> None:
    cumulog.set_tracking_uri(world.url)
    with cumulog.start_run() as run:
        cumulog.set_tracking_uri(world.url)
        assert not caplog.records
        cumulog.set_tracking_uri("http://127.0.0.1:9")

    assert f"{run.info.run_id} goes on with {world.url}" in caplog.text
    cumulog.set_tracking_uri(world.url)
    cumulog.finish()


def test_a_search_reads_all_pages_and_finds_what_was_just_logged(world: World) -> None:
    cumulog.set_tracking_uri(world.url)
    for number in range(5):
        with cumulog.start_run():
            cumulog.log_metric("loss", float("inf"), number)

    found = cumulog.search_runs(output_format="list")

    assert [run.data.metrics for run in found] == [{"loss": float("inf")}] * 5
    assert len(cumulog.search_runs(output_format="list", max_results=3)) == 3
    assert len(cumulog.search_runs(experiment_names=["missing"], output_format="list")) == 0
    cumulog.finish()


@pytest.mark.parametrize(
    "words", [{"output_format": "csv"}, {"run_view_type": 7}, {"experiment_ids": ["1"], "experiment_names": ["a"]}]
)
def test_a_search_that_is_asked_wrongly_says_what_is_right(world: World, words: dict[str, Any]) -> None:
    cumulog.set_tracking_uri(world.url)

    with pytest.raises(cumulog.CumulogError, match=r"use '|not both"):
        cumulog.search_runs(**words)


def test_a_run_without_a_server_says_what_is_known() -> None:
    with cumulog.start_run(run_name="mine", experiment_id="3") as run:
        assert (run.info.run_name, run.info.experiment_id, run.info.artifact_uri, run.data) == ("mine", "3", "", None)


def test_a_run_that_is_logged_to_can_be_had_as_plain_data(world: World) -> None:
    with cumulog.start_run(run_name="n") as run:
        assert run.to_dictionary() == {"info": {"run_id": run.info.run_id, "run_name": "n", "experiment_id": "0"}}

    cumulog.set_tracking_uri(world.url)
    with cumulog.start_run() as run:
        cumulog.log_metric("loss", 0.5)
        found = run.to_dictionary()
        asked = cumulog.get_run(run.info.run_id).to_dictionary()
        info = dict(run.info)

    assert found["data"]["metrics"] == {"loss": 0.5}
    assert found == asked
    assert info == found["info"]


def test_what_only_mlflow_has_names_the_remedy() -> None:
    with pytest.raises(AttributeError, match=r"install mlflow.*mlflow\.start_run"):
        cumulog.autolog  # noqa: B018
    with pytest.raises(AttributeError, match=r"cumulog\.Client"):
        cumulog.MlflowClient  # noqa: B018
    assert not hasattr(cumulog, "spark")
    assert not hasattr(cumulog, "__wrapped__")


def test_images_that_are_none_raise_nothing(world: World) -> None:
    cumulog.start_run()

    cumulog.log_image([1, 2], "list.png")
    cumulog.log_image(object(), key="not/../allowed?")
    cumulog.log_image(object(), "both.png", key="both")

    delivered(world)
    assert world.objects == {}


def test_a_dataset_is_logged_with_what_it_was_used_for(world: World) -> None:
    cumulog.start_run()
    cumulog.log_inputs([WINE, None, {"name": "incomplete"}], ["training"], [{"a": 1}])

    tags = [{"key": "mlflow.data.context", "value": "training"}, {"key": "a", "value": "1"}]
    assert delivered(world).inputs == [{"tags": tags, "dataset": WINE}]


@pytest.mark.slow
def test_a_line_that_waits_for_a_slow_server_is_there_at_the_end(world: World) -> None:
    cumulog.set_tracking_uri(world.url)
    world.call_faults.extend([Status(503), Status(503)])
    cumulog.start_run()

    cumulog.log_metric("loss", 0.5, synchronous=True)

    assert cumulog.finish()
    (run,) = world.tracking.runs.values()
    assert len(run.points) == 1


def test_what_a_run_s_end_waits_for_is_a_part_of_the_ten_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[float] = []
    cumulog.set_tracking_uri("")
    cumulog.start_run()
    process.begun[-1].at_end.append(lambda: time.sleep(0.1))
    monkeypatch.setattr(process, "flush", lambda seconds: not given.append(seconds))

    cumulog.finish()

    assert given[0] <= END_SECONDS - 0.1
