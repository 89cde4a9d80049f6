"""`cumulog experiments` and `cumulog runs`."""

import csv
import io
import json
import os
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPMessage
from pathlib import Path

import pytest

from cumulog import _command
from cumulog._http.connections import Answer
from tests import client as api
from tests.api.command.typed import Terminal
from tests.gateway_transport import Gateway


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(capsys)


def logged(experiment_id: str, name: str, depth: str, loss: float, status: str = "FINISHED") -> str:
    """A run with a param and two points of a metric."""
    run_id = api.create_run(experiment_id, run_name=name)
    api.done("/runs/log-parameter", run_id=run_id, key="depth", value=depth)
    for step, value in enumerate((1.0, loss)):
        api.done("/runs/log-metric", run_id=run_id, key="loss", value=value, timestamp=5, step=step)
    api.done("/runs/update", run_id=run_id, status=status, end_time=61_001)
    return run_id


def test_an_experiment_is_created_renamed_deleted_and_restored(run: Terminal) -> None:
    made = run.answer("experiments create wine")["experiment_id"]

    run.done("experiments rename wine 'red wine'")
    run.done(f"experiments delete {made}")
    assert [each["name"] for each in run.answer("experiments list --deleted")] == ["red wine"]
    run.done("experiments restore 'red wine'")

    assert run.answer("experiments show 'red wine'")["experiment_id"] == made
    assert run.done("experiments list").splitlines()[0].split("\t")[:3] == ["ID", "NAME", "STAGE"]


def test_a_misspelt_experiment_has_suggestions_and_the_code_3(run: Terminal) -> None:
    api.create_experiment("wine")

    told = run("experiments show wien")

    assert (told.status, told.out) == (3, "")
    assert "Did you mean 'wine'?" in told.err


def test_runs_are_listed_whole_and_parted_by_tabs(run: Terminal, experiment_id: str) -> None:
    ids = {logged(experiment_id, "a\tb", "3", 0.123456789), logged(experiment_id, "second", "4", 0.25)}

    lines = [line.split("\t") for line in run.done(f"runs list {experiment_id} --order-by 'metrics.loss'").splitlines()]

    assert lines[0] == ["ID", "NAME", "STATUS", "STARTED (UTC)", "TOOK", "loss", "depth"]
    assert {line[0] for line in lines[1:]} == ids
    assert lines[1][1:] == ["a?b", "FINISHED", "1970-01-01 00:00:00", "1m 01s", "0.123456789", "3"]


def test_a_list_has_the_columns_and_the_rows_that_are_asked_for(run: Terminal, experiment_id: str) -> None:
    for number in range(3):
        logged(experiment_id, f"run {number}", str(number), number)

    rows = run.answer(f"runs list {experiment_id} --columns metrics.loss@min --filter 'metrics.loss > 0' --limit 1")

    assert [row["metrics.loss@min"] for row in rows] == [1.0]
    assert "There are more runs than 1" in run(f"runs list {experiment_id} --limit 1").err


def test_a_column_that_no_run_has_is_told(run: Terminal, experiment_id: str) -> None:
    logged(experiment_id, "one", "3", 0.5)

    told = run(f"runs list {experiment_id} --columns 'metrics.loss, metrics.los'")

    assert told.out.splitlines()[0].split("\t")[-2:] == ["loss", "los"]
    assert told.err == "No run here has metrics.los.\n"


def test_a_run_is_named_by_id_by_its_beginning_or_by_name(run: Terminal) -> None:
    experiment_id = api.create_experiment("wine/red")
    run_id = logged(experiment_id, "brave fox", "3", 0.5)

    for named in (run_id, run_id[:6], "'brave fox'", "'wine/red/brave fox'"):
        assert run.answer(f"runs show {named}")["run_id"] == run_id
        assert run.answer(f"open {named}")["url"].endswith(f"#/experiments/{experiment_id}/runs/{run_id}")
    assert "params.depth\t3" in run.done(f"runs show {run_id}").splitlines()


def test_a_run_tells_its_parent_and_its_models(run: Terminal, experiment_id: str) -> None:
    run_id = logged(experiment_id, "child", "3", 0.123456789)
    api.done("/runs/set-tag", run_id=run_id, key="mlflow.parentRunId", value="0" * 32)
    model = api.done("/logged-models", experiment_id=experiment_id, name="net", source_run_id=run_id)["model"]["info"]
    api.done("/runs/outputs", run_id=run_id, models=[{"model_id": model["model_id"], "step": 7}])

    lines = run.done("runs show child").splitlines()

    assert f"parent\t{'0' * 32}" in lines
    assert f"models.step 7\tmodels:/{model['model_id']}" in lines
    assert "metrics.loss\t0.123456789  (step 1)" in lines


def test_a_name_of_several_runs_lists_them(run: Terminal, experiment_id: str) -> None:
    ids = [logged(experiment_id, "same", "3", 0.5) for _ in range(2)]

    told = run("runs show same")

    assert told.status == 2
    assert all(f"{each}  1970-01-01 00:00:00  FINISHED  same" in told.err for each in ids)


@pytest.mark.parametrize("named", ["wine/bravefox", "bravefox", "brave", "wine/br"])
def test_a_run_that_is_misspelt_or_cut_has_suggestions(run: Terminal, named: str) -> None:
    logged(api.create_experiment("wine"), "brave fox", "3", 0.5)

    told = run(f"runs show {named}")

    whole = "wine/brave fox" if "/" in named else "brave fox"
    assert (told.status, told.err) == (3, f"cumulog: There is no run '{named}'. Did you mean '{whole}'?\n")


@pytest.mark.parametrize("named", ["nothing", "abcdef", "0" * 32])
def test_a_run_that_is_not_there_has_the_code_3(run: Terminal, experiment_id: str, named: str) -> None:
    assert run(f"runs show {named}").status == 3


def test_runs_are_compared_by_what_differs(run: Terminal, experiment_id: str) -> None:
    ids = [logged(experiment_id, "one", "3", 0.5), logged(experiment_id, "two", "3", 0.25)]

    compared = run.answer(f"runs compare {' '.join(ids)}")

    assert compared == {"runs": ids, "differences": [{"kind": "metric", "key": "loss", "values": [0.5, 0.25]}]}
    assert run.done("runs compare one two").splitlines()[1] == "metric\tloss\t0.5\t0.25"


def test_a_watched_run_tells_its_points_and_ends_with_it(run: Terminal, experiment_id: str) -> None:
    logged(experiment_id, "one", "3", 0.5)

    told = run("runs watch one")

    assert told.out.splitlines() == ["loss\t0\t1.0", "loss\t1\t0.5"]
    assert "The run has ended: FINISHED." in told.err


class Flickering(Gateway):
    """A server that is away once, and where somebody logs a point and ends the run meanwhile."""

    def __init__(self, run_id: str) -> None:
        super().__init__()
        self._run_id = run_id
        self._asked = 0

    def ask(self, method: str, target: str, headers: Mapping[str, str], content: bytes | None) -> Answer:
        self._asked += "/runs/get" in target
        if self._asked == 3 and "/runs/get" in target:
            api.done("/runs/log-metric", run_id=self._run_id, key="acc", value=0.75, timestamp=5, step=1)
            api.done("/runs/log-metric", run_id=self._run_id, key="loss", value=0.25, timestamp=5, step=2)
            api.done("/runs/update", run_id=self._run_id, status="KILLED")
            return Answer(503, HTTPMessage(), b"{}")
        return super().ask(method, target, headers, content)


def test_a_watch_outlives_a_moment_without_a_server_and_tells_each_point_once(
    capsys: pytest.CaptureFixture[str], experiment_id: str
) -> None:
    run_id = logged(experiment_id, "one", "3", 0.5, status="RUNNING")

    told = Terminal(capsys, Flickering(run_id))(f"runs watch {run_id} --seconds 0")

    assert told.out.splitlines() == ["loss\t0\t1.0", "loss\t1\t0.5", "acc\t1\t0.75", "loss\t2\t0.25"]
    assert told.err.splitlines() == ["The server does not answer. It is asked again.", "The run has ended: KILLED."]


def test_an_export_has_all_rows_and_all_columns(run: Terminal, experiment_id: str, tmp_path: Path) -> None:
    run_id = logged(experiment_id, "one, two", "3", 0.5)
    api.create_run(experiment_id)

    run.done(f"runs export {experiment_id} --output {tmp_path}/runs.csv")

    rows = list(csv.DictReader(io.StringIO((tmp_path / "runs.csv").read_text())))
    assert len(rows) == 2
    row = next(each for each in rows if each["run_id"] == run_id)
    assert (row["run_name"], row["params.depth"], row["metrics.loss"]) == ("one, two", "3", "0.5")
    assert run.done(f"runs export {experiment_id}") == (tmp_path / "runs.csv").read_text()


def test_an_export_goes_into_a_pipe_that_has_a_name(run: Terminal, experiment_id: str, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as readers:
        read = readers.submit(pipe.read_text)

        run.done(f"runs export {experiment_id} --output {pipe}")

        assert read.result(10).startswith("run_id,")
    assert pipe.is_fifo()


def test_an_export_into_a_folder_that_is_not_there_names_it(run: Terminal, experiment_id: str, tmp_path: Path) -> None:
    told = run(f"runs export {experiment_id} --output {tmp_path}/gone/runs.csv")

    assert (told.status, told.err) == (3, f"cumulog: There is no folder '{tmp_path}/gone'.\n")


def test_nothing_that_is_stored_steers_the_terminal(run: Terminal) -> None:
    hostile = "a\x1b]0;x\x07\u202eb"
    experiment_id = api.create_experiment("wine")
    api.done("/experiments/set-experiment-tag", experiment_id=experiment_id, key="note", value=hostile)
    ids = [logged(experiment_id, f"{hostile}{number}", f"{hostile}{number}", number) for number in range(2)]
    api.done("/runs/set-tag", run_id=ids[0], key="note", value=hostile)

    lines = (
        "experiments list",
        f"experiments show {experiment_id}",
        f"runs list {experiment_id}",
        f"runs show {ids[0]}",
        f"runs compare {' '.join(ids)}",
        f"runs show {ids[0]} --json",
        f"runs show {hostile!r}",
        f"series los {ids[0]}",
    )

    said = "".join(told.out + told.err for told in map(run, lines))
    assert "a?]0;x??b" in said
    assert not set(said) & {"\x1b", "\x07", "\u202e"}


def test_runs_are_deleted_and_restored(run: Terminal, experiment_id: str) -> None:
    run_id = logged(experiment_id, "one", "3", 0.5)

    run.done("runs delete one")
    assert [each["run_id"] for each in run.answer(f"runs list {experiment_id} --deleted")] == [run_id]
    run.done(f"runs restore {run_id[:8]}")

    assert json.loads(run.done(f"runs list {experiment_id} --json"))[0]["run_id"] == run_id


class Refusing(Gateway):
    """A server that deletes all runs but one."""

    def __init__(self, run_id: str) -> None:
        super().__init__()
        self._run_id = run_id

    def ask(self, method: str, target: str, headers: Mapping[str, str], content: bytes | None) -> Answer:
        if "/runs/delete" in target and self._run_id in str(content):
            return Answer(403, HTTPMessage(), b'{"error_code": "PERMISSION_DENIED", "message": "no"}')
        return super().ask(method, target, headers, content)


def test_of_several_runs_those_are_told_that_were_deleted_before_one_failed(
    capsys: pytest.CaptureFixture[str], experiment_id: str
) -> None:
    first, second, third = (logged(experiment_id, name, "3", 0.5) for name in ("one", "two", "three"))

    told = Terminal(capsys, Refusing(second))("runs delete one two three")

    assert (told.status, told.out) == (4, "")
    assert told.err.startswith(f"Run {first} is deleted.\ncumulog: PERMISSION_DENIED: no\n")
    assert third not in told.err


def test_a_server_that_is_gone_has_the_code_5(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")

    assert _command.main(["experiments", "show", "wine"]) == 5
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("cumulog: http://127.0.0.1:9 does not answer to GET /")
    assert first.endswith(": Connection refused (3 attempts)")
    assert "cumulog doctor" in second


def test_without_a_server_it_is_told_how_to_set_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)

    assert _command.main(["experiments", "list"]) == 1

    assert "Set MLFLOW_TRACKING_URI to its URL, or sign in: cumulog login" in capsys.readouterr().err


def test_an_error_of_a_disk_names_the_file_and_no_number(run: Terminal, experiment_id: str, tmp_path: Path) -> None:
    (tmp_path / ".runs.csv.part").mkdir()

    told = run(f"runs export {experiment_id} --output {tmp_path}/runs.csv")

    assert (told.status, told.err) == (1, f"cumulog: {tmp_path}/.runs.csv.part: Is a directory\n")


def test_a_closed_stdout_is_no_error(monkeypatch: pytest.MonkeyPatch, experiment_id: str) -> None:
    monkeypatch.setattr(sys, "stdout", None)

    assert _command.main(["runs", "list", experiment_id], Gateway()) == 0
