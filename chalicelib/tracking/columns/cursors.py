"""A cursor says which rows a reply had and what was in them, so that the next reply can say what changed.

It is authenticated as page tokens are, and good for the same question of the same caller only. Nothing is stored: it
holds the id and a digest of each run that is not over, and of the others one digest for each of 64 buckets. So it grows
with the runs that change, and not with the table.
"""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import NamedTuple

from chalicelib.errors import InvalidParameterValue
from chalicelib.search import page
from chalicelib.storage import page_secret
from chalicelib.tracking.columns.rows import DIGEST_BYTES, Row

# Tells a cursor from a page token, which the same secret authenticates; to be counted up if rows change their form.
_KIND = b"columns2"
_QUESTION_BYTES = 12
_ID_BYTES = 16
_ROW_BYTES = _ID_BYTES + DIGEST_BYTES
_BUCKETS = 64
_SUM_BYTES = 8
_BEGIN = len(_KIND) + _QUESTION_BYTES
_LIVE = _BEGIN + (1 + _BUCKETS) * _SUM_BYTES


class Known(NamedTuple):
    """What whoever has a cursor knows: a digest of the runs in their order, and one of each bucket of those that were
    over; and of the others the digest of each."""

    order: bytes
    buckets: Sequence[bytes]
    live: Mapping[str, bytes]


def mint(question: str, rows: Sequence[Row]) -> str:
    """The cursor of a reply to the question (`page.question_digest`)."""
    live = b"".join(bytes.fromhex(row.run_id) + row.digest for row in rows if row.is_live)
    sums = b"".join(map(_sum, _buckets([row for row in rows if not row.is_live])))
    return page.authenticated(_head(question) + order(rows) + sums + live, page_secret.current)


def redeem(text: str, question: str) -> Known:
    """What a cursor knows. Raises InvalidParameterValue for anything that `mint` did not make for this question."""
    payload = page.opened(text, page_secret.current, "since")
    if not payload.startswith(_KIND):
        raise page.garbage("since")
    if not payload.startswith(_head(question)):
        raise InvalidParameterValue("Invalid since: it belongs to another question.")
    first, *buckets = (payload[at : at + _SUM_BYTES] for at in range(_BEGIN, _LIVE, _SUM_BYTES))
    live = (payload[at : at + _ROW_BYTES] for at in range(_LIVE, len(payload), _ROW_BYTES))
    return Known(first, buckets, {row[:_ID_BYTES].hex(): row[_ID_BYTES:] for row in live})


def changed(known: Known, rows: Sequence[Row]) -> list[Row]:
    """The rows that may differ from what is known, in their order: of a bucket that differs, all of them."""
    stayed = _buckets([row for row in rows if not row.is_live and row.run_id not in known.live])
    new = {row.run_id for at, bucket in enumerate(stayed) if _sum(bucket) != known.buckets[at] for row in bucket}
    told = (row for row in rows if row.is_live or row.run_id in known.live)
    new |= {row.run_id for row in told if known.live.get(row.run_id) != row.digest}
    return [row for row in rows if row.run_id in new]


def order(rows: Sequence[Row]) -> bytes:
    """A digest of the runs in their order."""
    return _digest("".join(row.run_id for row in rows).encode())


def _buckets(rows: Sequence[Row]) -> list[list[Row]]:
    buckets: list[list[Row]] = [[] for _ in range(_BUCKETS)]
    for row in rows:
        # Ids are random.
        buckets[int(row.run_id[-2:], 16) % _BUCKETS].append(row)
    return buckets


def _sum(bucket: Sequence[Row]) -> bytes:
    return _digest(b"".join(sorted(row.run_id.encode() + row.digest for row in bucket)))


def _digest(content: bytes) -> bytes:
    return blake2b(content, digest_size=_SUM_BYTES).digest()


def _head(question: str) -> bytes:
    return _KIND + bytes.fromhex(question)
