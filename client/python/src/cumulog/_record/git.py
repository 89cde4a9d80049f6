"""The state of the code in git: commit, branch, remote, what differs from them, and files that git does not know."""

import os
import re
from pathlib import Path
from typing import NamedTuple

from cumulog._record.programs import Answer, asked

_SECONDS = 30
# Git's name for a tree without files: what a repository without commits differs from.
_NOTHING = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
_DIFF = ("--no-color", "--no-ext-diff", "--no-textconv", "--no-renames", "--no-relative", "--ignore-submodules=dirty")
_PATCH = ("--binary", "--full-index", "--src-prefix=a/", "--dst-prefix=b/")


class State(NamedTuple):
    """Where the code is: `root` is the top folder. Texts are empty where git knows none."""

    root: Path
    commit: str
    branch: str
    remote: str


class Change(NamedTuple):
    """What differs from the commit in one file: its path below the root, and its part of the patch."""

    path: str
    patch: bytes


class Unasked(Exception):
    """Git did not answer: it failed, took too long, or said too much."""


def state(folder: Path) -> tuple[State | None, str]:
    """The state of the repository that a folder is in; or None, and why there is none."""
    found = _run(folder, "rev-parse", "--show-toplevel")
    if found.why:
        return None, found.why
    root = Path(os.fsdecode(found.output.rstrip(b"\n"))).resolve()
    branch = _run(root, "symbolic-ref", "--quiet", "--short", "HEAD").text
    name = _run(root, "config", "--get", f"branch.{branch}.remote").text if branch else ""
    remote = _run(root, "config", "--get", f"remote.{name or 'origin'}.url").text
    return State(root, _run(root, "rev-parse", "--verify", "--quiet", "HEAD").text, branch, remote), ""


def changes(state: State) -> list[Change]:
    """What differs from the commit, staged or not, file by file. Applied together they give the files as they are."""
    since = state.commit or _NOTHING
    names = _listed(state.root, "diff", "--name-only", "-z", *_DIFF, since)
    whole = _output(state.root, "diff", *_PATCH, *_DIFF, since)
    # No other line begins so: those of a change begin with a sign, and packed ones have no blank.
    parts = [b"diff --git " + part for part in re.split(rb"^diff --git ", whole, flags=re.MULTILINE) if part]
    return [Change(name, patch) for name, patch in zip(names, parts, strict=False)]


def untracked(state: State) -> list[str]:
    """Files that git neither knows nor ignores, below the root."""
    return sorted(_listed(state.root, "ls-files", "--others", "--exclude-standard", "-z"))


def changed_submodules(state: State) -> list[str]:
    """Submodules with changes of their own, which no patch has: it has the commit of each alone."""
    if not (state.root / ".gitmodules").exists():
        return []
    found = _output(state.root, "status", "--porcelain=v2", "-z", "--ignore-submodules=none").split(b"\0")
    # `1 .M S.M.` and five more fields before the path; M and U in the third stand for changed and new files.
    entries = [each.split(b" ", 8) for each in found if each.startswith(b"1 ")]
    return [os.fsdecode(each[8]) for each in entries if len(each) == 9 and each[2][:1] == b"S" and each[2][2:] != b".."]


def _listed(root: Path, *arguments: str) -> list[str]:
    return [os.fsdecode(name) for name in _output(root, *arguments).split(b"\0") if name and not name.endswith(b"/")]


def _output(root: Path, *arguments: str) -> bytes:
    answer = _run(root, *arguments)
    if answer.why:
        raise Unasked(answer.why)
    return answer.output


def _run(folder: Path, *arguments: str) -> Answer:
    return asked(["git", "-C", str(folder), *arguments], _SECONDS)
