"""What a run was given as files: their digests."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cumulog._projects.project import EntryPoint, Values

# To read more at the start of a run would hold it up.
MOST_BYTES = 1 << 30
MOST_FILES = 1000
_BLOCK = 1 << 20


def described(entry: EntryPoint, values: Values) -> dict[str, Any]:
    """The files and folders that parameters of type path name: length and digest of each file."""
    names = [name for name, each in entry.parameters.items() if each.kind == "path" and name in values.declared]
    budget = _Budget()
    return {name: _of(Path(values.declared[name]), budget) for name in names}


class _Budget:
    """How many bytes and files may still be looked into."""

    def __init__(self) -> None:
        self.bytes = MOST_BYTES
        self.files = MOST_FILES


def _of(path: Path, budget: _Budget) -> dict[str, Any]:
    if not path.is_dir():
        return {"path": str(path), **_file(path, budget)}
    files = {each.relative_to(path).as_posix(): _file(each, budget) for each in _below(path, budget)}
    more = {} if budget.files > 0 else {"left_out": f"of more than {MOST_FILES} files"}
    manifest = "".join(f"{facts.get('sha256', '')}  {name}\n" for name, facts in files.items())
    digest = {"sha256": hashlib.sha256(manifest.encode(errors="surrogateescape")).hexdigest()}
    is_whole = not more and all("sha256" in each for each in files.values())
    return {"path": str(path), "files": files, **(digest if is_whole else {}), **more}


def _below(folder: Path, budget: _Budget) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            if budget.files <= 0:
                return
            yield Path(place, name)


def _file(path: Path, budget: _Budget) -> dict[str, Any]:
    budget.files -= 1
    try:
        if not path.is_file():
            return {"why_not": "it is no file"}
        length = path.stat().st_size
        if length > budget.bytes:
            return {"bytes": length, "why_not": "there is too much to read it at the start of a run"}
        budget.bytes -= length
        found = hashlib.sha256()
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                found.update(block)
    except OSError as error:
        return {"why_not": error.strerror or str(error)}
    return {"bytes": length, "sha256": found.hexdigest()}
