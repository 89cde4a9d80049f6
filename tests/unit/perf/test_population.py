"""What the benchmark of searches relies on: the same runs each time, and as many of each kind as it says."""

from dataclasses import dataclass
from itertools import pairwise

import pytest

from tests.perf import population
from tests.perf.population import BLOCK, Span
from tests.perf.questions import QUESTIONS, Question, answer

TWO_BLOCKS = Span("1", first=BLOCK, count=2 * BLOCK)


@pytest.mark.parametrize(
    ("question", "of_a_thousand"),
    [
        ("metric below a limit: 0.1 %", 1),
        ("metric in a range: 1 %", 10),
        ("tag: 30 %", 300),
        ("param LIKE a prefix: 5 %", 50),
        ("nothing matches", 0),
        ("nothing matches, of 30 % and 40 %", 0),
    ],
)
def test_of_each_thousand_runs_as_many_match_as_the_question_is_named_for(question: str, of_a_thousand: int) -> None:
    matches = next(each.matches for each in QUESTIONS if each.name == question)

    found = [run.number // BLOCK for run in population.traits(TWO_BLOCKS) if matches(run)]

    assert [found.count(block) for block in (1, 2)] == [of_a_thousand] * 2


def test_a_run_is_the_same_whichever_span_it_is_read_from() -> None:
    whole = list(population.traits(TWO_BLOCKS))

    part = list(population.traits(Span("7", first=BLOCK + 998, count=5)))

    assert part == whole[998:1003]
    assert list(map(population.generated, part)) == list(map(population.generated, whole[998:1003]))


def test_runs_start_one_after_the_other() -> None:
    starts = [run.start_time for run in population.traits(TWO_BLOCKS)]

    assert all(one < other for one, other in pairwise(starts))


def test_experiments_share_no_run() -> None:
    one, other = ({run.run_id for run in population.traits(span)} for span in population.spans([3, 3]))

    assert len(one | other) == 6


def test_a_run_has_15_metrics_20_params_and_10_tags_with_its_name() -> None:
    run = population.generated(next(population.traits(TWO_BLOCKS)))

    assert (len(run.metrics), len(run.params), len(run.tags) + 1) == (15, 20, 10)


@dataclass(frozen=True)
class Ask:
    page: int
    numbers: list[int]
    answered_page: int
    more: bool


@pytest.mark.parametrize(
    "ask",
    [
        Ask(page=1, numbers=[4, 3], answered_page=1, more=True),
        Ask(page=2, numbers=[2, 1], answered_page=2, more=True),
        # The last page that is full stands in for one that is not there.
        Ask(page=50, numbers=[2, 1], answered_page=2, more=True),
    ],
    ids=lambda ask: f"page {ask.page}",
)
def test_an_answer_is_the_page_asked_for_or_the_last_full_one(ask: Ask) -> None:
    runs = list(population.traits(Span("1", first=0, count=5)))

    found = answer(Question("", page=ask.page, page_size=2), runs)

    assert found.run_ids == [runs[number].run_id for number in ask.numbers]
    assert (found.page, found.more) == (ask.answered_page, ask.more)


def test_an_answer_is_in_the_order_asked_for() -> None:
    runs = list(population.traits(Span("1", first=0, count=100)))

    found = answer(Question("", falling=lambda run: run.val_loss, page_size=3), runs)

    losses = {run.run_id: run.val_loss for run in runs}
    assert [losses[run_id] for run_id in found.run_ids] == sorted(losses.values(), reverse=True)[:3]
