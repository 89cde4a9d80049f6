"""Lines that the server refuses: they are put aside, listed and said, and hold up nothing."""

import contextlib
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cumulog._delivery import outcomes
from cumulog._journal import places

_MOST_BYTES = 16 << 20
# Windows has no such flag.
_NO_LINKS = getattr(os, "O_NOFOLLOW", 0)


class Refused:
    """The list of one journal folder. Says the first refusal of each run, not each."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self._said: set[str] = set()
        self.count = 0

    def add(self, run_id: str, what: str, entry: Any, why: str) -> None:
        self.count += 1
        line = {"time": int(time.time() * 1000), "run_id": run_id, "what": what, "entry": entry, "why": why}
        _write(json.dumps(line) + "\n")
        if run_id not in self._said:
            self._said.add(run_id)
            self.say(
                f"The server refused a line of run {run_id}: {outcomes.sentence(why)} It and further ones are listed "
                "by `cumulog sync --list`; all others are delivered."
            )


def _write(line: str) -> None:
    if folder := places.writable():
        # The list is for people; a full disk must not hold up what can be delivered.
        with contextlib.suppress(OSError):
            path = folder / places.REFUSED
            if path.exists() and path.stat().st_size > _MOST_BYTES:
                path.replace(path.with_suffix(".old.jsonl"))
            file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | _NO_LINKS, 0o600)
            try:
                size = os.fstat(file).st_size
                if os.write(file, line.encode()) < len(line.encode()):
                    # A full disk takes a part.
                    os.ftruncate(file, size)
            finally:
                os.close(file)


def listed() -> list[dict[str, Any]]:
    """All lines in the lists of this user. One that is damaged is shown as it is."""
    return [_read(line) for path in files() for line in path.read_text(errors="replace").splitlines()]


def files() -> list[Path]:
    """The lists of this user."""
    return [path for folder in places.folders() if (path := folder / places.REFUSED).exists()]


def _read(line: str) -> dict[str, Any]:
    with contextlib.suppress(ValueError):
        read = json.loads(line)
        if isinstance(read, dict):
            return read
    return {"damaged": line}
