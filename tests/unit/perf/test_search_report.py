"""When the benchmark of searches says that a limit is not kept."""

import pytest

from tests.perf import search_report
from tests.perf.asking import Timing
from tests.perf.questions import Question


def timing(milliseconds: float = 10.0, units: float = 100.0, constant: bool = True, faster: float = 2.0) -> Timing:
    question = Question("a search", constant=constant, faster=faster)
    return Timing(question, page=1, milliseconds=[milliseconds] * 3, units=[units] * 3, trips=[4.0] * 3)


@pytest.mark.parametrize(
    ("small", "large", "constant", "kept"),
    [(100, 120, True, True), (100, 121, True, False), (121, 100, True, False), (100, 900, False, True)],
)
def test_read_units_may_differ_by_a_fifth(small: float, large: float, constant: bool, kept: bool) -> None:
    sizes = {10_000: [timing(units=small, constant=constant)], 100_000: [timing(units=large, constant=constant)]}

    faults = list(search_report.too_much_growth(sizes))

    assert (faults == []) is kept


def test_small_experiments_say_nothing_about_growth() -> None:
    sizes = {1_000: [timing(units=1)], 10_000: [timing(units=100)]}

    assert list(search_report.too_much_growth(sizes)) == []


@pytest.mark.parametrize(
    ("theirs", "ours", "faster", "kept"), [(20, 10, 2, True), (19, 10, 2, False), (499, 10, 50, False)]
)
def test_a_search_has_to_be_so_many_times_as_fast(theirs: float, ours: float, faster: float, kept: bool) -> None:
    pair = (timing(theirs, faster=faster), timing(ours, faster=faster))

    assert (list(search_report.too_slow([pair])) == []) is kept


def test_one_slow_call_is_too_long_beside_open_runs() -> None:
    slow = timing()
    slow.milliseconds.append(3_001.0)

    assert list(search_report.too_long([timing(), slow])) == ["a search: 3001 ms beside open runs"]


def test_the_tables_have_a_line_for_each_question_and_a_column_for_each_size() -> None:
    lines = list(search_report.growth_table({1_000: [timing()], 10_000: [timing(units=101)]}))

    assert lines[0] == "| search | 1,000 runs | 10,000 runs |"
    assert lines[2] == "| a search | 10 / 10 ms, 100 units, 4 trips | 10 / 10 ms, 101 units, 4 trips |"
    assert list(search_report.rival_table([(timing(20), timing(10))]))[2:] == ["| a search | 20 | 10.0 | 2.0 | 2 |"]
    assert list(search_report.open_table([timing()]))[2:] == ["| a search | 10 | 10 | 100 | 4 |"]
