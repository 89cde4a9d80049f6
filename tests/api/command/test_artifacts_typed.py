"""`cumulog artifacts`. Uploads are in tests/e2e_local/test_command.py: moto takes no streams."""

from pathlib import Path
from typing import Any

import pytest

from tests.api.command.typed import Terminal


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(capsys)


@pytest.fixture(autouse=True)
def stored(bucket: Any, root: str) -> None:
    """A folder with a file and a folder."""
    for name, body in (("deep/a.txt", b"a"), ("deep/inner/b.txt", b"bb")):
        bucket.put_object(Key=f"{root}/{name}", Body=body)


def test_a_folder_is_listed_and_comes_whole(run: Terminal, run_id: str, tmp_path: Path) -> None:
    assert run.answer(f"artifacts ls {run_id}") == [{"path": "deep", "is_dir": True}]
    assert run.answer(f"artifacts ls {run_id} deep -r") == [
        {"path": "deep/a.txt", "is_dir": False, "size": 1},
        {"path": "deep/inner/b.txt", "is_dir": False, "size": 2},
    ]
    assert run.answer(f"artifacts du {run_id}")[-1] == {"path": ".", "files": 2, "size": 3}

    run.done(f"artifacts get {run_id} deep --output {tmp_path}/back")

    assert (tmp_path / "back/deep/inner/b.txt").read_text() == "bb"


def test_one_file_has_its_size(run: Terminal, run_id: str) -> None:
    of_file = {"path": "b.txt", "files": 1, "size": 2}

    assert run.answer(f"artifacts du {run_id} deep/inner/b.txt") == [of_file, {**of_file, "path": "."}]


def test_one_file_comes_alone(run: Terminal, run_id: str, tmp_path: Path) -> None:
    got = run.answer(f"artifacts get {run_id} deep/inner/b.txt --output {tmp_path}/back")

    assert got == {"files": [f"{tmp_path}/back/b.txt"]}
    assert run.answer(f"artifacts ls {run_id} deep/a.txt") == [{"path": "deep/a.txt", "is_dir": False, "size": 1}]


def test_what_is_not_there_is_code_3(run: Terminal, run_id: str) -> None:
    for verb in ("get", "ls", "du", "rm --yes"):
        assert run(f"artifacts {verb} {run_id} gone.txt").status == 3


def test_nothing_is_deleted_unless_somebody_says_yes(run: Terminal, run_id: str) -> None:
    with pytest.raises(SystemExit) as ended:
        run(f"artifacts rm {run_id} deep")
    assert ended.value.code == 2

    assert run.answer(f"artifacts rm {run_id} deep --yes") == {"path": "deep"}
    assert run.answer(f"artifacts ls {run_id}") == []


@pytest.mark.parametrize("empty", ["''", "/"])
def test_an_empty_path_deletes_nothing(run: Terminal, run_id: str, empty: str) -> None:
    with pytest.raises(SystemExit) as ended:
        run(f"artifacts rm {run_id} {empty} --yes")

    assert ended.value.code == 2
    assert run.answer(f"artifacts du {run_id}")[-1]["files"] == 2
