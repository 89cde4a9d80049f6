"""The command `cumulog sync`: what it prints, and its exit code."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from cumulog._command import main
from cumulog._command.nouns.sync import _lines
from cumulog._delivery import refused
from cumulog._delivery.sync import Report
from cumulog._journal import places
from tests.unit.client.fake_server import World
from tests.unit.client.jobs import RUN, Job, left_behind


def test_it_says_how_many_lines_were_delivered(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", world.url)
    left_behind("")

    assert main(["sync"]) == 0
    assert capsys.readouterr().out == "2 lines were delivered.\n"


def test_it_says_what_became_of_the_lines() -> None:
    assert _lines(Report(0, 0, {})) == ["Nothing was waiting."]
    assert _lines(Report(1, 0, {})) == ["1 line was delivered."]
    assert _lines(Report(0, 0, {"job": "gone"})) == ["0 lines were delivered.", "job: gone"]
    refused = "3 lines were delivered, of which the server refused 2: cumulog sync --list shows them."
    assert _lines(Report(3, 2, {})) == [refused]


def test_a_former_server_is_named_by_its_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")

    with pytest.raises(SystemExit) as ended:
        main(["sync", "--from", "old"])

    assert ended.value.code == 2


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
    job.run.metric("refused", 1.0, 1, 1)
    job.deliver()

    assert main(["sync", "--list"]) == 0
    assert '"refused"' in capsys.readouterr().out


def test_a_terminal_gets_what_was_refused_as_sentences(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cumulog._command.shown.looks.Looks.is_terminal", True)
    assert main(["sync", "--list"]) == 0
    assert capsys.readouterr() == ("", "cumulog: No server refused a line.\n")
    job = Job(world.url)
    job.run.metric("refused", 1.0, 1, 1)
    job.deliver()
    with refused.files()[0].open("a") as file:
        file.write("half a li\x1b\n")

    assert main(["sync", "--list"]) == 0
    told = capsys.readouterr()
    first, second = told.out.splitlines()
    assert re.fullmatch(rf"[\d: -]+ UTC  run {RUN}  metrics refused: .+", first)
    assert second == "damaged: half a li?"
    assert "They are not sent again" in told.err


def test_a_damaged_line_in_the_list_hides_no_other() -> None:
    folder = places.writable()
    assert folder
    (folder / places.REFUSED).write_text('{"why": "no"}\n{"wh\n{"why": "neither"}\n')

    assert refused.listed() == [{"why": "no"}, {"damaged": '{"wh'}, {"why": "neither"}]


def left_to_another_user(folder: Path) -> None:
    os.chown(folder, 12345, -1)


def replaced_by_a_link(folder: Path) -> None:
    elsewhere = folder.parent.with_name("elsewhere")
    folder.rename(elsewhere)
    folder.symlink_to(elsewhere)


@pytest.mark.parametrize(
    ("spoilt", "why"),
    [
        pytest.param(
            left_to_another_user,
            "belongs to another user",
            marks=pytest.mark.skipif(os.getuid() != 0, reason="Only root gives folders away."),
        ),
        (replaced_by_a_link, "is a link"),
    ],
)
@pytest.mark.parametrize("command", [["sync"], ["sync", "--list"]])
def test_it_says_how_many_journals_it_passes_over_and_why(
    world: World,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    spoilt: Callable[[Path], None],
    why: str,
    command: list[str],
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", world.url)
    folder = left_behind("")
    spoilt(folder)

    assert main(command) == 0

    told = capsys.readouterr().err
    assert f"1 journals in {folder.parent} are passed over: each {why}" in told
    assert world.tracking.runs == {}


@pytest.mark.skipif(os.getuid() != 0, reason="Only root gives folders away.")
def test_it_says_that_the_whole_folder_belongs_to_another_user(capsys: pytest.CaptureFixture[str]) -> None:
    folder = left_behind("").parent
    left_to_another_user(folder)

    main(["sync", "--list"])

    assert f"All journals in {folder} are passed over" in capsys.readouterr().err


def test_without_a_server_it_says_what_to_set(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)

    assert main(["sync"]) == 1
    assert "MLFLOW_TRACKING_URI" in capsys.readouterr().err
