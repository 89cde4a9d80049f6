"""Searching the catalogue: go through one list, newest first, read its entries and match them.

The list is the narrowest that the request names: a run's, an experiment's, a flavor's, or the list of all entries. A
page ends when it is full, or after so many rows that a reply is due; then it may be short, even empty, and has a token.
"""

from collections.abc import Iterator
from heapq import merge
from itertools import islice
from typing import Any, NamedTuple

from chalicelib.access import identity
from chalicelib.catalogue import entries
from chalicelib.catalogue.schemas import SearchCatalogue
from chalicelib.search import page
from chalicelib.search.field import Kind
from chalicelib.storage import keys, page_secret, tables
from chalicelib.storage.items import CatalogueEntry, CatalogueRow, ModelEdge
from chalicelib.tracking.experiments import resources
from chalicelib.tracking.runs import resources as runs

_ROWS_AT_ONCE = 100
_MOST_ROWS = 1_000


class Page(NamedTuple):
    entries: list[CatalogueEntry]
    next_page_token: str | None


def search(request: SearchCatalogue) -> Page:
    """Return a page of entries. Raises InvalidParameterValue for a page token of another search."""
    digest = _digest(request)
    after = _after(request.page_token, digest) if request.page_token else ""
    rows = _rows(request, after)
    found: list[CatalogueEntry] = []
    last = ""
    for _ in range(_MOST_ROWS // _ROWS_AT_ONCE):
        chunk = list(islice(rows, _ROWS_AT_ONCE))
        current = list(_current(chunk))
        readable = set(resources.readable({entry.experiment_id for _, entry in current}))
        for row, entry in current:
            if matches(entry, request) and entry.experiment_id in readable:
                found.append(entry)
            last = row.sk
            if len(found) == request.max_results:
                return Page(found, page.mint(digest, (last,), page_secret.current))
        if len(chunk) < _ROWS_AT_ONCE:
            return Page(found, None)
        last = chunk[-1].sk
    return Page(found, page.mint(digest, (last,), page_secret.current))


def matches(entry: CatalogueEntry, request: SearchCatalogue) -> bool:
    """Whether an entry matches the request. The list it came from has already decided about the run."""
    versions = entry.flavors if request.flavor is None else {request.flavor: entry.flavors.get(request.flavor)}
    wanted = request.flavor_version or ""
    return (
        request.status in (None, entry.status)
        and request.experiment_id in (None, entry.experiment_id)
        and (request.flavor is None or request.flavor in entry.flavors)
        and (not wanted or any(version and version.startswith(wanted) for version in versions.values()))
    )


def _rows(request: SearchCatalogue, after: str) -> Iterator[CatalogueRow]:
    condition = CatalogueRow.sk > after if after else None
    lists = [tables.query(CatalogueRow, name, condition) for name in _lists(request)]
    return merge(*lists, key=lambda row: row.sk)


def _lists(request: SearchCatalogue) -> list[str]:
    if request.run_id is not None:
        return [keys.catalogue_run(request.run_id), *map(keys.catalogue_model, _produced_by(request.run_id))]
    if request.experiment_id is not None:
        return [keys.catalogue_experiment(request.experiment_id)]
    return [keys.CATALOGUE_ALL if request.flavor is None else keys.catalogue_flavor(request.flavor)]


def _produced_by(run_id: str) -> list[str]:
    """The logged models that a run produced, as the tracker recorded them, if the caller may read the run.

    The models may be in another experiment than the run. The run that their files name is not trusted.
    """
    if not runs.is_readable(run_id):
        return []
    outputs = ModelEdge.sk.between(keys.OUTPUT, keys.OUTPUT + keys.AFTER_ALL)
    return [edge.model_id for edge in tables.query(ModelEdge, keys.run(run_id), outputs)]


def _current(rows: list[CatalogueRow]) -> Iterator[tuple[CatalogueRow, CatalogueEntry]]:
    """Yield the rows whose entries have the same revision; the others are being added or removed."""
    found = entries.at(sorted({row.path for row in rows}))
    for row in rows:
        entry = found.get(row.path)
        if entry is not None and entry.revision == keys.catalogue_revision(row.sk):
            yield row, entry


def _after(token: str, digest: str) -> str:
    (after,) = page.redeem(token, digest, [Kind.TEXT], page_secret.current)
    return str(after)


def _digest(request: SearchCatalogue) -> str:
    asked: dict[str, Any] = request.model_dump(exclude={"max_results", "page_token"})
    caller = identity.current().name
    return page.question_digest(caller, *(str(part) for pair in sorted(asked.items()) for part in pair))
