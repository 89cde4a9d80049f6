"""Uploading a large file: in parts, several at a time, without the parts that S3 already has.

The parts are hashed and signed in batches, while the parts of the batch before are being sent. The thread that finishes
the last part completes the upload.
"""

import threading
from collections.abc import Iterator
from typing import TypeVar

from cumulog._http.errors import ApiError, ContentMismatch
from cumulog._transfer.api import Part, Target
from cumulog._transfer.files import LocalFile, Slice, slices
from cumulog._transfer.unfinished import Begun, Journal
from cumulog._transfer.work import Work

T = TypeVar("T")

# The first batch is small, so that sending starts at once; the largest batch is 128 MiB with parts of 8 MiB.
_FIRST_BATCH = 4
_LARGEST_BATCH = 16


def send(work: Work, file: LocalFile) -> None:
    """Submit the jobs that upload a file."""
    upload = LargeUpload(work, file)
    work.ending.callback(upload.leave)
    upload.begin()


class LargeUpload:
    """The upload of one file in parts. Part numbers count from 1."""

    def __init__(self, work: Work, file: LocalFile) -> None:
        self._work = work
        self._file = file
        self._journal = Journal(work.api.url, file)
        self._id = ""
        self._done: dict[int, tuple[str, str]] = {}
        self._lock = threading.Lock()
        self._is_open = False

    def begin(self) -> None:
        """Submit all parts that S3 lacks. Raises ApiError, and the errors of earlier jobs."""
        begun, arrived = self._resumed() or (self._created(), {})
        self._id, self._is_open = begun.upload_id, True
        parts = slices(self._file, begun.part_size)
        self._missing = len(parts)
        for batch in _growing(list(enumerate(parts, 1))):
            hashes = self._work.sha256_of_each(content for _, content in batch)
            named = [
                (Part(number, content.size, digest), content)
                for (number, content), digest in zip(batch, hashes, strict=True)
            ]
            self._submit([each for each in named if not self._is_there(each[0], arrived)])

    def leave(self) -> None:
        """End the transfer. An incomplete upload stays for the next process, if the journal lets that find it."""
        if self._is_open and not self._journal.is_kept:
            self._abort()
        self._journal.close()

    def _resumed(self) -> tuple[Begun, dict[int, tuple[str, str]]] | None:
        begun = self._journal.begun
        if begun is None:
            return None
        try:
            return begun, self._work.api.arrived(self._file.path, begun.upload_id)
        except ApiError as error:
            if error.status not in (400, 404):
                raise
            # The upload was completed, dropped or expired.
            return None

    def _created(self) -> Begun:
        begun = Begun(*self._work.api.create_multipart(self._file.path, self._file.size))
        self._journal.note(begun)
        return begun

    def _is_there(self, part: Part, arrived: dict[int, tuple[str, str]]) -> bool:
        sha256, etag = arrived.get(part.number, ("", ""))
        if sha256 != part.sha256:
            return False
        self._finish(part, etag)
        return True

    def _submit(self, named: list[tuple[Part, Slice]]) -> None:
        if named:
            targets = self._work.api.sign_parts(self._file.path, self._id, [part for part, _ in named])
            for (part, content), target in zip(named, targets, strict=True):
                self._work.pool.submit(self._put, part, content, target)

    def _put(self, part: Part, content: Slice, first: Target) -> None:
        def attempt(number: int) -> str:
            # A fresh URL for each retry: the first may have expired while we waited.
            target = self._work.api.sign_parts(self._file.path, self._id, [part])[0] if number else first
            return self._work.storage.put(target, content)

        try:
            etag = self._work.retry.run(attempt)
        except ContentMismatch:
            self._abort()
            raise
        self._finish(part, etag)

    def _finish(self, part: Part, etag: str) -> None:
        self._work.progress.add(part.size)
        with self._lock:
            self._done[part.number] = (part.sha256, etag)
            self._missing -= 1
            is_last = self._missing == 0
        if is_last:
            self._complete()

    def _complete(self) -> None:
        try:
            self._file.require_unchanged()
        except ContentMismatch:
            self._abort()
            raise
        self._work.api.complete(self._file.path, self._id, self._done)
        self._is_open = False
        self._journal.forget()

    def _abort(self) -> None:
        self._is_open = False
        self._journal.forget()
        try:
            self._work.api.abort(self._file.path, self._id)
        except ApiError:
            # The caller gets the error that led here, and the server drops forgotten uploads by itself.
            return


def _growing(things: list[T]) -> Iterator[list[T]]:
    size, start = _FIRST_BATCH, 0
    while start < len(things):
        yield things[start : start + size]
        start, size = start + size, min(2 * size, _LARGEST_BATCH)
