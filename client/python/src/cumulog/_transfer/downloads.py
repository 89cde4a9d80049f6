"""Downloading a file: in ranges, several at a time, into a temporary file beside its place, renamed when complete."""

import threading
from pathlib import Path

from cumulog._http.errors import ContentMismatch
from cumulog._transfer.api import Source
from cumulog._transfer.files import Arriving
from cumulog._transfer.work import Work

RANGE_BYTES = 8 << 20


def fetch(work: Work, source: Source, place: Path) -> None:
    """Submit the jobs that download a file to its place."""
    download = Download(work, source, place)
    work.ending.callback(download.leave)
    download.begin()


class Download:
    """The download of one file."""

    def __init__(self, work: Work, source: Source, place: Path) -> None:
        self._work = work
        self._source = source
        self._file = Arriving(place, source.size)
        self._etag = ""
        self._lock = threading.Lock()

    def begin(self) -> None:
        """Submit all ranges. Raises the errors of earlier jobs."""
        starts = range(0, self._source.size, RANGE_BYTES)
        self._missing = len(starts)
        if not starts:
            self._file.arrive(self._source.sha256)
        for start in starts:
            self._work.pool.submit(self._get, start, min(start + RANGE_BYTES, self._source.size))

    def leave(self) -> None:
        self._file.discard()

    def _get(self, start: int, end: int) -> None:
        reached = start

        def attempt(number: int) -> None:
            nonlocal reached
            whole = reached == 0 and end == self._source.size
            etag, blocks = self._work.storage.get(self._url(number), reached, end, whole=whole)
            self._require_same(etag)
            # Bytes that came before the connection broke are not requested again.
            for size in self._file.write(reached, blocks):
                reached += size
                self._work.progress.add(size)

        self._work.retry.run(attempt)
        self._finish()

    def _url(self, number: int) -> str:
        """The URL for an attempt: a fresh one for each retry, since the first may have expired while we waited."""
        if number == 0:
            return self._source.url
        found = self._work.api.downloads([self._source.path])[0]
        if (found.size, found.sha256) != (self._source.size, self._source.sha256):
            raise self._replaced()
        return found.url

    def _require_same(self, etag: str) -> None:
        with self._lock:
            self._etag = self._etag or etag
            if etag != self._etag:
                raise self._replaced()

    def _finish(self) -> None:
        with self._lock:
            self._missing -= 1
            is_last = self._missing == 0
        if is_last:
            self._file.arrive(self._source.sha256)

    def _replaced(self) -> ContentMismatch:
        return ContentMismatch(f"'{self._source.path}' was replaced while it was downloaded; download it again.")
