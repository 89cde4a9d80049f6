"""Training never sees an exception that it did not ask for."""

import getpass
import logging
import os
import threading
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import cumulog
from cumulog._delivery.sync import sync
from cumulog._fluent import environment
from cumulog._fluent.process import process
from tests.unit.client.fake_server import World
from tests.unit.client.jobs import Job

RUN = "0123456789abcdef" * 2
CIRCLE: list[Any] = []
CIRCLE.append(CIRCLE)


class Broken:
    """A thing of which nobody can make a text."""

    def __str__(self) -> str:
        raise RuntimeError("no text")

    __repr__ = __str__


class Figure:
    def savefig(self, path: Path, **_: str) -> None:
        path.write_text("drawn")


class BrokenItems(dict[str, float]):
    def items(self) -> Any:
        raise ValueError("no items")


THINGS = [[], {}, None, Decimal("1.5"), Broken(), CIRCLE, b"bytes", 10**400, "\ud800", object()]


# A model that was not saved is what the whole job was for, so log_model raises.
LOGGING = [name for name in cumulog.__all__ if name.startswith("log_") and name != "log_model"]


@pytest.mark.parametrize("name", [*LOGGING, "set_tag", "set_tags"])
def test_whatever_is_logged_nothing_is_raised(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    function = getattr(cumulog, name)
    several = name in ("log_metrics", "log_params", "log_inputs", "set_tags")
    with cumulog.start_run():
        for thing in THINGS:
            function(*([thing] if several else [thing, thing]))
            if not several:
                function("named", thing)
                function(thing, "named")
        cumulog.log_metrics(BrokenItems(a=1.0))
        cumulog.log_metric("after", 1.0)
        assert cumulog.active_run() is not None


def test_a_number_with_thousands_of_digits_hides_no_other(world: World, caplog: pytest.LogCaptureFixture) -> None:
    cumulog.set_tracking_uri(world.url)
    with cumulog.start_run() as run:
        cumulog.log_metrics({"huge": 10**5000, "kept": 1.0})
        cumulog.log_metric("lost", 1.0, step=10**5000)
    assert cumulog.flush()

    assert [key for key, *_ in world.tracking.runs[run.info.run_id].points] == ["kept"]
    assert "'lost' at step an int of 16610 bits" in caplog.text


def test_a_figure_needs_no_ending_where_its_format_is_given(caplog: pytest.LogCaptureFixture) -> None:
    with cumulog.start_run():
        caplog.clear()
        cumulog.log_figure(Figure(), "x", save_kwargs={"format": "png"})

    assert caplog.messages == []


def test_what_went_wrong_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "cumulog"), cumulog.start_run():
        for _ in range(3):
            cumulog.log_dict(CIRCLE, "circle.json")

    assert ["Circular" in each.message for each in caplog.records if "log_dict" in each.message] == [True]


def test_a_message_can_be_written_whatever_name_it_quotes(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "cumulog"), cumulog.start_run():
        cumulog.log_metric("\ud800", 1.0)

    assert "\\ud800" in caplog.text
    caplog.text.encode()


def test_a_message_steers_no_terminal_and_is_short_whatever_it_quotes(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "cumulog"), cumulog.start_run():
        cumulog.log_artifact("\x1b[31m\n" + "a" * 100_000)
        cumulog.log_artifact("\x1b[2J")

    long, short = (each.message for each in caplog.records if "log_artifact" in each.message)
    assert len(long) < 1100
    assert short.endswith(r"'\x1b[2J' is not there.")


def test_a_call_with_the_wrong_arguments_is_a_mistake_in_the_script() -> None:
    with cumulog.start_run():
        with pytest.raises(TypeError, match="value"):
            cumulog.set_tag("key")  # type: ignore[call-arg]
        with pytest.raises(TypeError, match="stp"):
            cumulog.log_metric("key", 1.0, stp=3)  # type: ignore[call-arg]


def test_an_id_in_the_environment_that_is_none_is_said_and_a_new_run_begins(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("MLFLOW_RUN_ID", "../x")

    with caplog.at_level(logging.WARNING, "cumulog"):
        cumulog.log_metric("loss", 1.0)

    run = cumulog.active_run()
    assert run is not None
    assert len(run.info.run_id) == len(RUN)
    assert "MLFLOW_RUN_ID" in caplog.text
    cumulog.end_run()


def test_a_run_id_that_is_none_is_said(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "cumulog"):
        cumulog.log_metric("loss", 1.0, run_id="none")
        cumulog.log_params({"a": 1}, run_id="none")

    assert [each.message.count("32 hexadecimal digits") for each in caplog.records] == [1, 1]


def test_a_thread_that_logs_at_the_end_begins_no_run_that_nobody_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "is_ending", True)

    cumulog.log_metric("late", 1.0)

    assert cumulog.active_run() is None


def test_flush_says_that_lines_remain_while_no_server_is_set(world: World) -> None:
    before = cumulog.flush()

    with cumulog.start_run():
        cumulog.log_metric("loss", 1.0)
    remaining = cumulog.flush()
    sync(world.url, print)

    assert (before, remaining, cumulog.flush()) == (True, False, True)


def test_where_the_environment_names_no_user_the_system_does(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOGNAME", "USER", "USERNAME", "LNAME"):
        monkeypatch.delenv(name, raising=False)

    assert environment.user() == getpass.getuser()


def test_runs_of_all_threads_end_with_the_process(world: World) -> None:
    cumulog.set_tracking_uri(world.url)
    thread = threading.Thread(target=lambda: cumulog.log_metric("loss", 1.0))
    thread.start()
    thread.join()

    assert cumulog.finish()

    assert [run.status for run in world.tracking.runs.values()] == ["FINISHED"]
    cumulog.set_tracking_uri("")


def test_a_user_without_a_password_in_the_url_is_said_and_forgotten(caplog: pytest.LogCaptureFixture) -> None:
    environment._said.clear()

    with caplog.at_level(logging.WARNING, "cumulog"):
        cumulog.set_tracking_uri("https://secret@server/path/")
    uri = cumulog.get_tracking_uri()
    cumulog.set_tracking_uri("")

    assert uri == "https://server/path"
    assert "MLFLOW_TRACKING_TOKEN" in caplog.text
    assert "secret" not in caplog.text


def test_a_pipe_is_not_waited_for(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    with caplog.at_level(logging.WARNING, "cumulog"), cumulog.start_run():
        cumulog.log_artifact(pipe)

    assert ["no file" in each.message for each in caplog.records if str(pipe) in each.message] == [True]


def test_numbers_are_taken_in_each_form_that_mlflow_takes(world: World) -> None:
    class OneElement:
        def item(self) -> float:
            return 2.5

    cumulog.set_tracking_uri(world.url)
    with cumulog.start_run() as run:
        cumulog.log_metric("array", OneElement(), 1)  # type: ignore[arg-type]
        cumulog.log_metric("text", "1.5", 1)  # type: ignore[arg-type]
    assert cumulog.flush()
    cumulog.set_tracking_uri("")

    points = world.tracking.runs[run.info.run_id].points
    assert sorted((key, value) for key, value, *_ in points) == [("array", 2.5), ("text", 1.5)]


@pytest.mark.parametrize(
    ("log", "said"),
    [
        (lambda: cumulog.log_artifact("gone"), "log_artifact logged nothing: local_path 'gone' is not there."),
        (lambda: cumulog.log_artifact(5), "local_path has to be a str or a path, not int."),
        (lambda: cumulog.log_artifact("file", 5), "artifact_path has to be a str or a path, not int."),
        (lambda: cumulog.log_artifacts("gone"), "log_artifacts logged nothing: local_dir 'gone' is not there."),
        (lambda: cumulog.log_artifacts("file"), "local_dir 'file' is no folder."),
        (lambda: cumulog.log_artifacts(None), "local_dir has to be a str or a path, not None."),
        (lambda: cumulog.log_text(b"x", "x"), "log_text logged nothing: text has to be a str, not bytes."),
        (lambda: cumulog.log_text("x", None), "artifact_file has to be a str or a path, not None."),
        (lambda: cumulog.log_text("x", ""), "artifact_file is empty."),
        (lambda: cumulog.log_dict({(1, 2): 3}, "x"), "log_dict logged nothing: dictionary cannot be written as JSON"),
        (lambda: cumulog.log_dict({}, 5), "artifact_file has to be a str or a path, not int."),
        (lambda: cumulog.log_table({"a": [1]}, 5), "artifact_file has to be a str or a path, not int."),
        (lambda: cumulog.log_metric("loss", 1.0, run_id=5), "5 is no id of a run, which is a text of 32"),
        (lambda: cumulog.delete_tag("a@b"), "delete_tag logged nothing: no tag has this name: a name may have letters"),
        (lambda: cumulog.delete_tag(b"a"), "delete_tag logged nothing: no tag has this name: a name is a text"),
        (lambda: cumulog.log_figure(5, "x"), "log_figure logged nothing: figure has to be one of matplotlib or plotly"),
        (lambda: cumulog.log_figure(Figure(), "x"), "artifact_file has to end with the format, as in 'figure.png'."),
        (lambda: cumulog.log_image(5, "x.png"), "log_image logged nothing: image has to be one of Pillow"),
        (lambda: cumulog.log_image(5, key="x"), "log_image logged nothing: image has to be one of Pillow"),
        (lambda: cumulog.log_image(5), "artifact_file or key has to be given."),
        (lambda: cumulog.log_image(5, "x", key="x"), "artifact_file goes without key, step and timestamp."),
        (lambda: cumulog.log_image(5, key=7), "key has to be a str, not int."),
    ],
)
def test_what_is_wrong_with_a_file_is_said_once_by_the_name_of_the_argument(
    log: Any, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").write_text("x")

    with cumulog.start_run():
        caplog.clear()
        log()
        log()

    assert [said in each for each in caplog.messages] == [True]


@pytest.mark.parametrize(
    "log",
    [
        lambda: cumulog.log_image(5, "x.png", synchronous=False),
        lambda: cumulog.log_params({"a": 1}, synchronous=False, run_id="none"),
        lambda: cumulog.set_tag("a", "b", synchronous=False),
        lambda: cumulog.set_tags({"a": "b"}, synchronous=False),
    ],
)
def test_what_cannot_be_logged_leaves_something_to_wait_for(log: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    # No run begins any more, so each is refused.
    monkeypatch.setattr(process, "is_ending", True)

    operations = log()

    assert operations is not None
    operations.wait()


@pytest.mark.parametrize("name", ["acc@5", "acc(%)", "a\nb", "../up", "/root", "a//b", ".", "k" * 251, "", 7])
def test_a_name_that_the_server_refuses_is_said_where_it_is_logged(
    job: Job, name: Any, caplog: pytest.LogCaptureFixture
) -> None:
    job.run.metrics({name: 1.0, "loss": 2.0}, 1, 1)
    job.run.metric(name, 1.0, 1, 1)
    # A number is a name of a param or tag, as its text.
    job.run.params({name if isinstance(name, str) else "a@b": 1, "lr": 2})

    assert len(caplog.messages) == 2
    assert all("was not logged: a name" in each for each in caplog.messages)


@pytest.mark.parametrize("name", ["val/loss", "learning rate", "f1.macro", "ünï_1-2", "a:b", "line\n"])
def test_a_name_that_the_server_takes_is_logged(job: Job, name: str, caplog: pytest.LogCaptureFixture) -> None:
    job.run.metric(name, 1.0, 1, 1)
    job.run.tags({name: "x"})

    assert caplog.messages == []
