"""The packages of the dashboard are installed when the lock file asks for others, and only then."""

import subprocess
from pathlib import Path

import pytest

from infra.dashboard import parts
from infra.local.installing.node import NotInstalled


class FakeNpm:
    """Notes what it is asked for; `code` is how it ends."""

    def __init__(self, code: int = 0) -> None:
        self.code = code
        self.asked: list[tuple[str, ...]] = []

    def __call__(self, *words: str, folder: Path) -> "subprocess.CompletedProcess[str]":
        self.asked.append(words)
        (folder / "node_modules").mkdir(exist_ok=True)
        return subprocess.CompletedProcess(words, self.code, "", "no such package")

    def omitted(self) -> list[bool]:
        return ["--omit=dev" in words for words in self.asked]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "package-lock.json").write_text("{}")
    return tmp_path


def test_what_is_there_is_not_installed_again(folder: Path) -> None:
    npm = FakeNpm()

    for _ in range(2):
        parts.install(folder=folder, npm=npm)

    assert npm.omitted() == [True]


def test_another_lock_file_asks_for_other_packages(folder: Path) -> None:
    npm = FakeNpm()
    parts.install(folder=folder, npm=npm)

    (folder / "package-lock.json").write_text('{"name": "other"}')
    parts.install(folder=folder, npm=npm)

    assert npm.omitted() == [True, True]


def test_the_tools_come_when_they_are_needed_and_stay(folder: Path) -> None:
    npm = FakeNpm()
    parts.install(folder=folder, npm=npm)

    parts.install(also_tools=True, folder=folder, npm=npm)
    parts.install(folder=folder, npm=npm)
    (folder / "package-lock.json").write_text('{"name": "other"}')
    parts.install(folder=folder, npm=npm)

    assert npm.omitted() == [True, False, False]


def test_what_npm_says_is_told_and_it_is_tried_again(folder: Path) -> None:
    with pytest.raises(NotInstalled, match="no such package"):
        parts.install(folder=folder, npm=FakeNpm(code=1))

    npm = FakeNpm()
    parts.install(folder=folder, npm=npm)

    assert len(npm.asked) == 1
