"""Reading columns: the runs that a search finds, and of each the values that are asked for.

With a cursor the reply says what changed since the reply that it came with. The search is the same, so this saves bytes
and the client's work, not ours.
"""

from collections.abc import Sequence
from hashlib import blake2b

from chalicelib.edge.replies import Json
from chalicelib.search.page import question_digest
from chalicelib.tracking.columns import cursors, naming, rows
from chalicelib.tracking.columns.cursors import Known
from chalicelib.tracking.columns.naming import Column
from chalicelib.tracking.columns.rows import Row
from chalicelib.tracking.columns.schemas import ReadColumns
from chalicelib.tracking.index import search
from chalicelib.tracking.index.search import FoundRuns

# Runs that are in memory together, in characters of replies: 5,000 runs of 60 metrics are 36 million.
_MOST_CHARACTERS = 50_000_000
_ETAG_BYTES = 12


def read(request: ReadColumns) -> Json:
    """Return a page of rows, or what changed in it. Raises InvalidParameterValue before it reads anything."""
    question = search.parsed(request)
    asked = question_digest(question.digest, request.page_token or "", str(request.max_results), request.columns)
    known = cursors.redeem(request.since, asked) if request.since else None
    columns = [naming.column(name) for name in request.columns]
    found = search.find(question, request, _MOST_CHARACTERS)
    shown = rows.fitting(found.runs, columns)
    told = rows.table(shown, columns) if known is None else _changes(known, shown, columns)
    # An unchanged page has its cursor already.
    cursor = {} if "unchanged" in told else {"cursor": cursors.mint(asked, shown)}
    return {**told, "etag": _etag(shown), **cursor, **_next_page(found, len(shown))}


def _changes(known: Known, shown: Sequence[Row], columns: Sequence[Column]) -> Json:
    changed = cursors.changed(known, shown)
    is_same = known.order == cursors.order(shown)
    if is_same and not changed:
        return {"unchanged": True}
    order = {} if is_same else {"run_ids": [row.run_id for row in shown]}
    return {"changed": rows.table(changed, columns), **order}


def _etag(shown: Sequence[Row]) -> str:
    return blake2b(b"".join(row.run_id.encode() + row.digest for row in shown), digest_size=_ETAG_BYTES).hexdigest()


def _next_page(found: FoundRuns, count: int) -> Json:
    cut = count < len(found.runs)
    token = found.question.token_after(found.page.records[count - 1]) if cut else found.page.next_page_token
    return {} if token is None else {"next_page_token": token}
