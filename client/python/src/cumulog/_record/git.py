"""The state of the code in git: commit, branch, remote, what differs from them, and files that git does not know."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

# git waits for nothing: neither for a lock nor for a password.
_QUIET = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_PAGER": "cat", "LC_ALL": "C"}
_SECONDS = 10
_MOST_BYTES = 64 << 20


class State(NamedTuple):
    """Where the code is: `root` is the top folder. Empty: no branch is checked out, or no remote is named."""

    root: Path
    commit: str
    branch: str
    remote: str


class Change(NamedTuple):
    """What differs from the commit in one file: its path below the root, and its part of the patch."""

    path: str
    patch: bytes


def state(folder: Path) -> State | None:
    """The state of the repository that a folder is in; None if it is in none, it has no commit, or git is missing."""
    found = _asked(folder, "rev-parse", "--show-toplevel", "HEAD").splitlines()
    if len(found) != 2:
        return None
    root, commit = found
    branch = _asked(folder, "symbolic-ref", "--quiet", "--short", "HEAD").strip()
    name = _asked(folder, "config", "--get", f"branch.{branch}.remote").strip() if branch else ""
    remote = _asked(folder, "config", "--get", f"remote.{name or 'origin'}.url").strip()
    return State(Path(root), commit, branch, remote)


def changes(root: Path) -> Iterator[Change]:
    """What differs from the commit, staged or not, file by file. Applied together they give the files as they are."""
    options = ("--no-color", "--no-ext-diff", "--no-textconv", "--no-renames", "--ignore-submodules", "HEAD")
    names = [name for name in _run(root, "diff", "--name-only", "-z", *options).split(b"\0") if name]
    whole = _run(root, "diff", "--binary", "--full-index", *options)
    # No other line begins so: those of a change begin with a sign, and packed ones have no blank.
    parts = [b"diff --git " + part for part in re.split(rb"^diff --git ", whole, flags=re.MULTILINE) if part]
    for name, patch in zip(names, parts, strict=False):
        yield Change(os.fsdecode(name), patch)


def untracked(root: Path) -> list[str]:
    """Files that git neither knows nor ignores, below the root."""
    found = _run(root, "ls-files", "--others", "--exclude-standard", "-z").split(b"\0")
    return sorted(os.fsdecode(name) for name in found if name and not name.endswith(b"/"))


def _asked(folder: Path, *arguments: str) -> str:
    return _run(folder, *arguments).decode(errors="replace")


def _run(folder: Path, *arguments: str) -> bytes:
    """What git says; nothing if it fails, takes too long, or says too much."""
    try:
        # The arguments are ours, and git is where PATH says.
        done = subprocess.run(  # noqa: S603
            ["git", "-C", str(folder), *arguments],  # noqa: S607
            env={**os.environ, **_QUIET},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return b""
    return done.stdout if done.returncode == 0 and len(done.stdout) <= _MOST_BYTES else b""
