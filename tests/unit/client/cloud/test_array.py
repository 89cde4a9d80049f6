"""A sweep as an array of jobs: which child runs which trial, and how the sweep's run ends."""

from pathlib import Path

import pytest

from cumulog._command import main
from tests.unit.client.cloud.fake_batch import Jobs
from tests.unit.client.fake_server import World
from tests.unit.client.fake_tracking import Run

SWEEP = """
method: grid
parameters:
  text: [a, b]
  more: {min: 1, max: 2}
"""


def submitted(folder: Path, sweep: str, *options: str) -> int:
    (folder / "sweep.yaml").write_text(sweep)
    where = ("--backend", "batch", "--experiment-name", "new", "--run-name", "search")
    return main(["run", str(folder), *where, "--sweep", str(folder / "sweep.yaml"), *options])


def work(monkeypatch: pytest.MonkeyPatch, run_id: str, number: int) -> int:
    monkeypatch.setenv("AWS_BATCH_JOB_ARRAY_INDEX", str(number))
    monkeypatch.setenv("AWS_BATCH_JOB_ID", f"job-1:{number}")
    return main(["run", "--run-id", run_id])


def trials(world: World) -> list[Run]:
    return [run for run in world.tracking.runs.values() if "mlflow.parentRunId" in run.tags]


def test_each_child_of_an_array_runs_the_trial_of_its_number(
    world: World, folder: Path, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    submitted(folder, SWEEP, "--no-wait", "-e", "searched", "-P", "data=data.csv")
    ((sweep_id, sweep),) = world.tracking.runs.items()

    codes = [work(monkeypatch, sweep_id, number) for number in (3, 0, 2, 1)]
    assert (codes, jobs.submitted[0]["arrayProperties"]) == ([0] * 4, {"size": 4})
    assert sweep.params == {"data": "data.csv"}
    told = [(run.tags["cumulog.sweep.trial"], run.params["text"], run.params["more"]) for run in trials(world)]
    assert told == [("3", "b", "2"), ("0", "a", "1"), ("2", "b", "1"), ("1", "a", "2")]
    assert {run.status for run in trials(world)} == {"FINISHED"}
    assert trials(world)[0].tags["cumulog.batch.job"] == "job-1:3"


def test_a_child_that_starts_again_goes_on_with_its_run(
    world: World, folder: Path, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    submitted(folder, SWEEP, "--no-wait", "-e", "searched", "-P", "data=data.csv")
    (sweep_id,) = world.tracking.runs
    work(monkeypatch, sweep_id, 1)
    (trial,) = trials(world)
    trial.status = "SCHEDULED"

    assert (work(monkeypatch, sweep_id, 1), len(trials(world)), trial.status) == (0, 1, "FINISHED")


@pytest.mark.parametrize(("fate", "status", "code"), [("SUCCEEDED", "FINISHED", 0), ("FAILED", "FAILED", 1)])
def test_whoever_waits_for_an_array_ends_the_run_of_the_sweep(
    world: World, folder: Path, jobs: Jobs, monkeypatch: pytest.MonkeyPatch, fate: str, status: str, code: int
) -> None:
    submitted(folder, SWEEP, "--no-wait")
    ((sweep_id, sweep),) = world.tracking.runs.items()
    work(monkeypatch, sweep_id, 0)
    jobs.job = {"status": fate, "arrayProperties": {"size": 4, "statusSummary": {"SUCCEEDED": 1, "FAILED": 3}}}

    assert main(["run", "--backend", "batch", "--run-id", sweep_id]) == code
    assert sweep.status == status


def test_an_array_that_ran_nothing_is_a_failure(world: World, folder: Path, jobs: Jobs) -> None:
    jobs.job = {"status": "SUCCEEDED", "arrayProperties": {"size": 4, "statusSummary": {"SUCCEEDED": 4}}}

    assert submitted(folder, SWEEP) == 1
    assert [run.status for run in world.tracking.runs.values()] == ["FAILED"]


def test_random_trials_are_the_same_wherever_they_run(
    world: World, folder: Path, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    sweep = "method: random\ntrials: 3\nseed: 7\nparameters:\n  text: {min: 0.0, max: 1.0}\n"
    for _ in range(2):
        submitted(folder, sweep, "--no-wait")
    first, second = world.tracking.runs
    for each in (first, second):
        work(monkeypatch, each, 2)

    one, other = trials(world)
    assert one.params["text"] == other.params["text"]


@pytest.mark.parametrize(
    "sweep",
    [
        "method: tpe\nmetric: loss\ntrials: 3\nparameters: {text: [a, b]}\n",
        "method: random\nmetric: loss\ntrials: 3\nearly_stopping: median\nparameters: {text: [a, b]}\n",
        "method: random\ntrials: 10001\nparameters: {text: [a, b]}\n",
    ],
)
def test_trials_that_depend_on_each_other_and_too_many_are_refused(
    world: World, folder: Path, jobs: Jobs, sweep: str
) -> None:
    assert submitted(folder, sweep) != 0
    assert (world.tracking.runs, jobs.submitted) == ({}, [])
