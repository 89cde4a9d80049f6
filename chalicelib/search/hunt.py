"""A search through the index: the first runs that match, in order, with as little reading as `plan` can arrange.

Rows only say where to look. Each run is read and must still hold what its row says, match the filter and come after
the page token. So a row that outlived its value does no harm, and a poor plan costs units but loses no answer.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from chalicelib.search import codes, plan
from chalicelib.search.field import reader
from chalicelib.search.order import Position
from chalicelib.search.record import Record
from chalicelib.search.rows import Index
from chalicelib.search.search import Search
from chalicelib.search.sources import Sources
from chalicelib.search.walk import Candidate, Held
from chalicelib.storage.parallel import Deadline

# Rows of the first page of a walk: one page of runs and one more, which shows whether there is another.
_MOST_AT_ONCE = 1001


class Limits(NamedTuple):
    """How much is wanted: this many runs, of about `size` bytes together, until the deadline."""

    runs: int
    size: int
    deadline: Deadline


class Found(NamedTuple):
    """Runs in order. `more` says that others may follow; `plan` says what was read.

    `cut` is set if time was up: the position up to which no run is left out.
    """

    records: list[Record]
    more: bool
    cut: Position | None
    plan: str


def hunt(question: Search, index: Index, passed_over: Iterable[str], limits: Limits) -> Found:
    """The first runs of the index that answer the question, without those `passed_over`.

    Raises InvalidParameterValue if there is more to read than one request has time for.
    """
    return _Hunt(question, index, frozenset(passed_over), limits).run()


class _Hunt:
    def __init__(self, question: Search, index: Index, passed_over: frozenset[str], limits: Limits) -> None:
        self._question, self._index, self._limits = question, index, limits
        self._sources = Sources(
            question, index, passed_over, at_once=min(limits.runs + 1, _MOST_AT_ONCE), deadline=limits.deadline
        )
        self._hits: dict[str, Record] = {}
        self._looked_at = self._size = 0
        # What was looked at and matched before the plan last changed.
        self._before = (0, 0)
        self._position: Position | None = None

    def run(self) -> Found:
        # Those of known rows.
        self._sources.start_over()
        while not (self._is_full() or self._sources.are_exhausted):
            if self._limits.deadline.is_over() and self._may_stop():
                return self._found(more=True, cut=self._position)
            self._go_on()
        more = len(self._hits) > self._limits.runs or self._sources.has_more()
        return self._found(more, cut=None)

    def _go_on(self) -> None:
        step = plan.next_step(self._progress())
        if isinstance(step, plan.Walk):
            self._look_at(*self._sources.take(step.runs))
        elif self._sources.read_rows(step):
            if self._sources.start_over():
                # All runs that may match are known and few: those found on the way are among them.
                self._hits, self._size = {}, 0
            self._before = self._looked_at, len(self._hits)

    def _progress(self) -> plan.Progress:
        sources, looked_at, matched = self._sources, self._looked_at, len(self._hits)
        return plan.Progress(
            self._limits.runs,
            looked_at,
            matched,
            sources.rows_read(),
            left_over=sources.left_over,
            lately=(looked_at - self._before[0], matched - self._before[1]),
            at_once=sources.at_once,
            partitions=self._index.partitions,
        )

    def _look_at(self, candidates: Sequence[Candidate], in_order: bool) -> None:
        records = self._index.records(dict.fromkeys(each.row.run_id for each in candidates))
        self._looked_at += len(candidates)
        there = [
            record
            for each in candidates
            if (record := records.get(each.row.run_id)) is not None and _holds(record, each.held)
        ]
        if not in_order:
            there.sort(key=self._question.key)
        if there and self._question.is_after_token(there[-1]):
            self._position = self._question.ordering.position(there[-1])
        for record in there:
            if self._question.is_answered_by(record):
                self._hits[record.id] = record
                self._size += record.size

    def _is_full(self) -> bool:
        return len(self._hits) >= self._limits.runs or self._size >= self._limits.size

    def _may_stop(self) -> bool:
        """Whether the next page could go on from here."""
        if self._position is not None and self._sources.are_in_order:
            return True
        self._limits.deadline.check()
        return False

    def _found(self, more: bool, cut: Position | None) -> Found:
        read = f"{self._looked_at} runs looked at, {len(self._hits)} matched"
        return Found(list(self._hits.values())[: self._limits.runs], more, cut, f"{self._sources.story()}; {read}")


def _holds(record: Record, held: Held) -> bool:
    """Whether the run still has what its index rows say."""
    for field, code in held:
        value = reader(field)(record)
        if (None if value is None else codes.code(field.kind, value)) != code:
            return False
    return True
