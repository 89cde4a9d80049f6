"""The code of a run is rebuilt as it was, and the folder where somebody works stays as it is."""

import hashlib
import os
import subprocess
import tarfile
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cumulog._record import code, git
from cumulog._reproduction.errors import NotReproducible
from cumulog._reproduction.rebuilding.tree import Where, rebuilt
from cumulog._reproduction.recorded.run import Code, Invocation, Recorded
from tests.sampling import examples

NAMES = ("a.py", "b c.bin", "sub/ü.txt", "sub/deep/d")
# No more than that: what seems to be packed is left out of records.
pieces = st.lists(st.sampled_from([b"a\n", b"b", b"\0", b"\xff", b"\r\n", b"diff --git "]), max_size=6).map(b"".join)
contents = st.dictionaries(st.sampled_from(NAMES), pieces, max_size=4)


def asked(folder: Path, *arguments: str) -> str:
    # Nothing goes on in the background.
    settings = ("protocol.file.allow=always", "user.name=n", "user.email=e@example.org", "maintenance.auto=false")
    who = [word for each in settings for word in ("-c", each)]
    answer = subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True, text=True)
    return answer.stdout.strip()


def write(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def manifest(folder: Path) -> dict[str, tuple[str, bool]]:
    """The files but for git's own, with their digests and whether they can be executed."""
    files = (
        each for each in sorted(folder.rglob("*")) if each.is_file() and ".git" not in each.relative_to(folder).parts
    )
    return {
        each.relative_to(folder).as_posix(): (
            hashlib.sha256(each.read_bytes()).hexdigest(),
            os.access(each, os.X_OK),
        )
        for each in files
    }


def recorded(home: Path, scratch: Path, **more: str) -> Recorded:
    """A run in a repository, as its record has it."""
    state, _ = git.state(home)
    assert state
    kept = code.of(state)
    assert kept.left_out == []
    files = {}
    for name, content in {"changes.patch": kept.patch, "untracked.tar.gz": kept.archive}.items():
        if content:
            files[f"cumulog/{name}"] = scratch / name
            files[f"cumulog/{name}"].write_bytes(content)
    place = Code(has_git=True, commit=state.commit, remote=more.get("remote", ""), root=more.get("root", str(home)))
    return Recorded("1" * 32, "0", "", "FINISHED", {}, {}, {}, {}, files, (), place, Invocation("a.py"), "", "", "", ())


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    asked(folder, "init", "-q", "-b", "main")
    write(folder, {"a.py": b"print(1)\n"})
    asked(folder, "add", ".")
    asked(folder, "commit", "-qm", "first")
    return folder


@settings(max_examples=examples(12), deadline=None)
@given(first=contents, later=contents, staged=contents, gone=st.sets(st.sampled_from(NAMES)), mode=st.booleans())
def test_whatever_was_edited_the_tree_is_as_it_was_and_the_folder_stays(
    first: dict[str, bytes], later: dict[str, bytes], staged: dict[str, bytes], gone: set[str], mode: bool
) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch, "home")
        home.mkdir()
        asked(home, "init", "-q", "-b", "main")
        write(home, {"kept": b"x", **first})
        asked(home, "add", ".")
        asked(home, "commit", "-qm", "first")
        write(home, staged)
        asked(home, "add", ".")
        write(home, later)
        for name in gone:
            (home / name).unlink(missing_ok=True)
        (home / "kept").chmod(0o755 if mode else 0o644)
        run, before = recorded(home, Path(scratch)), manifest(home)
        everything = {str(each): each.read_bytes() for each in home.rglob("*") if each.is_file()}

        tree = rebuilt(run, Path(scratch, "tree"), Where())

        assert tree.missing == ()
        assert manifest(tree.folder) == before
        assert {str(each): each.read_bytes() for each in home.rglob("*") if each.is_file()} == everything


def test_the_remote_has_the_commit_where_the_folder_is_gone(home: Path, tmp_path: Path) -> None:
    remote = str(home.rename(tmp_path / "remote"))
    run = recorded(Path(remote), tmp_path, remote=remote, root=str(home))

    assert manifest(rebuilt(run, tmp_path / "tree", Where()).folder) == manifest(Path(remote))


def test_a_commit_that_nobody_has_is_told_with_what_was_tried(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = recorded(home, tmp_path, remote=str(tmp_path / "nowhere"), root="")
    monkeypatch.chdir(tmp_path)

    with pytest.raises(NotReproducible, match="--repository") as told:
        rebuilt(run, tmp_path / "tree", Where())

    assert "nowhere" in str(told.value)


@pytest.mark.parametrize("remote", ["--upload-pack=touch hacked", "ext::sh -c 'touch hacked'"])
def test_a_remote_that_is_a_command_is_not_run(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, remote: str
) -> None:
    run = recorded(home, tmp_path, remote=remote, root="")
    monkeypatch.chdir(tmp_path)

    with pytest.raises(NotReproducible):
        rebuilt(run, tmp_path / "tree", Where())

    assert not list(tmp_path.rglob("hacked"))


@pytest.mark.parametrize("commit", ["main", "--orphan=a", "+refs/heads/*:refs/heads/*", "a" * 39])
def test_a_commit_that_is_something_else_is_refused(home: Path, tmp_path: Path, commit: str) -> None:
    run = recorded(home, tmp_path)

    with pytest.raises(NotReproducible, match="is no commit"):
        rebuilt(run._replace(code=run.code._replace(commit=commit)), tmp_path / "tree", Where())


def test_hooks_do_not_run(home: Path, tmp_path: Path) -> None:
    hook = home / ".git/hooks/post-checkout"
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/hacked\n")
    hook.chmod(0o755)
    asked(home, "config", "core.hooksPath", str(hook.parent))

    rebuilt(recorded(home, tmp_path), tmp_path / "tree", Where())

    assert not (tmp_path / "hacked").exists()


def test_submodules_come_from_the_same_machine(home: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    asked(other, "init", "-q", "-b", "main")
    write(other, {"inside": b"1"})
    asked(other, "add", ".")
    asked(other, "commit", "-qm", "first")
    asked(home, "submodule", "add", "-q", str(other), "part")
    asked(home, "commit", "-qm", "a part")
    other.rename(tmp_path / "gone")

    tree = rebuilt(recorded(home, tmp_path), tmp_path / "tree", Where())

    assert manifest(tree.folder) == manifest(home)


def test_a_patch_that_does_not_fit_is_told(home: Path, tmp_path: Path) -> None:
    (home / "a.py").write_text("print(2)\n")
    run = recorded(home, tmp_path)
    run.files["cumulog/changes.patch"].write_bytes(
        run.files["cumulog/changes.patch"].read_bytes().replace(b"1)", b"9)")
    )

    tree = rebuilt(run, tmp_path / "tree", Where())

    assert [each.kind for each in tree.missing] == ["code"]


@pytest.mark.parametrize("name", ["../out", "/out", "link/out", "link/out/deep", "sub/.GIT/config"])
def test_an_archive_writes_nothing_out_of_its_folder(home: Path, tmp_path: Path, name: str) -> None:
    (home / "link").symlink_to(tmp_path)
    asked(home, "add", ".")
    asked(home, "commit", "-qm", "a link")
    run = recorded(home, tmp_path)
    with tarfile.open(tmp_path / "bad.tar.gz", "w:gz") as tar:
        tar.addfile(tarfile.TarInfo(name))

    with pytest.raises(NotReproducible):
        rebuilt(run._replace(files={"cumulog/untracked.tar.gz": tmp_path / "bad.tar.gz"}), tmp_path / "tree", Where())

    assert not (tmp_path / "out").exists()


def test_a_damaged_archive_is_told(home: Path, tmp_path: Path) -> None:
    run = recorded(home, tmp_path)
    (tmp_path / "bad.tar.gz").write_bytes(b"no archive")

    with pytest.raises(NotReproducible, match="cannot be unpacked"):
        rebuilt(run._replace(files={"cumulog/untracked.tar.gz": tmp_path / "bad.tar.gz"}), tmp_path / "tree", Where())


def test_a_repository_without_commits_is_rebuilt_from_its_patch(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    asked(home, "init", "-q", "-b", "main")
    write(home, {"a.py": b"1", "b.py": b"2"})
    asked(home, "add", "a.py")

    tree = rebuilt(recorded(home, tmp_path), tmp_path / "tree", Where())

    assert manifest(tree.folder) == manifest(home)


def test_a_run_without_code_cannot_be_rebuilt(home: Path, tmp_path: Path) -> None:
    run = recorded(home, tmp_path)._replace(code=Code())

    with pytest.raises(NotReproducible, match="has no code"):
        rebuilt(run, tmp_path / "tree", Where())
