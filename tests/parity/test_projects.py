"""MLproject files read by MLflow 3.17.2 and by us: the same verdict and arguments, except where a reason says."""

from collections.abc import Callable
from pathlib import Path

import pytest
from mlflow.projects import _project_spec

from cumulog._projects.errors import ProjectError
from cumulog._projects.project import Command
from cumulog._projects.reading import command, mlproject, parameters
from tests.parity.mlprojects import TWISTS, Case, case
from tests.sampling import some
from tests.unit.client.projects.commands import shown

COUNT = 200
# What a script is given to says what it got.
PROGRAMS = "".join(f'{name}() {{ show {name} "$@"; }}\n' for name in ("python", "bash", "Rscript"))


def theirs(made: Case, folder: Path) -> Command:
    project = _project_spec.load_project(str(folder))
    storage = folder.with_name(f"{folder.name}-storage")
    storage.mkdir()
    text = project.get_entry_point(made.entry).compute_command(dict(made.given), str(storage))
    return Command(["bash", "-c", PROGRAMS + text], {}, text)


def ours(made: Case, folder: Path) -> Command:
    point = mlproject.entry_point(mlproject.read(folder), made.entry)
    values = parameters.resolved(point, made.given, folder, folder, lambda url, place: place)
    built = command.built(point, values)
    return built._replace(arguments=["bash", "-c", PROGRAMS + built.arguments[2]])


def verdict(
    side: Callable[[Case, Path], Command], made: Case, folder: Path, refusal: type[Exception]
) -> Command | None:
    """The command, or None if it is refused."""
    try:
        return side(made, folder)
    except refusal:
        return None


@pytest.fixture
def numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    monkeypatch.setenv("SHELL", "bash")
    return some(range(COUNT), keep=50)


def test_projects_are_read_as_by_mlflow(numbers: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = {number: case(number) for number in numbers}
    commands: dict[int, tuple[Command | None, Command | None]] = {}
    for number, (made, _) in cases.items():
        folder = written(made, tmp_path / str(number))
        monkeypatch.chdir(tmp_path if made.is_elsewhere else folder)
        # MLflow crashes on much that is wrong.
        commands[number] = (
            verdict(theirs, made, folder, Exception),
            verdict(ours, made, folder, ProjectError),
        )

    told = [argued([pair[side] for pair in commands.values()], tmp_path / "runs" / str(side)) for side in (0, 1)]

    wrong = []
    for (number, (made, name)), their, our in zip(cases.items(), *told, strict=True):
        wrong += [
            (number, name, why, made.content) for why in complaints(made, name, their, our, tmp_path / str(number))
        ]
    assert wrong == []
    assert list((tmp_path / "runs" / "1" / "work").iterdir()) == []


Told = list[list[str]] | None


def complaints(made: Case, name: str, their: Told, our: Told, folder: Path) -> list[str]:
    """What is not as it should be of a case; `their` and `our` are None where the project was refused."""
    wanted = [[word.replace("PROJECT", str(folder)) for word in made.words]]
    twist = TWISTS.get(name)
    runs = (twist.theirs, twist.ours) if twist else (True, True)
    found = []
    if (their is not None, our is not None) != runs:
        found.append(f"run by theirs, ours: {their is not None, our is not None}, not {runs}")
    if our is not None and our != wanted:
        found.append(f"ours got {our}, not {wanted}")
    if not (twist and twist.reason) and their != our:
        found.append(f"theirs got {their}, ours {our}")
    return found


def argued(commands: list[Command | None], folder: Path) -> list[Told]:
    """The arguments of each command, where it is one; all in one bash."""
    folder.mkdir(parents=True)
    told = iter(shown([each for each in commands if each], folder, are_quiet=False))
    return [None if each is None else next(told) for each in commands]


def written(made: Case, folder: Path) -> Path:
    folder.mkdir()
    for name, text in made.files.items():
        (folder / name).write_text(text)
    (folder / made.file).write_text(made.content, encoding="utf-8")
    return folder


def test_every_difference_shows_at_least_once() -> None:
    """All twists are among the cases, so none of them is there in vain."""
    assert {name for _, name in map(case, range(COUNT))} == {"", *TWISTS}


def test_reasons_are_given_where_verdicts_differ() -> None:
    assert [name for name, twist in TWISTS.items() if twist.theirs != twist.ours and not twist.reason] == []
