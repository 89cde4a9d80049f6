from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.search import plan
from chalicelib.search.plan import ROWS_PER_RUN, Enumerate, Progress, Walk, next_step


def progress(wanted: int = 100, looked_at: int = 0, matched: int = 0, rows: Sequence[int | None] = ()) -> Progress:
    return Progress(wanted, looked_at, matched, rows, lately=(looked_at, matched))


def test_without_comparisons_the_walk_takes_one_page() -> None:
    assert next_step(progress(wanted=100)) == Walk(100)


def test_first_rows_are_read_before_any_run() -> None:
    assert next_step(progress(rows=[0, 0])) == Enumerate(0, 128)
    assert next_step(progress(rows=[128, 0])) == Enumerate(1, 128)


def test_the_comparison_with_the_fewest_rows_read_comes_first() -> None:
    step = next_step(progress(looked_at=1000, rows=[1152, 128, 2176]))

    assert step == Enumerate(1, 1024)


def test_rows_are_worth_no_more_than_the_runs_that_a_walk_looked_at_in_vain() -> None:
    assert isinstance(next_step(progress(looked_at=100, matched=99, rows=[1152])), Walk)
    assert isinstance(next_step(progress(looked_at=100, matched=1, rows=[1152])), Enumerate)


def test_rows_are_worth_no_more_than_the_runs_left_over() -> None:
    few_left = Progress(100, 1000, 0, [None, 1152], left_over=3)

    assert isinstance(next_step(few_left), Walk)


def test_a_walk_takes_as_many_as_the_rate_so_far_promises() -> None:
    assert next_step(progress(wanted=100, looked_at=100, matched=50)) == Walk(100)
    assert next_step(progress(wanted=10, looked_at=10, matched=9)) == Walk(10)
    assert next_step(progress(wanted=100, looked_at=1000, matched=1)) == Walk(500)


def test_the_rate_of_a_former_plan_says_nothing_of_this_one() -> None:
    assert next_step(Progress(100, 1000, 20, [None], left_over=5000, lately=(0, 0))) == Walk(80)


def test_runs_that_are_all_looked_at_next_are_worth_the_rows_that_may_rule_them_out() -> None:
    rows = ROWS_PER_RUN * 500

    assert isinstance(next_step(Progress(100, 0, 0, [None, rows - 1024], left_over=500, at_once=500)), Enumerate)
    assert isinstance(next_step(Progress(100, 0, 0, [None, rows - 1023], left_over=500, at_once=500)), Walk)


@given(
    st.integers(1, 50_000),
    st.integers(0, 10_000),
    st.integers(0, 10_000),
    st.lists(st.none() | st.integers(0, 50_000), max_size=4),
    st.none() | st.integers(0, 50_000),
)
def test_each_step_reads_something_that_is_left(
    wanted: int, looked_at: int, matched: int, rows: list[int | None], left_over: int | None
) -> None:
    matched = min(matched, looked_at, wanted - 1)

    step = next_step(Progress(wanted, looked_at, matched, rows, left_over))

    if isinstance(step, Walk):
        assert 10 <= step.runs <= 500
    else:
        assert rows[step.number] is not None
        assert step.rows > 0


@dataclass
class Simulated:
    """A search among `runs` of which each `every`th matches, with comparisons that leave over so many rows."""

    runs: int
    every: int
    row_counts: list[int]
    wanted: int
    looked_at: int = 0
    rows_read: int = 0

    def cost(self) -> float:
        """What it costs, in runs, to fill the page or to know that there is no more."""
        matched, read = 0, [0] * len(self.row_counts)
        open_ = [True] * len(self.row_counts)
        while matched < self.wanted and self.looked_at < self.runs:
            rows = [each if unfinished else None for each, unfinished in zip(read, open_, strict=True)]
            lately = (self.looked_at, matched)
            step = next_step(Progress(self.wanted, self.looked_at, matched, rows, lately=lately))
            if isinstance(step, Walk):
                self.looked_at = min(self.runs, self.looked_at + step.runs)
                matched = self.looked_at // self.every
                continue
            taken = min(step.rows, self.row_counts[step.number] - read[step.number])
            read[step.number] += taken
            self.rows_read += taken
            if taken < step.rows:
                # Known: at the worst all of them are looked at.
                self.looked_at += min(self.row_counts[step.number], self.wanted * self.every)
                break
        return self.looked_at + self.rows_read / ROWS_PER_RUN

    def walk_alone(self) -> float:
        return min(self.runs, self.wanted * self.every)

    def enumeration_alone(self) -> float:
        """Reading all the rows of the best comparison, and the runs that they leave over."""
        return min(
            (each / ROWS_PER_RUN + min(each, self.wanted * self.every) for each in self.row_counts), default=1e12
        )


@given(
    st.integers(1, 200_000),
    st.integers(1, 100_000),
    st.lists(st.integers(0, 200_000), max_size=3),
    st.sampled_from([1, 10, 100, 1000]),
)
def test_neither_way_costs_much_more_than_the_better_one(
    runs: int, every: int, row_counts: list[int], wanted: int
) -> None:
    # A comparison leaves over all runs that match at least.
    row_counts = [min(runs, max(each, runs // every)) for each in row_counts]
    simulated = Simulated(runs, every, row_counts, wanted)

    cost = simulated.cost()

    # The rows are shared among the comparisons, of which one is the best; and steps are not small.
    best = min(simulated.walk_alone(), simulated.enumeration_alone())
    constant = plan._IN_ADVANCE + 500 + (len(row_counts) + 1) * 1024 / ROWS_PER_RUN
    assert cost <= (2 + len(row_counts)) * best + constant


@pytest.mark.parametrize("runs", [10_000, 100_000])
def test_a_selective_comparison_costs_the_same_at_any_size(runs: int) -> None:
    assert Simulated(runs, runs // 100, [100, runs], wanted=100).cost() <= 150
