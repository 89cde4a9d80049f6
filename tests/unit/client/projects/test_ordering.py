"""From what was typed to an order."""

from pathlib import Path

import pytest

from cumulog._projects.environments.choosing import Choice
from cumulog._projects.errors import ProjectError
from cumulog._projects.project import Environment
from cumulog._projects.running.order import Order
from cumulog._projects.running.ordering import Typed, ordered


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    place = tmp_path / "project"
    place.mkdir()
    return place


def order(source: Path | str, **more: object) -> Order:
    return ordered(Typed(str(source), **more), Choice("local"), Path(source).with_name("scratch"))  # type: ignore[arg-type]


def test_a_project_is_ordered_with_its_values(folder: Path) -> None:
    (folder / "MLproject").write_text("entry_points: {main: {parameters: {a: {default: 1}}, command: 'echo {a}'}}")

    made = order(folder, parameters={"b": "x y"})

    assert (made.source.folder, made.entry.name, made.choice) == (folder, "main", Choice("local"))
    assert made.values.given == {"a": "1", "b": "x y"}
    assert made.command.shown == "echo 1 --b 'x y'"


def test_a_script_is_the_project_of_its_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "train.py").write_text("print()")
    monkeypatch.chdir(folder)
    by_path = order(folder / "train.py", parameters={"a": "1"})
    by_name = order("train.py", parameters={"a": "1"})

    assert by_path.command == by_name.command == order(folder, entry="train.py", parameters={"a": "1"}).command
    assert by_name.command.shown == "python train.py --a 1"
    assert by_path.project.environment == Environment()


def test_a_script_may_bring_its_own_environment(folder: Path) -> None:
    (folder / "requirements.txt").write_text("a")
    (folder / "train.py").write_text("# /// script\n# dependencies = []\n# ///\n")

    assert order(folder / "train.py").project.environment == Environment("script", folder / "train.py")


def test_downloads_have_a_folder_of_their_own(folder: Path, tmp_path: Path) -> None:
    (folder / "a.sh").touch()
    order(folder, entry="a.sh", storage=tmp_path / "mine")

    assert (tmp_path / "mine").is_dir()


@pytest.mark.parametrize(
    ("files", "entry", "message"),
    [
        ({}, "main", "no MLproject file and no script"),
        ({"MLproject": "name: x"}, "main", "MLproject file has no entry points"),
        ({"MLproject": "name: a"}, "train", "no entry point 'train'"),
        ({"MLproject": "entry_points: {main: {command: 'a {b}'}}"}, "main", "which is no parameter"),
        ({"MLproject": "entry_points: {main: {command: a, parameters: {b: path}}}"}, "main", "needs a value for 'b'"),
    ],
)
def test_what_cannot_be_ordered_says_why(folder: Path, files: dict[str, str], entry: str, message: str) -> None:
    for name, text in files.items():
        (folder / name).write_text(text)

    with pytest.raises(ProjectError, match=message):
        order(folder, entry=entry)
