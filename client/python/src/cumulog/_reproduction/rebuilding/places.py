"""Files that the record of a run does not have, and paths that meant the folder where the run was."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from cumulog._record.confidential import flaw_of_name
from cumulog._reproduction.recorded.run import Dataset, Missing, Recorded

_BLOCK = 1 << 20
_MOST_BYTES = 4 << 30
# A dataset's digest may be any text, and MLflow's own short ones are not of a file's bytes.
_ALGORITHMS = ("sha256", "md5", "sha1")
_LEAST = 32


class Data(NamedTuple):
    """`changed` names what is not what it was, `missing` what is gone, `unchecked` what has no digest of its bytes."""

    changed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unchecked: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        return not self.changed and not self.missing


def moved(text: str, recorded: Recorded, folder: Path) -> str:
    """A text with paths of the folder where the run was, with those of another one."""
    root = recorded.code.root
    if not root or root == os.sep:
        return text
    if text == root:
        return str(folder)
    return text.replace(f"{root}{os.sep}", f"{folder}{os.sep}")


def fill(recorded: Recorded, folder: Path) -> Iterator[Missing]:
    """Copy what the record does not have from the folder where the run was, if that is here.

    That is what was left out of it, and files that arguments or datasets name though git ignores them. It tells of
    each that has no digest.
    """
    root = recorded.code.root
    with_digests = {path for _, path, digest in (*_inputs(recorded), *_of_datasets(recorded)) if path and digest}
    for name in dict.fromkeys(_wanted(recorded)) if root else ():
        below = _below(Path(root, recorded.invocation.folder, name), root)
        source, place = Path(root, below or ""), folder / (below or "")
        is_wanted = below and source.is_file() and not source.is_symlink() and not place.exists()
        # A link in the code may lead out of the folder.
        is_inside = place.resolve().is_relative_to(folder.resolve())
        if not is_wanted or not is_inside or source.stat().st_size > _MOST_BYTES:
            continue
        if why := flaw_of_name(str(source)):
            # Whoever wrote the record chose the name.
            yield Missing("data", f"'{below}' is not copied from {root}: {why}.")
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, place)
        if name not in with_digests:
            yield Missing("data", f"'{below}' is from {root} as it is now: whether it changed is not known.")


def _wanted(recorded: Recorded) -> Iterator[str]:
    """Files that may be missing, by their paths from where the run was started."""
    yield from (os.path.join(recorded.code.root, name) for name, _ in recorded.code.left_out)  # noqa: PTH118 - a text
    words = recorded.invocation.arguments
    yield from filter(None, (word.partition("=")[2] if word.startswith("-") else word for word in words))
    yield from (path for _, path, _ in (*_inputs(recorded), *_of_datasets(recorded)) if path)


def _below(path: Path, root: str) -> str:
    """A path below the root; empty if it is not."""
    whole = os.path.normpath(path)
    return whole.removeprefix(f"{root}{os.sep}") if whole.startswith(f"{root}{os.sep}") else ""


def checked(recorded: Recorded, folder: Path) -> Data:
    """Compare the data that the run names with their digests, as far as they are files here."""
    changed: list[str] = []
    missing: list[str] = []
    unchecked: list[str] = []
    for name, path, digest in (*_inputs(recorded), *_of_datasets(recorded)):
        if path is None:
            unchecked.append(f"{name}: its digest is not one of bytes; the new run's is compared with it")
            continue
        place = _found(moved(path, recorded, folder), folder / recorded.invocation.folder)
        if place is None:
            missing.append(f"{name}: there is no '{path}'")
        elif not digest:
            unchecked.append(f"{name}: its digest was not recorded")
        elif not any(each.startswith(digest) for each in digests_of(place)):
            changed.append(f"{name}: '{path}' is not what it was")
    return Data(tuple(changed), tuple(missing), tuple(unchecked))


def digests_of(path: Path) -> list[str]:
    """The digests of a file's bytes by every algorithm that people use for them."""
    found = [hashlib.new(each, usedforsecurity=False) for each in _ALGORITHMS]
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            for each in found:
                each.update(block)
    return [each.hexdigest() for each in found]


def _inputs(recorded: Recorded) -> Iterator[tuple[str, str | None, str]]:
    """Parameters of type path: each file with its digest."""
    for name, told in (recorded.project.get("inputs") or {}).items():
        if "files" not in told:
            yield name, str(told.get("path", "")), str(told.get("sha256", ""))
        for below, about in (told.get("files") or {}).items():
            yield f"{name}/{below}", f"{told.get('path', '')}/{below}", str(about.get("sha256", ""))


def _of_datasets(recorded: Recorded) -> Iterator[tuple[str, str | None, str]]:
    for each in recorded.datasets:
        path = uri_of(each).removeprefix("file://")
        is_elsewhere = ":/" in path
        if not (is_elsewhere and is_of_bytes(each.digest)):
            yield each.name, path if path and not is_elsewhere and is_of_bytes(each.digest) else None, each.digest


def is_of_bytes(digest: str) -> bool:
    """May it be the digest of a file? MLflow's own are shorter."""
    return len(digest) >= _LEAST and {*digest} <= {*"0123456789abcdef"}


def uri_of(dataset: Dataset) -> str:
    """Where a dataset was read from, as its source says."""
    try:
        told = json.loads(dataset.source)
    except ValueError:
        return dataset.source
    if not isinstance(told, dict):
        return dataset.source
    return str(told.get("uri") or told.get("path") or told.get("url") or "")


def _found(path: str, folder: Path) -> Path | None:
    place = folder / path
    return place if place.is_file() else None
