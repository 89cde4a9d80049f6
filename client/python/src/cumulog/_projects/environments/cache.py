"""Environments on this disk, by content. One without the marker, which is written last, is never used.

Everything below the folder may be deleted at any time that no project runs.
"""

import contextlib
import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cumulog._projects.environments.prepared import Bench
from cumulog._projects.errors import ProjectError

_MARKER = "complete.json"
# The environments that were used last are kept.
_MOST_KEPT = 20
_LAP_SECONDS = 0.1


def root() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME", "") or Path("~/.cache").expanduser()) / "cumulog" / "environments"


def digest(facts: Mapping[str, Any], files: Mapping[str, bytes]) -> str:
    """The name of the environment that these make."""
    named = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    text = json.dumps([facts, named], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


class Place:
    """The folder of one environment. It is held while it is built or used, so that nobody takes it away."""

    def __init__(self, name: str) -> None:
        self.folder = root() / name
        self._lock = root() / f"{name}.lock"
        self._file = -1

    def facts(self) -> dict[str, Any] | None:
        """What the marker says; None if the environment is not complete."""
        try:
            found: dict[str, Any] = json.loads((self.folder / _MARKER).read_text())
        except (OSError, ValueError):
            return None
        return found

    @contextlib.contextmanager
    def built_by_one(self, bench: Bench) -> Iterator[None]:
        """Wait until no other process builds it; what others have left half built is gone then."""
        # Windows lacks this module.
        import fcntl  # noqa: PLC0415

        is_told = False
        while not self._locked(fcntl.LOCK_EX):
            if self.facts() is not None:
                # Others use it.
                break
            if not is_told:
                bench.said(2, b"Another process builds this environment; waiting for it.\n")
            is_told = True
            bench.stop.check()
            time.sleep(_LAP_SECONDS)
        if self.facts() is None:
            shutil.rmtree(self.folder, ignore_errors=True)
        yield
        self._locked(fcntl.LOCK_SH)

    def complete(self, facts: Mapping[str, Any]) -> None:
        """From now on it is used."""
        part = self.folder / f"{_MARKER}.part"
        part.write_text(json.dumps(facts))
        part.replace(self.folder / _MARKER)

    def close(self) -> None:
        """It is used no more."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _locked(self, kind: int) -> bool:
        import fcntl  # noqa: PLC0415 - as above

        try:
            if self._file < 0:
                self._lock.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                self._file = os.open(self._lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise ProjectError(f"No environment can be kept in '{root()}': {error.strerror}.") from error
        try:
            fcntl.lockf(self._file, kind | fcntl.LOCK_NB)
        except OSError:
            return False
        with contextlib.suppress(OSError):
            os.utime(self._lock)
        return True


def prune() -> None:
    """Take away environments that were not used for longest, but none that somebody uses."""
    import fcntl  # noqa: PLC0415 - as above

    with contextlib.suppress(OSError):
        locks = sorted(root().glob("*.lock"), key=lambda each: each.stat().st_mtime, reverse=True)
        for each in locks[_MOST_KEPT:]:
            place = Place(each.name.removesuffix(".lock"))
            if place._locked(fcntl.LOCK_EX):
                (place.folder / _MARKER).unlink(missing_ok=True)
                shutil.rmtree(place.folder, ignore_errors=True)
                each.unlink(missing_ok=True)
            place.close()
