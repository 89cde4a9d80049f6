import time
from collections import Counter

import pytest

from chalicelib.errors import InvalidParameterValue
from chalicelib.search.hunt import Limits, hunt
from chalicelib.search.plan import ROWS_PER_RUN
from chalicelib.search.record import Record
from chalicelib.search.search import Query, parse
from chalicelib.storage.parallel import Deadline
from chalicelib.tracking.experiments.lifecycle import FOLLOWS
from chalicelib.tracking.index.index_rows import rows_of
from chalicelib.tracking.index.vocabulary import RUNS
from tests.unit.search.fake_index import FakeIndex, FakeTable
from tests.unit.search.index_oracle import BRANCHES, CASES, SOURCES, check_cases, page_of

SEEDS = range(10)


@pytest.fixture(scope="module")
def met() -> Counter[str]:
    """How often each way of searching was taken."""
    return Counter()


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_the_index_answers_as_brute_force_does(seed: int, met: Counter[str]) -> None:
    check_cases(seed, CASES // len(SEEDS), met)


@pytest.mark.slow
def test_the_random_searches_take_every_way_there_is(met: Counter[str]) -> None:
    assert [name for name in [*SOURCES, *BRANCHES] if met[name] == 0] == []


@pytest.mark.slow
def test_once_all_runs_that_may_match_were_looked_at_nothing_more_is_read() -> None:
    # The first comparison leaves 100 runs over; the second refuses them all, and has 7,900 rows of its own.
    numbers = [(number, float(number % 80)) for number in range(8000)]
    records = [run(number, few=few, many=0.0 if few == 3.0 else 1.0) for number, few in numbers]

    index, found = hunted(records, Query(RUNS, "metrics.few = 3 AND metrics.many > 0.5", ["metrics.other"]))

    assert found == []
    assert index.runs_read == 100
    assert index.rows_read <= 100 + ROWS_PER_RUN * 100


@pytest.mark.slow
def test_runs_that_would_all_be_looked_at_are_worth_the_rows_that_rule_them_out() -> None:
    numbers = [(number, float(number % 8)) for number in range(8000)]
    records = [run(number, few=few, many=0.0 if few == 3.0 else 1.0) for number, few in numbers]

    index, found = hunted(records, Query(RUNS, "metrics.few = 3 AND metrics.many > 0.5", ["metrics.other"], 10))

    assert found == []
    assert index.runs_read <= 100
    assert index.rows_read <= 8000 + 2


@pytest.mark.parametrize("order_by", [[], ["metrics.other"]])
def test_known_rows_that_exclude_each_other_read_no_run(order_by: list[str]) -> None:
    records = [run(number, few=float(number % 8), many=0.0 if number % 8 == 3 else 1.0) for number in range(800)]
    index = index_of(records)
    index.is_known = True

    page = page_of(index, Query(RUNS, "metrics.few = 3 AND metrics.many > 0.5", order_by))

    assert page.records == []
    assert index.runs_read == 0


def test_a_pattern_on_the_field_of_the_order_is_told_by_its_rows() -> None:
    records = [run(number, text=f"text {number:04d}") for number in range(5000)]

    index, found = hunted(records, Query(RUNS, "params.text LIKE '%99'", ["params.text"], 10))

    assert found == [f"{number:032x}" for number in range(99, 1000, 100)]
    assert index.runs_read == 10


def test_what_nothing_matches_reads_no_run() -> None:
    records = [run(number, m=float(number)) for number in range(5000)]

    index, found = hunted(records, Query(RUNS, "metrics.m > 5000", ["metrics.other"]))

    assert found == []
    assert (index.runs_read, index.rows_read) == (0, 0)


def test_a_search_without_time_to_answer_says_so() -> None:
    # All of the runs that the filter leaves over have to be looked at before the first is known.
    records = [run(number, few=float(number % 10)) for number in range(100)]
    question = parse(Query(RUNS, "metrics.few = 3", ["metrics.other"]))

    with pytest.raises(InvalidParameterValue, match="narrow the filter"):
        hunt(question, index_of(records), (), Limits(100, 1 << 62, Deadline(time.monotonic() - 60)))


def run(number: int, text: str | None = None, **metrics: float) -> Record:
    run_id = f"{number:032x}"
    attributes = {"run_id": run_id, "start_time": -number, "status": "FINISHED"}
    return Record(run_id, attributes, metrics, {} if text is None else {"text": text})


def index_of(records: list[Record]) -> FakeIndex:
    table = FakeTable(key for record in records for key in rows_of(record, "0", FOLLOWS))
    return FakeIndex(table, [("0", FOLLOWS)], {record.id: record for record in records})


def hunted(records: list[Record], asked: Query) -> tuple[FakeIndex, list[str]]:
    """What was read for a page, and the ids on it."""
    index = index_of(records)
    return index, [record.id for record in page_of(index, asked).records]
