"""Logging from real processes: ends, kills, forks, workers and ranks."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cumulog._delivery.sync import sync
from cumulog._journal import places
from tests.sampling import NIGHTLY, times
from tests.unit.client.fake_server import Cut, Status, World

ROOT = Path(__file__).resolve().parents[3]
NOWHERE = "http://127.0.0.1:9"

LOGS = """
import cumulog, sys
with cumulog.start_run(run_name="a name"):
    cumulog.log_params({"lr": 0.1})
    for step in range(1500):
        cumulog.log_metric("loss", 1 / (step + 1), step)
    cumulog.set_tag("state", "done")
"""
ENDLESS = """
import cumulog
cumulog.start_run()
step = 0
while True:
    cumulog.log_metric("loss", 0.5, step, timestamp=step)
    if step % 100 == 0:
        cumulog.set_tag("step", step)
    step += 1
    if step % 250 == 0:
        print(step, flush=True)
"""
FORKS = """
import cumulog, os
cumulog.start_run()
cumulog.log_metric("parent", 1.0, 0)
children = []
for number in range(3):
    child = os.fork()
    if not child:
        for step in range(50):
            cumulog.log_metric(f"child {number}", 1.0, step)
        os._exit(0)
    children.append(child)
for child in children:
    os.waitpid(child, 0)
cumulog.log_metric("parent", 1.0, 1)
"""
FORKS_ALL_THE_TIME = """
import faulthandler
faulthandler.dump_traceback_later(50, exit=True)
import cumulog, os, sys, time
import concurrent.futures, logging, random
cumulog.start_run()
cumulog.log_text("hello", "notes.txt")
end, forks = time.monotonic() + float(sys.argv[1]), 0
while time.monotonic() < end:
    child = os.fork()
    if not child:
        os._exit(0)
    os.waitpid(child, 0)
    forks += 1
    time.sleep(0.001)
cumulog.set_tag("forks", forks)
"""
# Leaving the block terminates the workers, which have no time to deliver. The parent logs nothing.
POOL = """
import cumulog, multiprocessing, sys
def work(number):
    with cumulog.start_run():
        cumulog.log_metric("number", number)
if __name__ == "__main__":
    cumulog.set_experiment(experiment_id="0")
    with multiprocessing.get_context(sys.argv[1]).Pool(2) as pool:
        pool.map(work, range(4))
    cumulog.flush()
    print("found", sorted(int(run.data.metrics["number"]) for run in cumulog.search_runs(["0"], output_format="list")))
"""
# The last child ends as a process should, beside journals that the others left.
LAST_OF_MANY = """
import cumulog, os, sys
cumulog.start_run()
cumulog.log_metric("parent", 1.0, 0)
assert cumulog.flush()
for number in range(4):
    child = os.fork()
    if not child:
        cumulog.log_metric("child", 1.0, number)
        assert number < 3 or cumulog.finish()
        os._exit(0)
    os.waitpid(child, 0)
folder = os.environ["CUMULOG_JOURNAL"]
print("journals left:", len([name for name in os.listdir(folder) if name.count(".") == 3]))
"""
WORKERS = """
import multiprocessing, sys
import cumulog

def work(number):
    for step in range(50):
        cumulog.log_metric(f"child {number}", 1.0, step)

if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    cumulog.start_run()
    workers = [context.Process(target=work, args=(number,)) for number in range(3)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert [each.exitcode for each in workers] == [0, 0, 0]
"""
RANK = """
import cumulog, os
cumulog.start_run()
for step in range(50):
    cumulog.log_metric("rank " + os.environ["RANK"], 1.0, step)
"""
THREADS = """
import cumulog, threading
cumulog.start_run()
def work(number):
    for step in range(200):
        cumulog.log_metric(f"thread {number}", 1.0, step)
threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
for each in threads: each.start()
for each in threads: each.join()
"""
# The names of MLflow's quick start that are logging.
QUICK_START = """
import cumulog as mlflow
mlflow.set_experiment("Wines of 2026")
with mlflow.start_run(run_name="first") as run:
    mlflow.log_params({"solver": "lbfgs", "max_iter": 1000})
    mlflow.log_metric("accuracy", 0.9)
    mlflow.set_tag("Training Info", "Basic LR model for iris data")
    mlflow.log_text("hello", "notes.txt")
    with mlflow.start_run(nested=True) as child:
        mlflow.log_metric("accuracy", 0.8)
    assert mlflow.active_run() is run
assert mlflow.active_run() is None
with mlflow.start_run(run_id=run.info.run_id):
    mlflow.log_metric("late", 1.0)
"""
ODD = """
import cumulog
cumulog.log_metric("loss", "high", 1)
cumulog.log_metric("loss", None, 1)
cumulog.log_metric("loss", 1.0, "first")
cumulog.log_metric("", 1.0)
cumulog.log_metric("half \\ud800", 1.0)
cumulog.log_metrics({"kept": 2.0, "lost": "x", 7: 1.0}, 1)
cumulog.log_param("long", "x" * 1_000_000)
cumulog.set_tag("ok", "\\u65e5\\u672c")
cumulog.log_metric("nan", float("nan"))
print("survived")
"""


def started(
    script: str, server: str, *arguments: str, folder: Path | None = None, **more: str
) -> subprocess.Popen[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith(("MLFLOW_", "RANK", "WORLD_SIZE"))}
    env |= {"PYTHONPATH": str(ROOT / "client/python/src"), "MLFLOW_TRACKING_URI": server, **more}
    command = [sys.executable, "-c", script, *arguments]
    if folder:
        (folder / "job.py").write_text(script)
        command = [sys.executable, str(folder / "job.py"), *arguments]
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ran(script: str, server: str, *arguments: str, folder: Path | None = None, **more: str) -> str:
    """What the script wrote to stderr."""
    job = started(script, server, *arguments, folder=folder, **more)
    out, err = job.communicate(timeout=60)
    assert job.returncode == 0, err
    return out + err


def steps(world: World) -> dict[str, int]:
    """How many points each metric of the only run has."""
    (run,) = world.tracking.runs.values()
    names = [point[0] for point in run.points]
    return {name: names.count(name) for name in sorted(set(names))}


def test_a_script_that_ends_has_delivered_everything_and_leaves_nothing(world: World) -> None:
    said = ran(LOGS, world.url)

    (run,) = world.tracking.runs.values()
    assert (run.status, run.params, run.tags["state"], said) == ("FINISHED", {"lr": "0.1"}, "done", "")
    assert steps(world) == {"loss": 1500}
    assert list(places.chains()) == []


def test_a_short_script_says_that_it_leaves_lines_of_others(world: World, tmp_path: Path) -> None:
    unknown = 'import cumulog, os\ncumulog.log_metric("loss", 1, run_id="f" * 32)\nos._exit(0)'
    ran(unknown, world.url, folder=tmp_path)

    said = ran(LOGS, world.url, folder=tmp_path)

    assert f"other processes left for {world.url} are still on disk. To send them: cumulog sync" in said
    assert steps(world) == {"loss": 1500}


def test_a_script_that_fails_leaves_a_failed_run(world: World) -> None:
    job = started("import cumulog\ncumulog.log_metric('loss', 1.0)\nraise KeyError(1)", world.url)
    job.communicate(timeout=60)

    (run,) = world.tracking.runs.values()
    assert (run.status, len(run.points)) == ("FAILED", 1)


@pytest.mark.parametrize(
    ("script", "status"),
    [
        ("cumulog.start_run()\nraise SystemExit(3)", "FINISHED"),
        ("with cumulog.start_run():\n    raise SystemExit(0)", "FAILED"),
    ],
)
def test_an_exit_ends_runs_as_with_mlflow(world: World, script: str, status: str) -> None:
    started(f"import cumulog\n{script}", world.url).communicate(timeout=60)

    assert [run.status for run in world.tracking.runs.values()] == [status]


def test_a_statement_that_failed_in_a_session_does_not_fail_its_run(world: World) -> None:
    session = """
import code
console = code.InteractiveConsole()
for line in ("import cumulog", "cumulog.log_metric('loss', 1.0)", "los", "cumulog.log_metric('loss', 0.5, step=1)"):
    console.push(line)
import sys
sys.ps1 = ">>> "
"""
    assert "NameError" in ran(session, world.url)

    (run,) = world.tracking.runs.values()
    assert (run.status, len(run.points)) == ("FINISHED", 2)


def test_a_script_without_a_server_says_once_how_to_send_its_lines(world: World) -> None:
    said = ran(LOGS + LOGS, "")

    assert said.count("cumulog sync") == 1
    assert sync(world.url, print).left == {}
    assert [len(run.points) for run in world.tracking.runs.values()] == [1500, 1500]


def test_the_end_with_a_dead_server_says_how_many_lines_remain(world: World) -> None:
    said = ran(LOGS + "import os\ncumulog.flush(0.1)\nos._exit(0)", NOWHERE)

    assert "1504 lines are not on http://127.0.0.1:9 yet" in said


def test_the_end_says_that_it_waits_and_ctrl_c_how_many_lines_remain(world: World) -> None:
    impatient = "from cumulog._fluent import process\nprocess._SILENT_SECONDS = 0.0\n"
    job = started(f"{impatient}{LOGS}print('over', flush=True)", NOWHERE)
    assert job.stdout
    assert job.stdout.readline() == "over\n"
    time.sleep(0.5)

    job.send_signal(signal.SIGINT)

    _, said = job.communicate(timeout=60)
    assert "1504 lines are not on http://127.0.0.1:9 yet" in said
    assert said.count("Ctrl-C ends the wait; the lines stay on disk.") == 1
    assert "Traceback" not in said


def test_odd_values_are_left_out_and_training_goes_on(world: World) -> None:
    said = ran(ODD, world.url)

    (run,) = world.tracking.runs.values()
    assert "survived" in said
    assert {(point[0], point[1]) for point in run.points} == {("kept", 2.0), ("nan", "NaN")}
    assert (len(run.params["long"]), run.tags["ok"]) == (6000, "日本")
    assert "Traceback" not in said


@pytest.mark.parametrize("seed", range(50 if NIGHTLY else 2))
def test_a_kill_loses_no_line_that_was_logged(world: World, seed: int) -> None:
    chance = random.Random(seed)
    world.call_faults.extend(chance.choices([None, Cut(0), Status(429), Status(500), Status(503)], k=12))
    job = started(ENDLESS, world.url)
    assert job.stdout
    job.stdout.readline()
    time.sleep(chance.uniform(0, 0.5))
    job.send_signal(signal.SIGKILL)
    printed = [int(line) for line in job.stdout]
    job.communicate()
    world.call_faults.clear()

    assert sync(world.url, print).left == {}

    (run,) = world.tracking.runs.values()
    assert {point[3] for point in run.points} == set(range(len(run.points)))
    assert len(run.points) >= max(printed, default=250)
    assert (len(run.points) - 1) // 100 * 100 - int(run.tags["step"]) in (0, 100)
    assert list(places.chains()) == []


def test_forked_children_that_never_finish_lose_nothing(world: World) -> None:
    ran(FORKS, world.url)

    (run,) = world.tracking.runs.values()
    assert steps(world) == {"child 0": 50, "child 1": 50, "child 2": 50, "parent": 2}
    assert run.status == "FINISHED"
    assert list(places.chains()) == []


def test_a_child_that_ends_leaves_what_others_left_to_its_parent(world: World) -> None:
    said = ran(LAST_OF_MANY, world.url)

    # Those of three children, and the parent's own.
    assert "journals left: 4" in said
    (run,) = world.tracking.runs.values()
    assert steps(world) == {"child": 4, "parent": 1}
    assert (run.status, list(places.chains())) == ("FINISHED", [])


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_workers_log_to_the_run_of_their_parent(world: World, tmp_path: Path, method: str) -> None:
    ran(WORKERS, world.url, method, folder=tmp_path)

    assert steps(world) == {"child 0": 50, "child 1": 50, "child 2": 50}
    assert list(places.chains()) == []


def test_the_end_of_a_parent_that_logs_nothing_delivers_what_terminated_workers_left(
    world: World, tmp_path: Path
) -> None:
    nothing_called = POOL.replace('    cumulog.set_experiment(experiment_id="0")\n', "").split("    cumulog.flush()")[0]

    said = ran(nothing_called, world.url, "spawn", folder=tmp_path)

    assert [len(run.points) for run in world.tracking.runs.values()] == [1, 1, 1, 1]
    assert (said, list(places.chains())) == ("", [])


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_what_terminated_workers_logged_is_there_for_the_parents_next_question(
    world: World, tmp_path: Path, method: str
) -> None:
    said = ran(POOL, world.url, method, folder=tmp_path)

    assert "found [0, 1, 2, 3]" in said
    assert list(places.chains()) == []
    assert "Traceback" not in said


def test_eight_ranks_log_to_one_run(world: World) -> None:
    run_id = "c" * 32

    ranks = [
        started(RANK, world.url, RANK=str(rank), WORLD_SIZE="8", MLFLOW_RUN_ID=run_id) for rank in reversed(range(8))
    ]
    assert [job.wait(60) for job in ranks] == [0] * 8
    for job in ranks:
        job.communicate()

    assert steps(world) == {f"rank {rank}": 50 for rank in range(8)}
    assert list(world.tracking.runs) == [run_id]


def test_a_script_in_the_names_of_mlflow_runs_unchanged(world: World) -> None:
    said = ran(QUICK_START, world.url)

    parent, child = sorted(world.tracking.runs.items(), key=lambda item: "mlflow.parentRunId" in item[1].tags)
    assert said == ""
    assert child[1].tags["mlflow.parentRunId"] == parent[0]
    assert {point[0] for point in parent[1].points} == {"accuracy", "late"}
    assert parent[1].body["run_name"] == "first"
    assert {run.status for run in world.tracking.runs.values()} == {"FINISHED"}
    assert world.tracking.experiments == {"Wines of 2026": parent[1].body["experiment_id"]}
    assert list(world.objects.values()) == [b"hello"]


def test_a_process_that_forks_all_the_time_delivers_files_as_well(world: World) -> None:
    """What the thread that delivers imports takes locks that a fork takes too, logging's among them."""
    said = ran(FORKS_ALL_THE_TIME, world.url, str(times(1, 5)))

    (run,) = world.tracking.runs.values()
    assert "Traceback" not in said
    assert int(run.tags["forks"]) > 10


def test_threads_log_to_the_run_of_the_main_thread(world: World) -> None:
    ran(THREADS, world.url)

    assert steps(world) == {f"thread {number}": 200 for number in range(4)}
