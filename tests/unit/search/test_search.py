import math
from collections.abc import Iterable, Sequence
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.errors import InvalidParameterValue
from chalicelib.search.record import Record
from chalicelib.search.search import Query, parse, search
from chalicelib.search.vocabulary import Vocabulary
from chalicelib.tracking.experiments.vocabulary import EXPERIMENTS
from chalicelib.tracking.index.vocabulary import RUNS
from tests.sampling import examples

VALUES = [None, math.nan, 1.0, 1.0, -0.0, 0.0, math.inf, -math.inf]
BY_METRIC = Query(RUNS, order_by=["metrics.m DESC"], max_results=3)


def run(number: int, value: float | None) -> Record:
    metrics = {} if value is None else {"m": value}
    return Record(f"{number:03}", {"run_id": f"{number:03}", "start_time": number // 3}, metrics)


def runs(values: Iterable[float | None]) -> list[Record]:
    return [run(number, value) for number, value in enumerate(values)]


def all_ids(records: Sequence[Record], query: Query) -> list[str]:
    page = search(records, query)
    ids = [record.id for record in page.records]
    while page.next_page_token is not None:
        page = search(records, query._replace(page_token=page.next_page_token))
        ids += [record.id for record in page.records]
        assert len(ids) <= len(records), "a page gave rows again"
    return ids


@pytest.mark.parametrize("size", [1, 2, 3, 7, 24, 25])
@pytest.mark.parametrize("direction", ["ASC", "DESC"])
def test_pages_put_together_are_the_whole(size: int, direction: str) -> None:
    records = runs(VALUES * 3)
    query = Query(RUNS, order_by=[f"metrics.m {direction}"], max_results=size)

    whole = [record.id for record in search(records, query._replace(max_results=1000)).records]

    assert len(whole) == 24
    assert all_ids(records, query) == whole


def test_the_last_page_has_no_token() -> None:
    assert search(runs([1.0] * 3), BY_METRIC).next_page_token is None
    assert search([], BY_METRIC).next_page_token is None
    assert search(runs([1.0] * 4), BY_METRIC).next_page_token is not None


def test_what_comes_and_goes_between_pages_shifts_nothing() -> None:
    records = runs([5.0, 4.0, 3.0, 2.0, 1.0])
    first = search(records, BY_METRIC)

    changed = [record for record in records if record.id != "002"] + [run(10, 9.0), run(11, 1.5)]
    second = search(changed, BY_METRIC._replace(page_token=first.next_page_token or ""))

    assert [record.id for record in first.records] == ["000", "001", "002"]
    assert [record.id for record in second.records] == ["003", "011", "004"]


def test_the_page_size_may_change_between_pages() -> None:
    records = runs([4.0, 3.0, 2.0, 1.0])
    token = search(records, BY_METRIC._replace(max_results=1)).next_page_token or ""

    page = search(records, BY_METRIC._replace(page_token=token, max_results=10))

    assert [record.id for record in page.records] == ["001", "002", "003"]


def test_a_page_that_is_cut_short_continues_behind_its_last_row() -> None:
    records = runs([4.0, 3.0, 2.0, 1.0])
    token = parse(BY_METRIC).token_after(records[1])

    page = search(records, BY_METRIC._replace(page_token=token))

    assert [record.id for record in page.records] == ["002", "003"]


OTHER_QUESTIONS = [
    BY_METRIC._replace(filter="metrics.m > 0"),
    BY_METRIC._replace(order_by=["metrics.m"]),
    BY_METRIC._replace(order_by=["metrics.n DESC"]),
    BY_METRIC._replace(scope="1"),
    BY_METRIC._replace(principal="ada"),
    BY_METRIC._replace(vocabulary=EXPERIMENTS, order_by=[]),
]


@pytest.mark.parametrize("other", OTHER_QUESTIONS)
def test_a_token_is_good_for_its_own_question_only(other: Query) -> None:
    token = search(runs([1.0] * 4), BY_METRIC).next_page_token or ""

    with pytest.raises(InvalidParameterValue, match="another search"):
        parse(other._replace(page_token=token))


def test_the_secret_is_asked_for_only_where_a_token_is() -> None:
    asked = []

    def secret() -> bytes:
        asked.append("secret")
        return b"s" * 32

    query = BY_METRIC._replace(secret=secret)

    assert search(runs([1.0] * 3), query).next_page_token is None
    assert asked == []
    token = search(runs([1.0] * 4), query).next_page_token or ""
    assert asked == ["secret"]
    assert search(runs([1.0] * 4), query._replace(page_token=token)).records
    assert asked == ["secret"] * 2


@pytest.mark.parametrize("size", [0, -1, 50_001, 2**70])
@pytest.mark.parametrize("vocabulary", [RUNS, EXPERIMENTS])
def test_a_wrong_page_size_is_refused(vocabulary: Vocabulary, size: int) -> None:
    with pytest.raises(InvalidParameterValue, match="max_results"):
        parse(Query(vocabulary, max_results=size))


def test_a_fault_is_shown_at_its_place() -> None:
    with pytest.raises(InvalidParameterValue) as caught:
        parse(Query(RUNS, filter="metrics.m > 1 AND tags.t = 9"))

    assert caught.value.message.splitlines() == [
        "Invalid filter: expected a text in quotes.",
        "    metrics.m > 1 AND tags.t = 9",
        "                               ^",
    ]


def test_only_the_neighbourhood_of_a_fault_is_shown() -> None:
    with pytest.raises(InvalidParameterValue) as caught:
        parse(Query(RUNS, filter="params.p = 'x' AND\n" * 1000 + "@" + " " * 1000))

    _, excerpt, caret = caught.value.message.splitlines()
    assert len(excerpt) < 100
    assert excerpt[caret.index("^")] == "@"


HUGE = [
    "(" * 100_000,
    "run_id IN (" * 9000,
    "metrics." * 12_000,
    "'" * 99_999,
    "\\'" * 50_000,
    "`" * 99_999,
    "a" * 100_001,
    "foo." + "a" * 90_000 + " = 1",
    "a" * 90_000 + " = 1",
    "metrics.m = " + "9" * 90_000 + "x",
    "start_time = " + "9" * 90_000,
    "NOT " * 25_000,
    "metrics.m = 1 AND " * 999 + "OR",
    "metrics.m = 1 AND " * 1001,
]


@pytest.mark.parametrize("text", HUGE)
def test_a_huge_wrong_filter_is_refused(text: str) -> None:
    with pytest.raises(InvalidParameterValue, match="Invalid filter") as caught:
        parse(Query(RUNS, filter=text))

    assert len(caught.value.message) < 500


def test_a_thousand_clauses_are_taken() -> None:
    query = Query(RUNS, filter="metrics.m = 1 AND " * 1000)

    assert [record.id for record in search(runs([1.0, 2.0]), query).records] == ["000"]


def test_a_long_right_filter_is_taken() -> None:
    text = f"run_id IN ({', '.join(repr(f'{number:032x}') for number in range(2500))})"

    assert len(text) > 90_000
    assert [record.id for record in search([run(1, None)], Query(RUNS, filter=text)).records] == []
    assert search([Record("0" * 32, {"run_id": "0" * 32})], Query(RUNS, filter=text)).records


def test_too_many_or_too_long_order_entries_are_refused() -> None:
    for order_by in ([f"metrics.m{number}" for number in range(65)], ["metrics." + "m" * 100_000]):
        with pytest.raises(InvalidParameterValue, match="Invalid order_by"):
            parse(Query(RUNS, order_by=order_by))


WORDS = """metrics.m tags.`a` run_id start_time AND = LIKE IN NOT IS NULL 'x' "y" 1 - . ( ) , \\ ' ` DESC"""
words = st.sampled_from(WORDS.split())
soup = st.lists(words | st.text(st.characters(codec=None), max_size=3), max_size=8).map(" ".join)


@given(text=soup, vocabulary=st.sampled_from([RUNS, EXPERIMENTS]))
@settings(deadline=None, max_examples=examples(200))
def test_any_text_is_understood_or_refused(text: str, vocabulary: Vocabulary) -> None:
    for query in (
        Query(vocabulary, filter=text),
        Query(vocabulary, order_by=[text]),
        Query(vocabulary, page_token=text),
    ):
        with suppress(InvalidParameterValue):
            assert search([], query).next_page_token is None
