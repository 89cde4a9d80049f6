"""A local journal of uploads in parts, so that another process can resume an upload after a kill.

One small file per upload, in `$XDG_CACHE_HOME/cumulog/uploads` (`~/.cache` by default). Its name is a hash of the
server, the artifact's path, and the size and time of the file; its content is the upload's id. It does not record which
parts have arrived: S3 knows that best. Nor is it trusted for the content: each part is sent unless S3 has exactly its
SHA-256.

A lock, in a file beside it, keeps two processes from resuming the same upload. Without locks or a writable folder there
is no journal: the upload works, but starts again from the beginning after a kill.
"""

import contextlib
import hashlib
import json
import os
import time
from pathlib import Path
from typing import IO, Any, NamedTuple

from cumulog._journal.locks import WRITING, Lock
from cumulog._transfer.files import LocalFile

# The server drops unfinished uploads sooner.
_DAYS = 7


class Begun(NamedTuple):
    """An upload's id, and the size of its parts in bytes."""

    upload_id: str
    part_size: int


class Journal:
    """The journal of one upload: `begun` is the entry of an earlier process, None if there is none."""

    def __init__(self, url: str, file: LocalFile) -> None:
        self._path = _folder() / _name(url, file)
        self._lock: Lock | None = None
        self._file: IO[str] | None = None
        # An upload must work even if the cache is not writable.
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            _forget_old(self._path.parent)
            self._lock = _locked(self._path)
            self._file = self._path.open("a+") if self._lock else None
        self.begun = _read(self._file) if self._file else None

    @property
    def is_kept(self) -> bool:
        return self._file is not None

    def note(self, begun: Begun) -> None:
        """Write down the upload."""
        if self._file:
            self._file.seek(0)
            self._file.truncate()
            json.dump(begun._asdict(), self._file)
            self._file.flush()

    def forget(self) -> None:
        """Remove the entry, after the upload was completed or dropped."""
        if self._file:
            self._path.unlink(missing_ok=True)
            self._path.with_suffix(".lock").unlink(missing_ok=True)
        self.close()

    def close(self) -> None:
        """Release the entry, so that another process can resume the upload."""
        if self._file:
            self._file.close()
            self._file = None
        if self._lock:
            self._lock.close()
            self._lock = None


def _folder() -> Path:
    cache = os.environ.get("XDG_CACHE_HOME")
    return (Path(cache) if cache else Path.home() / ".cache") / "cumulog" / "uploads"


def _name(url: str, file: LocalFile) -> str:
    # Not the SHA-256 of the file: reading 100 GB before sending the first byte would take minutes, and the parts are
    # compared anyway.
    named = json.dumps([url, file.path, file.size, file.changed])
    return hashlib.sha256(named.encode(errors="surrogateescape")).hexdigest()


def _locked(path: Path) -> Lock | None:
    """The entry's lock, held until it is closed or this process dies; None if that is impossible."""
    lock = Lock.opened(path.with_suffix(".lock"))
    if lock is None or lock.hold(WRITING):
        return lock
    lock.close()
    return None


def _read(file: IO[str]) -> Begun | None:
    file.seek(0)
    try:
        fields: Any = json.load(file)
        return Begun(str(fields["upload_id"]), int(fields["part_size"]))
    except (ValueError, KeyError, TypeError):
        # A new file, or one whose process died while writing it.
        return None


def _forget_old(folder: Path) -> None:
    for path in folder.iterdir():
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < time.time() - _DAYS * 86_400:
                path.unlink()
