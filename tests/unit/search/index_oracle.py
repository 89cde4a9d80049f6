"""The index beside brute force: the same random questions of the same random runs, page by page, id by id."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

import pytest

from chalicelib.errors import InvalidParameterValue
from chalicelib.search import codes, hunt, plan, sources, walk
from chalicelib.search.field import Kind
from chalicelib.search.hunt import Found, Limits
from chalicelib.search.record import Record
from chalicelib.search.rows import Row
from chalicelib.search.search import Page, Query, Search, parse, search
from chalicelib.storage.parallel import Deadline
from tests.sampling import times
from tests.unit.search.any_search import Language, any_filter, any_order
from tests.unit.search.any_world import VIEWS, World, any_world
from tests.unit.search.fake_index import FakeIndex

CASES = times(1000, nightly=20_000)
MOST_RUNS = 300
_QUESTIONS_PER_WORLD = 40
# A few pages of each answer; others begin in its middle.
_MOST_PAGES = 8
_NO_END = 1 << 62
_MOST_RESULTS = 50_000


SOURCES = ["nothing", "listing", "rows of", "rows left over", "all of them"]
BRANCHES = ["large group", "missing tail", "NaN tail", "backward restart", "cut", "stale row", "open run passed over"]

# With these a world of 300 runs meets what takes thousands otherwise.
_SMALL: list[tuple[Any, str, int]] = [
    (walk, "MOST_IN_GROUP", 3),
    (walk, "_REVERSED", 2),
    (plan, "_IN_ADVANCE", 1),
    (plan, "_FIRST_ROWS", 4),
    (plan, "_FURTHER_ROWS", 16),
    (plan, "FEW", 12),
    (sources, "_MOST_PASSED_OVER", 9),
    (codes, "MOST_CHARACTERS", 3),
]


def check_cases(seed: int, cases: int, met: Counter[str] | None = None) -> None:
    """Ask so many random questions, half of them with small numbers in the plan; fails at the first difference."""
    met = Counter() if met is None else met
    for number in range(0, cases, _QUESTIONS_PER_WORLD):
        with pytest.MonkeyPatch.context() as patch:
            _watch(patch, met)
            rng = Random(f"{seed} {number}")
            if number // _QUESTIONS_PER_WORLD % 2:
                _make_small(patch, rng)
            _check_world(any_world(rng, MOST_RUNS), rng, min(_QUESTIONS_PER_WORLD, cases - number), met)


def _check_pages(
    index: FakeIndex, asked: Query, expected: Sequence[Record], open_ids: frozenset[str], rng: Random
) -> None:
    """The pages of one question, each compared with what comes next of all that is expected."""
    rest, token = list(expected), ""
    size, hurried = rng.choice([_NO_END, _NO_END, _NO_END, 150]), rng.random() < 0.15
    for _ in range(_MOST_PAGES):
        question = parse(asked._replace(page_token=token))
        deadline = time.monotonic() + (-1 if hurried else 1000)
        found = hunt.hunt(question, index, open_ids, Limits(question.max_results, size, Deadline(deadline)))
        ids = [record.id for record in found.records]
        assert ids == [record.id for record in rest[: len(ids)]], (asked, token, found.plan)
        rest = rest[len(ids) :]
        if not found.more:
            assert rest == [], (asked, token, found.plan)
            return
        if found.cut is None:
            assert len(ids) == asked.max_results or size < _NO_END, "a short page that is not the last"
        token = _token(question, found)


def page_of(index: FakeIndex, asked: Query) -> Page:
    """A page of the index alone."""
    question = parse(asked)
    found = hunt.hunt(question, index, (), Limits(question.max_results, _NO_END, Deadline(time.monotonic() + 1000)))
    return Page(found.records, question.token_after(found.records[-1]) if found.more else None)


def any_question(language: Language, rng: Random) -> Query:
    """One that is understood."""
    while True:
        text, order_by = any_filter(language, (), rng), any_order(language, (), rng)
        asked = Query(language.vocabulary, text, order_by, rng.choice([1, 2, 7, 30, 100, 1000]))
        try:
            parse(asked)
        except InvalidParameterValue:
            # A field stands twice in the order.
            continue
        return asked


def _check_world(world: World, rng: Random, cases: int, met: Counter[str]) -> None:
    table, language, open_ids = world.table(), world.language(), frozenset(each.id for each in world.open)
    for _ in range(cases):
        wanted, asked = rng.choice(VIEWS), any_question(language, rng)
        visible, index = world.visible(wanted), world.index(table, wanted)
        index.is_known = rng.random() < 0.3
        _check_pages(index, asked, search(visible, asked._replace(max_results=_MOST_RESULTS)).records, open_ids, rng)
        if rng.random() < 0.5 and (world.sealed or world.open):
            last = rng.choice([*world.sealed, *world.open])
            behind = asked._replace(page_token=parse(asked).token_after(last))
            _check_page(index, behind, search(visible, behind), open_ids)
        met.update(_branches(index))


def _check_page(index: FakeIndex, asked: Query, expected: Page, open_ids: frozenset[str]) -> None:
    """One page behind any run, whether it is among those that answer or not."""
    limits = Limits(asked.max_results, _NO_END, Deadline(time.monotonic() + 1000))

    found = hunt.hunt(parse(asked), index, open_ids, limits)

    assert [record.id for record in found.records] == [record.id for record in expected.records], (asked, found.plan)
    assert found.more or expected.next_page_token is None, (asked, found.plan)


def _token(question: Search, found: Found) -> str:
    if found.cut is None:
        return question.token_after(found.records[-1])
    start = question.after
    assert start is None or question.ordering.key(found.cut) > question.ordering.key(start), "a page without progress"
    return question.token_at(found.cut)


def _make_small(patch: pytest.MonkeyPatch, rng: Random) -> None:
    for module, name, number in _SMALL:
        if rng.random() < 0.8:
            patch.setattr(module, name, number)


def _watch(patch: pytest.MonkeyPatch, met: Counter[str]) -> None:
    """Count what the walk and the hunt do; nothing is changed."""
    inner, run = walk._Level.inner, hunt._Hunt.run
    is_wanted, holds = sources.Sources._is_wanted, hunt._holds

    def watched_inner(level: walk._Level, code: str | None, admits: walk.Admits) -> walk._Level:
        met["missing tail" if code is None else "large group"] += 1
        return inner(level, code, admits)

    def watched_run(each: hunt._Hunt) -> Found:
        found = run(each)
        story = found.plan.partition(";")[0]
        met[next(name for name in SOURCES if story.startswith(name))] += 1
        met["cut"] += found.cut is not None
        return found

    def watched_is_wanted(each: sources.Sources, row: Row) -> bool:
        met["open run passed over"] += row.run_id in each._passed_over
        return is_wanted(each, row)

    def watched_holds(record: Record, held: walk.Held) -> bool:
        answer = holds(record, held)
        met["stale row"] += not answer
        return answer

    patch.setattr(walk._Level, "inner", watched_inner)
    patch.setattr(hunt._Hunt, "run", watched_run)
    patch.setattr(sources.Sources, "_is_wanted", watched_is_wanted)
    patch.setattr(hunt, "_holds", watched_holds)


def _branches(index: FakeIndex) -> Iterator[str]:
    """What the rows that were asked for tell."""
    if any(field.kind is Kind.FLOAT and interval.low.startswith(codes.NAN) for field, interval, _ in index.asked):
        yield "NaN tail"
    for before, after in zip(index.asked, index.asked[1:], strict=False):
        if before[0] == after[0] and not before[2] and after[2] and not after[1].low.startswith(codes.NAN):
            yield "backward restart"
