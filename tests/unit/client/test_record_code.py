"""A record that says it is complete gives the tree that ran; else what is missing is named."""

import io
import os
import subprocess
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from cumulog._record import code, git

_AUTHOR = {f"GIT_{who}_{what}": "a" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
_OLD = bytes(range(256)) * 9 + b"hunter2"


def shell(folder: Path, script: str) -> None:
    env = {**os.environ, **_AUTHOR, "GIT_CONFIG_GLOBAL": os.devnull}
    subprocess.run(["sh", "-ec", script], cwd=folder, env=env, check=True, capture_output=True)


def begun(folder: Path) -> Path:
    """A repository with one commit."""
    folder.mkdir()
    for name in "abc":
        (folder / name).write_text("".join(f"{name}{number}\n" for number in range(30)))
    (folder / "packed").write_bytes(_OLD)
    shell(folder, "git init -qb main && git add . && git commit -qm first")
    return folder


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return begun(tmp_path / "repository")


def kept(repository: Path, *loaded: str) -> code.Code:
    state, _ = git.state(repository)
    assert state
    return code.of(state, (), [repository / name for name in loaded])


def rebuilt(repository: Path, of: code.Code) -> Path:
    again = repository.parent / "again"
    shell(repository.parent, "git clone -q repository again")
    if of.patch:
        (repository.parent / "patch").write_bytes(of.patch)
        shell(again, "git apply --binary ../patch")
    if of.archive:
        with tarfile.open(fileobj=io.BytesIO(of.archive)) as archive:
            archive.extractall(again, filter="data")
    return again


def files_of(folder: Path) -> Mapping[str, bytes]:
    paths = [path for path in folder.rglob("*") if ".git" not in path.parts and (path.is_file() or path.is_symlink())]
    return {
        str(path.relative_to(folder)): bytes(path.readlink()) if path.is_symlink() else path.read_bytes()
        for path in paths
    }


@pytest.mark.parametrize(
    "script",
    [
        "rm a && ln -s b a && echo new > b && echo new > c",
        "git config diff.context 0 && sed -i s/b7/x/ b",
        "git config diff.noprefix true && git config diff.mnemonicPrefix true && echo new > b",
        "printf 'c\\nb\\n' > order && git config diff.orderFile order && echo 1 > a && echo 2 > b && echo 3 > c",
        "git config diff.suppressBlankEmpty true && printf 'a\\n\\n\\nb\\n' > a",
        "echo 1 > a && git add a && echo 2 > a && git rm -q --cached b",
        "rm a && mkdir a && echo 1 > a/x && rm packed",
        "printf 'a\\nb' > packed && head -c 3000 /dev/urandom > c",
        "head -c 9000 /dev/zero > c && echo 'c diff' > .gitattributes",
        "echo 1 > \"$(printf 'new\\nline')\" && git add . && echo 2 > \"$(printf 'new\\nline')\"",
        "git checkout -qb x && echo x > a && git commit -qam x && git checkout -q main && echo m > a && "
        "git commit -qam m && ! git merge x && echo new > b",
    ],
)
def test_commit_patch_and_files_give_the_tree_whatever_was_changed_and_set(repository: Path, script: str) -> None:
    shell(repository, script)

    of = kept(repository)

    assert of.left_out == []
    assert files_of(rebuilt(repository, of)) == files_of(repository)


@pytest.mark.parametrize(
    ("script", "missing", "why"),
    [
        ("git update-index --assume-unchanged a && echo new > a", "a", "git was told to overlook its changes"),
        ("git update-index --skip-worktree a && echo new > a", "a", "git was told to overlook its changes"),
        ("cp -r ../other inner", "inner/", "a repository of its own"),
        ("git worktree add -q tree", "tree/", "a repository of its own"),
        (
            "cp -r ../other inner && git add inner && git commit -qm inner && echo new > inner/a",
            "inner",
            "a submodule with changes of its own",
        ),
        (
            "cp -r ../other inner && git add inner && git commit -qm inner && cd inner && "
            "git commit -q --allow-empty -m more",
            "inner",
            "a submodule at another commit",
        ),
        (
            "printf 'version https://git-lfs.github.com/spec/v1\\noid sha256:%064d\\nsize 3\\n' 1 > model.bin && "
            "git add model.bin",
            "model.bin",
            "git LFS keeps its content elsewhere",
        ),
        (
            "echo made > .gitignore && git add . && git commit -qm i && touch made",
            "made",
            "git ignores it, and the run",
        ),
    ],
)
def test_what_neither_commit_nor_patch_has_is_named(repository: Path, script: str, missing: str, why: str) -> None:
    begun(repository.parent / "other")
    shell(repository, script)

    (left_out,) = kept(repository, "made", "a").left_out

    assert left_out.path == missing
    assert left_out.why.startswith(why)


def test_files_that_a_sparse_checkout_leaves_away_are_none_that_ran(repository: Path) -> None:
    shell(repository, "mkdir in out && touch in/a out/a && git add . && git commit -qm f && git sparse-checkout set in")

    assert kept(repository).left_out == []


def test_a_patch_does_not_hold_what_was_taken_out_of_a_binary_file(repository: Path) -> None:
    (repository / "packed").unlink()

    state, _ = git.state(repository)
    assert state
    (change,) = git.changes(state)

    assert change.patch.count(b"literal ") + change.patch.count(b"delta ") == 1


def test_no_program_that_the_settings_of_a_repository_name_for_diffs_is_run(repository: Path) -> None:
    settings = {"diff.external": "touch ran", "diff.t.command": "touch ran", "diff.t.textconv": "touch ran; cat"}
    shell(repository, " && ".join(f"git config {name} '{value}'" for name, value in settings.items()))
    (repository / ".gitattributes").write_text("* diff=t\n")
    (repository / "a").write_text("new\n")

    of = kept(repository)

    assert of.patch
    assert not (repository / "ran").exists()
