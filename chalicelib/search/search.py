"""The entry to the search: a question in, a page out.

A filter's text becomes clauses (`grammar`), the clauses become comparisons in the vocabulary of the searched entity
(`resolve`), and these one test of a record (`match`); order_by becomes an order that distinguishes any two records
(`order`). A page is the first rows after the position in the page token (`page`). Nothing here reads or writes
anything: it works on records from any index.
"""

from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import NamedTuple

from chalicelib.errors import InvalidParameterValue
from chalicelib.search.field import Entity
from chalicelib.search.match import Comparison, Predicate, predicate
from chalicelib.search.order import Ordering, Position, Term
from chalicelib.search.page import Secret, mint, of_this_process, question_digest, redeem
from chalicelib.search.record import Record
from chalicelib.search.resolve import comparisons, completed, ordering
from chalicelib.search.vocabulary import Vocabulary


class Query(NamedTuple):
    """What was asked for.

    `scope` is any text that with filter and order_by identifies the question (experiment ids, view type): a page token
    is valid only for the question and the `principal` that it was minted for. max_results may differ from page to page.
    `secret` authenticates page tokens; without one they are valid in this process only.
    `terms` are an order that does not come as text: they replace `order_by`, and `scope` must include them.
    """

    vocabulary: Vocabulary
    filter: str = ""
    order_by: Sequence[str] = ()
    max_results: int = 1000
    page_token: str = ""
    scope: str = ""
    terms: Sequence[Term] | None = None
    principal: str = ""
    secret: Secret = of_this_process


class Page(NamedTuple):
    """`next_page_token` is None on the last page."""

    records: list[Record]
    next_page_token: str | None


class Search(NamedTuple):
    """A parsed question. Made by `parse`.

    `matches_but_for_metrics` tells of a record whose metrics are not known yet whether it can match.
    """

    comparisons: Sequence[Comparison]
    matches: Predicate
    matches_but_for_metrics: Predicate
    ordering: Ordering
    after: Position | None
    max_results: int
    digest: str
    secret: Secret

    def page(self, records: Iterable[Record]) -> Page:
        """The first rows of `records`, which may come in any order, that match and come after the page token."""
        rows = self._rows(records)
        rows.sort(key=itemgetter(0))
        shown = [record for _, record in rows[: self.max_results]]
        return Page(shown, self.token_after(shown[-1]) if len(rows) > self.max_results else None)

    def key(self, record: Record) -> tuple[object, ...]:
        """The key that puts records in the wanted order."""
        return self.ordering.key(self.ordering.position(record))

    def is_answered_by(self, record: Record) -> bool:
        """Whether a record matches and comes after the page token."""
        return self.matches(record) and self.is_after_token(record)

    def is_after_token(self, record: Record) -> bool:
        return self.after is None or self.key(record) > self.ordering.key(self.after)

    def token_after(self, record: Record) -> str:
        """The token of the page after `record`: for a page that is cut short, to stay within a reply's size."""
        return self.token_at(self.ordering.position(record))

    def token_at(self, position: Position) -> str:
        """The token of the page after a position."""
        return mint(self.digest, position, self.secret)

    def _rows(self, records: Iterable[Record]) -> list[tuple[tuple[object, ...], Record]]:
        key, position, matches = self.ordering.key, self.ordering.position, self.matches
        rows = [(key(position(record)), record) for record in records if matches(record)]
        if self.after is None:
            return rows
        start = key(self.after)
        return [row for row in rows if row[0] > start]


def parse(query: Query) -> Search:
    """Parse a query, before anything is read.

    Raises InvalidParameterValue for a wrong filter, order_by, max_results or page_token.
    """
    if not 1 <= query.max_results <= query.vocabulary.max_results:
        raise InvalidParameterValue(
            f"Invalid value {query.max_results} for parameter 'max_results' supplied. "
            f"It must be between 1 and {query.vocabulary.max_results}."
        )
    wanted = comparisons(query.vocabulary, query.filter)
    order = (
        ordering(query.vocabulary, query.order_by) if query.terms is None else completed(query.vocabulary, query.terms)
    )
    asked = (query.vocabulary.name, query.scope, query.filter, list(query.order_by), query.principal)
    digest = question_digest(*asked)
    after = redeem(query.page_token, digest, order.kinds, query.secret) if query.page_token else None
    others = [each for each in wanted if each.field.entity is not Entity.METRIC]
    return Search(wanted, predicate(wanted), predicate(others), order, after, query.max_results, digest, query.secret)


def search(records: Iterable[Record], query: Query) -> Page:
    """One page of those `records` that the query asks for. Raises InvalidParameterValue as `parse` does."""
    return parse(query).page(records)
