"""The loop of a sweep, with trials that are played."""

import threading
from collections.abc import Sequence
from typing import Any

import pytest

from cumulog._sweeps.choosing import method
from cumulog._sweeps.declared import Objective, Stopping, Sweep
from cumulog._sweeps.space import Range
from cumulog._sweeps.stopping import Curve
from cumulog._sweeps.sweeping import Summary, Sweeping
from cumulog._sweeps.trials import Attempt, Trial

SPACE = (Range("n", 0, 19, is_whole=True),)
GRID = Sweep(SPACE, "grid", objective=Objective("loss"))


class Book:
    """A ledger that holds its runs itself."""

    def __init__(self) -> None:
        self.runs: list[Attempt] = []
        self.marked: list[str] = []
        self.killed: list[str] = []

    def attempts(self, objective: Objective | None) -> list[Attempt]:
        return list(self.runs)

    def value(self, run_id: str, objective: Objective | None) -> float | None:
        return float(run_id.split("-")[0])

    def curves(self, run_ids: Sequence[str], objective: Objective) -> dict[str, Curve]:
        return {each: [(10, float(each.split("-")[0]))] for each in run_ids}

    def kill(self, run_id: str) -> None:
        self.killed.append(run_id)
        self.runs = [each._replace(status="KILLED") if each.run_id == run_id else each for each in self.runs]

    def mark(self, run_id: str, why: str) -> None:
        self.marked.append(run_id)


class Played:
    """A trial that ends when it's let, or stopped."""

    def __init__(self, book: Book, trial: Trial, status: str = "FINISHED") -> None:
        self.run_id = f"{trial.number}-{trial.attempt}"
        self.trial = trial
        self._status = status
        self._book = book
        self.let = threading.Event()

    def ended(self) -> str:
        assert self.let.wait(20)
        self._book.runs.append(Attempt(self.trial, self.run_id, self._status, float(self.trial.number)))
        return self._status

    def stop(self) -> None:
        self._status = "KILLED"
        self.let.set()


def swept(book: Any, start: Any, sweep: Sweep = GRID, jobs: int = 4) -> Summary:
    said: list[str] = []
    summary = Sweeping(sweep, method(sweep), book, start, said.append).run(jobs, lambda: None)
    assert len(said) <= 20
    return summary


def at_once(book: Book, status: str = "FINISHED") -> Any:
    def start(trial: Trial) -> Played:
        played = Played(book, trial, status)
        played.let.set()
        return played

    return start


def test_each_trial_runs_once() -> None:
    book = Book()

    summary = swept(book, at_once(book))

    assert sorted(each.trial.number for each in book.runs) == list(range(20)) == sorted(summary.over)
    assert not summary.why


def test_a_sweep_that_is_continued_runs_only_what_has_no_result() -> None:
    book = Book()
    done = [Attempt(Trial(number, {"n": str(number)}), f"{number}-1", "FINISHED", 0.5) for number in range(15)]
    broken = [Attempt(Trial(number, {"n": "7"}), f"{number}-1", "KILLED") for number in (15, 16)]
    stopped = Attempt(Trial(17, {"n": "17"}), "17-1", "KILLED", is_stopped=True)
    book.runs = [*done, *broken, stopped, Attempt(Trial(15, {"n": "7"}, 2), "15-2", "RUNNING")]

    swept(book, at_once(book))

    new = {each.run_id: each.trial for each in book.runs[19:]}
    assert sorted(new) == ["15-3", "16-2", "18-1", "19-1"]
    assert new["15-3"].params == {"n": "7"}
    assert book.killed == ["15-2"]


def test_what_a_killed_process_had_begun_and_comes_to_light_late_is_ended() -> None:
    book = Book()

    def start(trial: Trial) -> Played:
        if trial.number == 3:
            book.runs.append(Attempt(Trial(3, {"n": "3"}), "late", "RUNNING"))
        return at_once(book)(trial)

    swept(book, start)

    assert book.killed == ["late"]


def test_no_more_than_so_many_run_at_a_time() -> None:
    book = Book()
    running, most = [], []

    class Counted(Played):
        def ended(self) -> str:
            running.append(self)
            most.append(len(running))
            self.let.wait(0.01)
            running.remove(self)
            return "FINISHED"

    swept(book, lambda trial: Counted(book, trial), jobs=3)

    assert max(most) <= 3


def test_a_sweep_whose_first_trials_all_fail_ends() -> None:
    book = Book()

    summary = swept(book, at_once(book, "FAILED"), jobs=1)

    assert "first 5 trials all failed" in summary.why
    assert len(book.runs) < 8


def test_an_interrupt_stops_what_runs_and_starts_nothing_more() -> None:
    book = Book()
    begun: list[Played] = []

    def start(trial: Trial) -> Played:
        played = Played(book, trial)
        begun.append(played)
        if trial.number < 2:
            played.let.set()
        return played

    def check() -> None:
        if len(begun) > 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Sweeping(GRID, method(GRID), book, start, lambda _: None).run(3, check)  # type: ignore[arg-type]

    assert {each.status for each in book.runs if each.trial.number >= 2} <= {"KILLED"}
    assert len(book.runs) == len(begun) < 8


def test_a_trial_that_is_behind_the_others_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cumulog._sweeps.sweeping._LOOK_SECONDS", 0.0)
    book = Book()
    sweep = GRID._replace(stopping=Stopping(warmup=1, after=5))

    def start(trial: Trial) -> Played:
        played = Played(book, trial)
        if trial.number != 15:
            played.let.set()
        return played

    summary = swept(book, start, sweep)

    assert book.marked == ["15-1"]
    assert summary.over[15].is_stopped
    assert summary.over[15].is_over
    assert len(summary.over) == 20
