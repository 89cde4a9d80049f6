"""Repositories of other machines get nothing of this one."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from cumulog._projects.errors import ProjectError
from cumulog._projects.sources.git import cloned
from cumulog._reproduction.rebuilding.tree import Where, rebuilt
from tests.unit.client.reproduction.test_tree import asked, recorded, write


class Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/.git"
        server.shutdown()


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    """A repository that names a private one of this machine as a part of it."""
    private, theirs = tmp_path / "private", tmp_path / "theirs"
    for folder in (private, theirs):
        folder.mkdir()
        asked(folder, "init", "-q", "-b", "main")
        write(folder, {"a.py": folder.name.encode()})
        asked(folder, "add", ".")
        asked(folder, "commit", "-qm", "first")
    asked(theirs, "submodule", "add", "-q", private.as_uri(), "part")
    asked(theirs, "commit", "-qm", "a part")
    asked(theirs, "update-server-info")
    return theirs


def test_a_project_names_no_repository_of_this_machine_as_its_part(theirs: Path, tmp_path: Path) -> None:
    commit = asked(theirs, "rev-parse", "HEAD")

    with served(theirs) as url, pytest.raises(ProjectError, match="submodule"):
        cloned(url, commit, tmp_path / "tree")

    assert not (tmp_path / "tree/part/a.py").exists()


def test_a_project_of_this_machine_may(theirs: Path, tmp_path: Path) -> None:
    cloned(str(theirs), "", tmp_path / "tree")

    assert (tmp_path / "tree/part/a.py").exists()


def test_a_run_names_no_repository_of_this_machine_as_a_part_of_its_code(
    theirs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with served(theirs) as url:
        tree = rebuilt(recorded(theirs, tmp_path, remote=url, root=str(tmp_path)), tmp_path / "tree", Where())

    assert tree.origin.endswith("without submodules")
    assert not (tmp_path / "tree/part/a.py").exists()
