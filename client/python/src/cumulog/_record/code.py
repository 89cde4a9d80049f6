"""What is kept of the code beside its commit: a patch, the files that git does not know, and lock files.

What seems to hold a secret is left out by name; then the tree that ran cannot be rebuilt exactly, which is said.
"""

import contextlib
import io
import os
import re
import stat
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from cumulog._record import confidential, git

MOST_UNTRACKED, MOST_OF_ONE = 10 << 20, 1 << 20
MOST_OF_LOCK = 8 << 20
_MOST_NAMES = 1000
# Of what is left out, so many are named.
_MOST_LEFT_OUT = 200
_LOCKS = re.compile(
    r"uv\.lock|poetry\.lock|pdm\.lock|pylock(\..+)?\.toml|Pipfile\.lock|(.+\.)?conda-lock\.ya?ml|environment\.ya?ml|"
    r"pixi\.lock|pyproject\.toml|requirements[^/]*\.(txt|lock)"
)
# What git LFS has git keep in the place of a file.
_POINTER = re.compile(rb"^[ +]version https://git-lfs\.github\.com/spec/.*\n(?s:.*)^\+oid sha256:", re.MULTILINE)


class LeftOut(NamedTuple):
    """A file that is not recorded, and why."""

    path: str
    why: str


class Code(NamedTuple):
    """`patch` and `archive` (a tar.gz of the files named in `names`) are empty where there is nothing."""

    patch: bytes
    archive: bytes
    names: list[str]
    left_out: list[LeftOut]

    @property
    def is_changed(self) -> bool:
        return bool(self.patch or self.names or self.left_out)


def of(state: git.State, besides: Iterable[str] = (), loaded: Iterable[Path] = ()) -> Code:
    """What a working tree has beside its commit, but for folders that are no part of it.

    `loaded` are files that run: if git ignores one of them, it is named.
    """
    left_out: list[LeftOut] = []
    try:
        changes = git.changes(state)
        patch = b"".join(each.patch for each in changes if _may_be_kept(state.root, each, left_out))
        left_out += _elsewhere(state, changes)
        left_out += [LeftOut(name, "git ignores it, and the run loaded it") for name in _ignored(state, loaded)]
        begins = tuple(f"{folder}/" for folder in besides)
        files = [name for name in git.untracked(state) if not str(state.root / name).startswith(begins)]
        archive, names = _packed(state.root, files, left_out)
    except git.Unasked as error:
        return Code(b"", b"", [], [LeftOut(".", f"git could not tell the changes: {error}")])
    return Code(patch, archive, names, _shortened(left_out))


def _elsewhere(state: git.State, changes: list[git.Change]) -> Iterator[LeftOut]:
    """What neither the commit nor the patch has, though git knows the file."""
    index = git.index(state)
    yield from (LeftOut(name, "git was told to overlook its changes") for name in index.overlooked)
    yield from (LeftOut(each.path, "a submodule at another commit") for each in changes if each.is_submodule)
    if index.submodules:
        yield from (LeftOut(name, "a submodule with changes of its own") for name in git.changed_submodules(state))


def _ignored(state: git.State, loaded: Iterable[Path]) -> list[str]:
    below = [path.relative_to(state.root).as_posix() for path in loaded if path.is_relative_to(state.root)]
    return git.ignored(state, below) if below else []


def without_git(folder: Path, paths: Iterable[Path]) -> Code:
    """Files below a folder that no repository keeps."""
    left_out: list[LeftOut] = []
    names = sorted({path.relative_to(folder).as_posix() for path in paths if path.is_relative_to(folder)})
    archive, kept = _packed(folder, names, left_out)
    return Code(b"", archive, kept, left_out)


def locks(folder: Path, root: Path | None) -> dict[str, bytes]:
    """The lock files of the working directory and of the repository's root, by name."""
    found: dict[str, bytes] = {}
    for place in dict.fromkeys((folder, *((root,) if root else ()))):
        with contextlib.suppress(OSError):
            for path in sorted(path for path in place.iterdir() if _LOCKS.fullmatch(path.name)):
                content, why = _content(path, path.name, MOST_OF_LOCK)
                if not why and path.name not in found:
                    found[path.name] = content
    return found


def _may_be_kept(root: Path, change: git.Change, left_out: list[LeftOut]) -> bool:
    why = confidential.flaw_of_name(change.path) or confidential.flaw_of_content(change.patch)
    path = root / change.path
    if not why and b"GIT binary patch" in change.patch and path.is_file():
        # The patch is packed.
        why = (
            confidential.flaw_of_content(path.read_bytes()) if path.stat().st_size <= MOST_UNTRACKED else "it is large"
        )
    if not why and _POINTER.search(change.patch):
        why = "git LFS keeps its content elsewhere"
    if why:
        left_out.append(LeftOut(change.path, why))
    return not why


def _packed(root: Path, names: Iterable[str], left_out: list[LeftOut]) -> tuple[bytes, list[str]]:
    """Files as an archive, and their names."""
    kept: list[str] = []
    total = 0
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz", compresslevel=1) as archive:
        for name in names:
            # A folder of data that git does not ignore may have a million files.
            is_full = len(kept) >= _MOST_NAMES or len(left_out) >= _MOST_NAMES
            content, why = (b"", "") if is_full else _content(root / name, name, MOST_OF_ONE)
            if is_full or (not why and total + len(content) > MOST_UNTRACKED):
                why = "there are too many"
            if why:
                left_out.append(LeftOut(name, why))
                continue
            total += len(content)
            kept.append(name)
            _add(archive, name, content, root / name)
    return (buffer.getvalue() if kept else b""), kept


def _content(path: Path, name: str, most: int) -> tuple[bytes, str]:
    """The content of a file, or why it is not recorded."""
    try:
        if name.endswith("/"):
            return b"", "a repository of its own"
        facts = path.lstat()
        if not stat.S_ISREG(facts.st_mode):
            return b"", "it is no plain file"
        if facts.st_size > most:
            return b"", f"it is larger than {most >> 20} MB"
        if why := confidential.flaw_of_name(name):
            return b"", why
        content = path.read_bytes()
    except OSError as error:
        return b"", f"it cannot be read: {error.strerror}"
    return content, confidential.flaw_of_content(content)


def _add(archive: tarfile.TarFile, name: str, content: bytes, path: Path) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    entry.mode = 0o755 if os.access(path, os.X_OK) else 0o644
    archive.addfile(entry, io.BytesIO(content))


def _shortened(left_out: list[LeftOut]) -> list[LeftOut]:
    more = len(left_out) - _MOST_LEFT_OUT
    return [*left_out[:_MOST_LEFT_OUT], LeftOut(".", f"and {more} more files")] if more > 0 else left_out
