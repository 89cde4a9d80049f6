"""What is asked about a population, with the answer worked out from the population alone."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from tests.perf.population import Traits


def _any(_: Traits) -> bool:
    return True


@dataclass(frozen=True)
class Question:
    """A search, and what it means: `matches` and `falling`, the value that it orders by, the largest first.

    It must be `faster` times as fast as MLflow. `constant` says that it may read no more among ten times as many runs.
    """

    name: str
    filter: str = ""
    order_by: tuple[str, ...] = ()
    matches: Callable[[Traits], bool] = _any
    falling: Callable[[Traits], float] | None = None
    page_size: int = 100
    page: int = 1
    faster: float = 2.0
    constant: bool = False

    def body(self, experiment_id: str, page_token: str | None = None) -> dict[str, Any]:
        """The body of runs/search."""
        optional = {"filter": self.filter, "order_by": list(self.order_by), "page_token": page_token}
        given = {name: value for name, value in optional.items() if value}
        return {"experiment_ids": [experiment_id], "max_results": self.page_size, **given}


@dataclass(frozen=True)
class Expected:
    """The ids on the page that the question asks for, its number (fewer runs have fewer pages), whether more follow."""

    run_ids: list[str]
    page: int
    more: bool

    @property
    def size(self) -> int:
        return len(self.run_ids)


def answer(question: Question, runs: Iterable[Traits]) -> Expected:
    """The right answer, by looking at each of the runs."""
    falling = question.falling or (lambda run: 0.0)
    found = [run for run in runs if question.matches(run)]
    found.sort(key=lambda run: (-falling(run), -run.start_time, run.run_id))
    page = max(1, min(question.page, len(found) // question.page_size))
    start, end = (page - 1) * question.page_size, page * question.page_size
    return Expected([run.run_id for run in found[start:end]], page, more=len(found) > end)


def _is_low(run: Traits) -> bool:
    return run.val_loss < 0.001


QUESTIONS = [
    Question("first page", constant=True),
    Question("page 50", page=50, constant=True),
    Question(
        "order by a metric",
        order_by=("metrics.val_accuracy DESC",),
        falling=lambda run: run.val_accuracy,
        faster=50.0,
        constant=True,
    ),
    Question("metric below a limit: 0.1 %", filter="metrics.val_loss < 0.001", matches=_is_low),
    Question("the same, page of 10", filter="metrics.val_loss < 0.001", matches=_is_low, page_size=10, constant=True),
    Question(
        "metric in a range: 1 %",
        filter="metrics.val_loss >= 0.4 AND metrics.val_loss < 0.41",
        matches=lambda run: 0.4 <= run.val_loss < 0.41,
    ),
    Question(
        "param, metric range and order: 2 %",
        filter="params.optimizer = 'adamw' AND metrics.val_loss > 0.2 AND metrics.val_loss < 0.4",
        order_by=("metrics.val_accuracy DESC",),
        matches=lambda run: run.optimizer == "adamw" and 0.2 < run.val_loss < 0.4,
        falling=lambda run: run.val_accuracy,
    ),
    Question("tag: 30 %", filter="tags.team = 'vision'", matches=lambda run: run.team == "vision"),
    Question(
        "tag: 30 %, page of 1,000",
        filter="tags.team = 'vision'",
        matches=lambda run: run.team == "vision",
        page_size=1_000,
    ),
    Question(
        "param LIKE a prefix: 5 %",
        filter="params.model_name LIKE 'resnet%'",
        matches=lambda run: run.model_name.startswith("resnet"),
    ),
    Question("nothing matches", filter="metrics.val_loss > 2", matches=lambda run: run.val_loss > 2),
    Question(
        # A run's dataset is its team's.
        "nothing matches, of 30 % and 40 %",
        filter="params.dataset LIKE 's3://datasets/vision/%' AND tags.team = 'language'",
        matches=lambda run: run.team == "vision" and run.team == "language",
        # The worst that can be asked, of which both sides have to read all: shown, and without a limit.
        faster=0.0,
    ),
]
