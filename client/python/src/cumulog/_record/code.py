"""What is kept of the code beside its commit: a patch, the files that git does not know, and lock files.

What seems to hold a secret is left out by name; then the tree that ran cannot be rebuilt exactly, which is said.
"""

import io
import os
import stat
import tarfile
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from cumulog._record import confidential, git

MOST_UNTRACKED, MOST_OF_ONE = 10 << 20, 1 << 20
_MOST_NAMES = 1000
_LOCKS = (
    *("uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "conda-lock.yml", "environment.yml", "environment.yaml"),
    *("pixi.lock", "pyproject.toml", "requirements.txt", "requirements.lock"),
)


class LeftOut(NamedTuple):
    """A file that is not recorded, and why."""

    path: str
    why: str


class Code(NamedTuple):
    """`patch` and `archive` (a tar.gz of untracked files) are empty where there is nothing."""

    patch: bytes
    archive: bytes
    untracked: list[str]
    left_out: list[LeftOut]


def of(root: Path) -> Code:
    """What a working tree has beside its commit."""
    left_out: list[LeftOut] = []
    patch = b"".join(each.patch for each in git.changes(root) if _may_be_kept(root, each, left_out))
    archive, names = _packed(root, git.untracked(root), left_out)
    return Code(patch, archive, names, left_out)


def locks(folder: Path, root: Path | None) -> dict[str, bytes]:
    """The lock files of the working directory and of the repository's root, by name."""
    found: dict[str, bytes] = {}
    for place in dict.fromkeys((folder, *((root,) if root else ()))):
        for name in _LOCKS:
            path = place / name
            if name not in found and path.is_file() and path.stat().st_size <= MOST_OF_ONE:
                content = path.read_bytes()
                if not confidential.flaw_of_content(content):
                    found[name] = content
    return found


def _may_be_kept(root: Path, change: git.Change, left_out: list[LeftOut]) -> bool:
    why = confidential.flaw_of_name(change.path) or confidential.flaw_of_content(change.patch)
    path = root / change.path
    if not why and b"GIT binary patch" in change.patch and path.is_file():
        # The patch is packed.
        why = (
            confidential.flaw_of_content(path.read_bytes()) if path.stat().st_size <= MOST_UNTRACKED else "it is large"
        )
    if why:
        left_out.append(LeftOut(change.path, why))
    return not why


def _packed(root: Path, names: Iterable[str], left_out: list[LeftOut]) -> tuple[bytes, list[str]]:
    """Untracked files as an archive, and their names."""
    kept: list[str] = []
    total = 0
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name in names:
            content, why = _content(root / name, name)
            if not why and (total + len(content) > MOST_UNTRACKED or len(kept) >= _MOST_NAMES):
                why = "there are too many"
            if why:
                left_out.append(LeftOut(name, why))
                continue
            total += len(content)
            kept.append(name)
            _add(archive, name, content, root / name)
    return (buffer.getvalue() if kept else b""), kept


def _content(path: Path, name: str) -> tuple[bytes, str]:
    """The content of a file, or why it is not recorded."""
    try:
        facts = path.lstat()
        if not stat.S_ISREG(facts.st_mode):
            return b"", "it is no plain file"
        if facts.st_size > MOST_OF_ONE:
            return b"", "it is larger than 1 MB"
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
