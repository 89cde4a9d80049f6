"""A cursor says which rows a reply had and what was in them, so that the next reply can say what changed.

It is authenticated as page tokens are, and good for the same question of the same caller only. Nothing is stored: it
holds the id and a digest of each row, 22 bytes a row.
"""

from collections.abc import Mapping, Sequence

from chalicelib.errors import InvalidParameterValue
from chalicelib.search import page
from chalicelib.storage import page_secret
from chalicelib.tracking.columns.rows import DIGEST_BYTES, Row

# Tells a cursor from a page token, which the same secret authenticates; to be counted up if rows change their form.
_KIND = b"columns1"
_QUESTION_BYTES = 12
_ID_BYTES = 16
_ROW_BYTES = _ID_BYTES + DIGEST_BYTES
_BEGIN = len(_KIND) + _QUESTION_BYTES


def mint(question: str, rows: Sequence[Row]) -> str:
    """The cursor of a reply to the question (`page.question_digest`)."""
    known = b"".join(bytes.fromhex(row.run_id) + row.digest for row in rows)
    return page.authenticated(_head(question) + known, page_secret.current)


def redeem(text: str, question: str) -> Mapping[str, bytes]:
    """The digests of the rows that a cursor knows, by run and in their order.

    Raises InvalidParameterValue for anything that `mint` did not make for this question.
    """
    payload = page.opened(text, page_secret.current, "since")
    if not payload.startswith(_KIND):
        raise page.garbage("since")
    if not payload.startswith(_head(question)):
        raise InvalidParameterValue("Invalid since: it belongs to another question.")
    rows = (payload[at : at + _ROW_BYTES] for at in range(_BEGIN, len(payload), _ROW_BYTES))
    return {row[:_ID_BYTES].hex(): row[_ID_BYTES:] for row in rows}


def _head(question: str) -> bytes:
    return _KIND + bytes.fromhex(question)
