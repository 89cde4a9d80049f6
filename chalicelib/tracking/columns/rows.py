"""The runs of a page as rows of values, as many as one reply can carry."""

import json
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from typing import Any, NamedTuple

from chalicelib.edge import compressing, replies
from chalicelib.edge.replies import Json
from chalicelib.search.field import Entity
from chalicelib.tracking.columns import naming
from chalicelib.tracking.columns.naming import Column
from chalicelib.tracking.runs.lease_rules import GOING_ON
from chalicelib.tracking.runs.reading import Run
from chalicelib.tracking.runs.replies import run_info

DIGEST_BYTES = 6

# Of the texts of all rows together. A reply of 4.5 MB in gzip is 6 MB in base64, and has its cursor beside the rows.
_MOST_COMPRESSED = 3_800_000
# Unpacking has a limit too.
_MOST_UNPACKED = 16_000_000
_encoded = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
# A row's part of the cursor, if its run is live.
_IN_CURSOR = 30


class Row(NamedTuple):
    """A run's values, one for each column; and a digest of them. A live run is not over: it may change any moment."""

    run_id: str
    values: Sequence[Any]
    digest: bytes
    text: str
    is_live: bool = False


def fitting(runs: Iterable[Run], columns: Sequence[Column]) -> list[Row]:
    """The rows of the first runs, as many as fit into the reply, at least one."""
    taken: list[Row] = []
    room = _Room()
    for row in _rows(runs, columns):
        if not room.takes(row.text) and taken:
            break
        taken.append(row)
    return taken


def table(rows: Sequence[Row], columns: Sequence[Column]) -> Json:
    """The rows as arrays: the runs' ids, and an array for each column."""
    arrays = {column.name: [row.values[at] for row in rows] for at, column in enumerate(columns)}
    return {"run_ids": [row.run_id for row in rows], "columns": arrays}


def _rows(runs: Iterable[Run], columns: Sequence[Column]) -> Iterator[Row]:
    readers = [naming.reader(column) for column in columns]
    needs_info = any(column.entity is Entity.ATTRIBUTE for column in columns)
    for run in runs:
        info = run_info(run.info) if needs_info else {}
        values = [read(run, info) for read in readers]
        text = _encoded([run.info.run_id, *values])
        digest = blake2b(text.encode(), digest_size=DIGEST_BYTES).digest()
        yield Row(run.info.run_id, values, digest, text, run.info.status in GOING_ON)


class _Room:
    """What is left in a reply. The rows are compressed, to see how long that is, only once they are long."""

    def __init__(self) -> None:
        self._bytes = self._compressed = 0
        self._waiting: list[str] = []
        self._stream = compressing.stream_of_gzip()

    def takes(self, text: str) -> bool:
        """Whether this text also fits."""
        self._bytes += replies.bytes_of_text(text) + _IN_CURSOR
        self._waiting.append(text)
        if self._bytes <= replies.MOST_BYTES:
            return True
        return self._bytes <= _MOST_UNPACKED and compressing.is_accepted() and self._fits_compressed()

    def _fits_compressed(self) -> bool:
        self._compressed += sum(len(self._stream.compress(text.encode())) for text in self._waiting)
        self._waiting.clear()
        return self._compressed <= _MOST_COMPRESSED
