"""The command `cumulog sync`: what it prints, and its exit code."""

import pytest

from cumulog._command import main
from tests.unit.client.fake_server import World
from tests.unit.client.jobs import Job, left_behind


def test_it_says_how_many_lines_were_delivered(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", world.url)
    left_behind("")

    assert main(["sync"]) == 0
    assert capsys.readouterr().out == "2 lines were delivered, of which the server refused 0.\n"


def test_it_names_each_journal_that_is_left_and_fails(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    folder = left_behind("")

    assert main(["sync"]) == 1
    assert f"{folder.name}: " in capsys.readouterr().out


def test_it_lists_what_was_refused(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = Job(world.url)
    job.run.metric("bad!", 1.0, 1, 1)
    job.deliver()

    assert main(["sync", "--list"]) == 0
    assert '"bad!"' in capsys.readouterr().out


def test_without_a_server_it_says_what_to_set(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)

    assert main(["sync"]) == 1
    assert "MLFLOW_TRACKING_URI" in capsys.readouterr().err
