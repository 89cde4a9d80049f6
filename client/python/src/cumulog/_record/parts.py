"""A part of a record, and how one process tells another of it."""

import json
import os
from collections.abc import Iterator
from typing import IO, NamedTuple

_LONGEST_LINE = 64 << 10


class Part(NamedTuple):
    """Tags, or a file with its path among the artifacts, or why nothing more comes (`failure`)."""

    tags: dict[str, str]
    path: str
    content: bytes
    failure: str = ""

    @classmethod
    def of_tags(cls, tags: dict[str, str]) -> "Part":
        return cls(tags, "", b"")

    @classmethod
    def of_file(cls, path: str, content: bytes) -> "Part":
        return cls({}, path, content)

    @classmethod
    def of_failure(cls, why: str) -> "Part":
        return cls({}, "", b"", why)

    def written(self) -> bytes:
        """A line of JSON, and the content."""
        head = {"tags": self.tags, "path": self.path, "bytes": len(self.content), "failure": self.failure}
        return json.dumps(head).encode() + b"\n" + self.content


class Reader:
    """Reads the parts that another process writes to a file, as far as they are there."""

    def __init__(self, source: IO[bytes]) -> None:
        self._file = source.fileno()
        self._at = 0

    def read(self) -> Iterator[Part]:
        """Parts that were not read before."""
        while part := self._next():
            yield part

    def _next(self) -> Part | None:
        # The writer's place in the file is the reader's too, so it must not be moved.
        line, end, _ = os.pread(self._file, _LONGEST_LINE, self._at).partition(b"\n")
        head = json.loads(line) if end else {}
        start = self._at + len(line) + 1
        if not end or os.fstat(self._file).st_size < start + head["bytes"]:
            return None
        self._at = start + head["bytes"]
        return Part(head["tags"], head["path"], os.pread(self._file, head["bytes"], start), head["failure"])
