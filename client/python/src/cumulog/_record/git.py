"""The state of the code in git: commit, branch, remote, what differs from them, and files that git does not know."""

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from cumulog._record.programs import Answer, asked

_SECONDS = 30
# Whatever the repository's or the user's settings say of diffs, `git apply` must take this one.
_DIFF = (
    *("--no-color", "--no-ext-diff", "--no-textconv", "--no-renames", "--no-relative", "--ignore-submodules=dirty"),
    *("--binary", "--full-index", "--unified=3", "--submodule=short", "--src-prefix=a/", "--dst-prefix=b/"),
)
_SUBMODULE = b"160000"


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
    is_submodule: bool = False


class Index(NamedTuple):
    """What git's index says of files: those whose changes it was told to overlook, and the submodules."""

    overlooked: list[str]
    submodules: list[str]


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
    """What differs from the commit, staged or not, file by file. Applied together they give the files as they are.

    Of binary files it is the way there alone: the way back would hold what was taken out.
    """
    names, _, patch = _output(state.root, "diff", "--raw", "-z", "--patch", *_DIFF, _since(state)).partition(b"\0\0")
    raw = names.split(b"\0")
    parts = _parts(patch)
    if len(parts) != len(raw) // 2:
        raise Unasked("files changed meanwhile")
    facts = [
        (os.fsdecode(path), _SUBMODULE in about.split(b" ")[:2])
        for about, path in zip(raw[::2], raw[1::2], strict=False)
    ]
    return [Change(path, _forward(part), is_sub) for (path, is_sub), part in zip(facts, parts, strict=True)]


def untracked(state: State) -> list[str]:
    """Files that git neither knows nor ignores, below the root. A repository's name has a slash at its end."""
    return sorted(_listed(state.root, "ls-files", "--others", "--exclude-standard", "-z"))


def ignored(state: State, paths: Iterable[str]) -> list[str]:
    """Which of some files, by their paths below the root, git ignores."""
    wanted = [f":(literal){path}" for path in paths]
    return sorted(_listed(state.root, "ls-files", "--others", "--ignored", "--exclude-standard", "-z", "--", *wanted))


def index(state: State) -> Index:
    """What is special about files that git knows."""
    entries = [each.partition(b"\t") for each in _output(state.root, "ls-files", "-v", "-s", "-z").split(b"\0") if each]
    # Each begins with a letter: a small one if changes are overlooked, S if it may be missing, as in a sparse checkout.
    odd = [(about[:1], os.fsdecode(path)) for about, _, path in entries if about[:1].islower() or about[:1] == b"S"]
    overlooked = [path for letter, path in odd if letter != b"S" or os.path.lexists(state.root / path)]
    return Index(overlooked, [os.fsdecode(path) for about, _, path in entries if about[2:].startswith(_SUBMODULE)])


def changed_submodules(state: State) -> list[str]:
    """Submodules with changes of their own, which no patch has: it has the commit of each alone."""
    found = _output(state.root, "status", "--porcelain=v2", "-z", "--ignore-submodules=none").split(b"\0")
    # `1 .M S.M.` and five more fields before the path; M and U in the third stand for changed and new files.
    entries = [each.split(b" ", 8) for each in found if each.startswith(b"1 ")]
    return [os.fsdecode(each[8]) for each in entries if len(each) == 9 and each[2][:1] == b"S" and each[2][2:] != b".."]


def _since(state: State) -> str:
    """What a tree differs from: its commit, or a tree without files, by the name that git has for one here."""
    return state.commit or _output(state.root, "hash-object", "-t", "tree", "--stdin").decode().strip()


def _parts(patch: bytes) -> list[bytes]:
    """The parts of a patch, one for each file."""
    parts: list[bytes] = []
    # No other line begins so: those of a change begin with a sign, and packed ones have no blank.
    for part in re.split(rb"^(?=diff --git )", patch, flags=re.MULTILINE):
        head = part.partition(b"\n")[0]
        if parts and parts[-1].startswith(head + b"\n"):
            # A file that became a link is deleted and made.
            parts[-1] += part
        elif part:
            parts.append(part)
    return parts


def _forward(part: bytes) -> bytes:
    """A part of a patch without what would take it back, which only packed changes have."""
    head, mark, packed = part.partition(b"\nGIT binary patch\n")
    return head + mark + packed.partition(b"\n\n")[0] + b"\n\n" if mark else part


def _listed(root: Path, *arguments: str) -> list[str]:
    return [os.fsdecode(name) for name in _output(root, *arguments).split(b"\0") if name]


def _output(root: Path, *arguments: str) -> bytes:
    answer = _run(root, *arguments)
    if answer.why:
        raise Unasked(answer.why)
    return answer.output


def _run(folder: Path, *arguments: str) -> Answer:
    return asked(["git", "-C", str(folder), *arguments], _SECONDS)
