"""What this machine remembers of an upload in parts, so that another process can go on where one was killed.

One small file for each upload under `$XDG_CACHE_HOME/cumulog/uploads` (`~/.cache` by default). It is named by the
server, the artifact's path, and the size and time of the file, and holds the upload's id. It says nothing about what
has arrived: S3 knows that best. Nor is it trusted about the content: each part is sent unless S3 has its very SHA-256.

A lock keeps two processes from going on with the same upload. Where there is no lock, or no folder to write to, there
is no journal: the upload works, and begins anew when it is killed.
"""

import contextlib
import hashlib
import json
import os
import time
from pathlib import Path
from typing import IO, Any, NamedTuple

from cumulog._files import LocalFile

# The server drops unfinished uploads sooner.
_DAYS = 7


class Begun(NamedTuple):
    """An upload's id, and the size of its parts in bytes."""

    upload_id: str
    part_size: int


class Journal:
    """The journal of one upload: `begun` is what an earlier process left; None if nothing."""

    def __init__(self, url: str, file: LocalFile) -> None:
        self._path = _folder() / _name(url, file)
        self._file: IO[str] | None = None
        # A cache that cannot be written is no reason not to upload.
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            _forget_old(self._path.parent)
            self._file = _locked(self._path)
        self.begun = _read(self._file) if self._file else None

    @property
    def is_kept(self) -> bool:
        return self._file is not None

    def note(self, begun: Begun) -> None:
        """Remember the upload."""
        if self._file:
            self._file.seek(0)
            self._file.truncate()
            json.dump(begun._asdict(), self._file)
            self._file.flush()

    def forget(self) -> None:
        """The upload is complete, or dropped."""
        if self._file:
            self._path.unlink(missing_ok=True)
        self.close()

    def close(self) -> None:
        """Let another process go on with it."""
        if self._file:
            self._file.close()
            self._file = None


def _folder() -> Path:
    cache = os.environ.get("XDG_CACHE_HOME")
    return (Path(cache) if cache else Path.home() / ".cache") / "cumulog" / "uploads"


def _name(url: str, file: LocalFile) -> str:
    # Not the SHA-256 of the file: to read 100 GB before the first byte is sent would cost minutes, and the parts are
    # compared anyway.
    named = json.dumps([url, file.path, file.size, file.changed])
    return hashlib.sha256(named.encode(errors="surrogateescape")).hexdigest()


def _locked(path: Path) -> IO[str] | None:
    """The file, open and ours alone until it is closed or this process dies; None if that cannot be had."""
    try:
        # Windows has no such module.
        import fcntl  # noqa: PLC0415
    except ImportError:
        return None
    file = path.open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file


def _read(file: IO[str]) -> Begun | None:
    file.seek(0)
    try:
        fields: Any = json.load(file)
        return Begun(str(fields["upload_id"]), int(fields["part_size"]))
    except (ValueError, KeyError, TypeError):
        # New, or half written when its process died.
        return None


def _forget_old(folder: Path) -> None:
    for path in folder.iterdir():
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < time.time() - _DAYS * 86_400:
                path.unlink()
