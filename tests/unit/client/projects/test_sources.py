"""Projects from folders, archives and git repositories."""

import os
import socket
import stat
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cumulog._projects.errors import ProjectError
from cumulog._projects.project import Source
from cumulog._projects.sources import archives, fetching, git
from tests.unit.client.projects.orders import program


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the user's, and a name for commits."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "tester")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "tester@localhost")


def told(folder: Path, *words: str) -> str:
    command = ["git", "-C", str(folder), "-c", "protocol.file.allow=always", *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def commit(folder: Path, text: str, name: str = "MLproject") -> str:
    """A commit of a file, and its SHA."""
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(text)
    told(folder, "add", "--all")
    told(folder, "commit", "--quiet", "--message", text)
    return told(folder, "rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Three commits: of the tag v1, of the branch main, and of the branch next."""
    folder = tmp_path / "repository"
    folder.mkdir()
    told(folder, "init", "--quiet", "--initial-branch=main")
    commit(folder, "name: first")
    told(folder, "tag", "-a", "v1", "-m", "one")
    commit(folder, "name: second")
    told(folder, "checkout", "--quiet", "-b", "next")
    commit(folder, "name: third", "sub/MLproject")
    told(folder, "checkout", "--quiet", "main")
    return folder


Fetch = Callable[..., Source]


@pytest.fixture
def fetch(tmp_path: Path) -> Fetch:
    return lambda given, version="", into="scratch": fetching.fetched(str(given), version, tmp_path / into)


def content(source: Source) -> str:
    return (source.folder / "MLproject").read_text()


def test_a_folder_is_used_where_it_lies(tmp_path: Path, fetch: Fetch) -> None:
    (tmp_path / "plain").mkdir()

    source = fetch(tmp_path / "plain")

    assert source == Source(str(tmp_path / "plain"), str(tmp_path / "plain"), tmp_path / "plain")


def test_a_folder_in_a_repository_says_what_is_checked_out(repository: Path, fetch: Fetch) -> None:
    (repository / "MLproject").write_text("name: edited")

    source = fetch(repository)

    assert (source.folder, source.branch, content(source)) == (repository, "main", "name: edited")
    assert source.commit == told(repository, "rev-parse", "HEAD")
    assert not source.is_copy


@pytest.mark.parametrize(
    ("revision", "text", "branch"),
    [
        ("main", "name: second", "main"),
        ("v1", "name: first", ""),
        ("refs/tags/v1", "name: first", ""),
        ("v1^{commit}:full", "name: first", ""),
        ("v1^{commit}:short", "name: first", ""),
    ],
)
def test_a_revision_is_cloned(repository: Path, fetch: Fetch, revision: str, text: str, branch: str) -> None:
    name, _, form = revision.partition(":")
    sha = told(repository, "rev-parse", f"{name}^{{commit}}")
    asked = {"": name, "full": sha, "short": sha[:8]}[form]

    source = fetch(repository, asked)

    assert (content(source), source.branch, source.version, source.commit) == (text, branch, asked, sha)
    assert source.is_copy


def test_nothing_is_changed_in_a_local_repository(repository: Path, fetch: Fetch) -> None:
    (repository / "MLproject").write_text("name: edited")
    before = {path: path.read_bytes() for path in repository.rglob("*") if path.is_file()}

    fetch(repository, "next")

    assert {path: path.read_bytes() for path in repository.rglob("*") if path.is_file()} == before


def test_a_repository_by_its_url_gives_the_branch_that_it_shows_first(repository: Path, fetch: Fetch) -> None:
    source = fetch(f"{repository}#sub@next")
    assert (content(source), source.subfolder, source.uri) == ("name: third", "sub", f"{repository}#sub")

    remote = git.cloned(f"file://{repository}", "", repository.with_name("bare"))
    assert remote == (told(repository, "rev-parse", "main"), "main")


def test_a_branch_comes_before_a_tag_of_the_same_name(repository: Path, fetch: Fetch) -> None:
    told(repository, "tag", "next", "v1")

    assert fetch(repository, "next").commit == told(repository, "rev-parse", "refs/heads/next")


def test_a_revision_that_is_not_there_is_told(repository: Path, fetch: Fetch) -> None:
    with pytest.raises(ProjectError, match="has no branch, tag or commit 'none'"):
        fetch(repository, "none", "a")
    with pytest.raises(ProjectError, match="has no commit '0123abc', or several"):
        fetch(repository, "0123abc", "b")
    with pytest.raises(ProjectError, match="is no git repository, so it has no revision"):
        fetch(repository.parent, "main", "c")


def test_a_subfolder_that_is_not_there_is_told(repository: Path, fetch: Fetch) -> None:
    (repository / "out").symlink_to("/")
    for name in ("none", "MLproject", "out/usr"):
        with pytest.raises(ProjectError, match=f"no folder '{name}' in the project"):
            fetch(f"{repository}#{name}")


def test_submodules_come_along(repository: Path, tmp_path: Path, fetch: Fetch) -> None:
    outer = tmp_path / "outer"
    outer.mkdir()
    told(outer, "init", "--quiet", "--initial-branch=main")
    told(outer, "submodule", "--quiet", "add", str(repository), "inner")
    told(outer / "inner", "checkout", "--quiet", "v1")
    commit(outer, "name: outer")

    source = fetch(outer, "main")

    assert (source.folder / "inner" / "MLproject").read_text() == "name: first"


def test_hooks_and_helpers_do_not_run(repository: Path, tmp_path: Path, fetch: Fetch) -> None:
    template = tmp_path / "template" / "hooks"
    template.mkdir(parents=True)
    (template / "post-checkout").write_text(f"#!/bin/sh\ntouch {tmp_path}/ran")
    (template / "post-checkout").chmod(0o755)
    told(tmp_path, "config", "--global", "init.templateDir", str(template.parent))
    told(tmp_path, "config", "--global", "core.hooksPath", str(template))

    fetch(repository, "main", "a")
    with pytest.raises(ProjectError, match=r"does not answer: .*transport 'ext' not allowed"):
        git.cloned(f"ext::touch {tmp_path}/ran", "", tmp_path / "b")
    with pytest.raises(ProjectError, match="does not answer"):
        fetch(f"ssh://-oProxyCommand=touch%20{tmp_path}%2Fran/p", "", "c")

    assert not (tmp_path / "ran").exists()


@contextmanager
def silent() -> Iterator[int]:
    """A server that takes connections and says nothing."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_a_host_that_does_not_answer_is_told_without_its_password(
    fetch: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(git, "_ASK_SECONDS", 0.3)
    with silent() as port, pytest.raises(ProjectError, match=r"longer than 0.3 seconds") as raised:
        fetch(f"http://user:word@127.0.0.1:{port}/p")
    with pytest.raises(ProjectError, match="does not answer"):
        fetch("http://127.0.0.1:1/p", "", "other")

    assert "word" not in str(raised.value)


def test_pointers_of_lfs_are_told(
    repository: Path, tmp_path: Path, fetch: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit(repository, "*.bin filter=lfs diff=lfs merge=lfs", ".gitattributes")
    # No git-lfs, wherever this runs.
    monkeypatch.setenv("PATH", program(tmp_path / "bin", "git-lfs", "exit 1"), prepend=os.pathsep)

    assert "git LFS" in fetch(repository, "main").note


def zipped(folder: Path, files: dict[str | zipfile.ZipInfo, bytes]) -> Path:
    path = folder / "project.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def info(name: str, mode: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.external_attr = mode << 16
    return entry


def test_an_archive_is_unpacked(tmp_path: Path, fetch: Fetch) -> None:
    run = info("sub/run.sh", stat.S_IFREG | 0o755)
    archive = zipped(tmp_path, {"empty/": b"", "sub/MLproject": b"name: zipped", run: b""})

    source = fetch(f"{archive}#sub")

    assert (content(source), source.is_copy, source.uri) == ("name: zipped", True, f"{archive}#sub")
    assert os.access(source.folder / "run.sh", os.X_OK)
    assert not os.access(source.folder / "MLproject", os.X_OK)


@pytest.mark.parametrize(
    "name", ["../out", "/tmp/out", "a/../../out", "..\\out", info("link", stat.S_IFLNK | 0o777)], ids=str
)
def test_an_archive_writes_nothing_outside(tmp_path: Path, fetch: Fetch, name: str | zipfile.ZipInfo) -> None:
    archive = zipped(tmp_path, {name: b"/etc/passwd"})

    with pytest.raises(ProjectError, match="which leads out of it"):
        fetch(archive)

    assert not (tmp_path / "out").exists()
    assert list((tmp_path / "scratch").iterdir()) == []


def test_an_archive_that_grows_is_stopped(tmp_path: Path, fetch: Fetch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "_MOST_BYTES", 1 << 20)
    monkeypatch.setattr(archives, "_MOST_FILES", 3)
    with pytest.raises(ProjectError, match="holds more than"):
        fetch(zipped(tmp_path, {"a": bytes(600 << 10), "b": bytes(600 << 10)}), "", "a")
    with pytest.raises(ProjectError, match="more than 3 files"):
        fetch(zipped(tmp_path, dict.fromkeys("abcd", b"")), "", "b")


def test_an_archive_that_is_broken_is_told(tmp_path: Path, fetch: Fetch) -> None:
    whole = zipped(tmp_path, {"a": b"text" * 99, "b": b""}).read_bytes()
    at = whole.index(b"a", 30) + 1
    for number, data in enumerate((b"", whole[:60], whole[:at] + bytes(4) + whole[at + 4 :])):
        (tmp_path / "project.zip").write_bytes(data)
        with pytest.raises(ProjectError, match="cannot be unpacked"):
            fetch(tmp_path / "project.zip", "", str(number))


@pytest.mark.parametrize("files", [{"a": b"", "a/b": b""}, {"a/": b"", "a": b""}])
def test_an_archive_with_one_name_for_two_things_is_told(
    tmp_path: Path, fetch: Fetch, files: dict[str | zipfile.ZipInfo, bytes]
) -> None:
    with pytest.raises(ProjectError, match="cannot be unpacked"):
        fetch(zipped(tmp_path, files))


def test_an_archive_has_no_revisions(tmp_path: Path, fetch: Fetch) -> None:
    with pytest.raises(ProjectError, match="An archive has no revisions"):
        fetch(zipped(tmp_path, {}), "main")


def test_an_archive_that_cannot_be_fetched_is_told(fetch: Fetch) -> None:
    for url in ("http://127.0.0.1:1/p.zip", "http://user:word@127.0.0.1/p.zip", "ssh://host/p.zip"):
        with pytest.raises(ProjectError, match=r"p\.zip' cannot be fetched") as raised:
            fetch(url)
        assert "word" not in str(raised.value).replace("a password", "")
