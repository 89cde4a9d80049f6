"""A sweep as it runs: so many trials at once, until all have ended."""

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import NamedTuple, Protocol

from cumulog._http.errors import CumulogError
from cumulog._sweeps.declared import Objective, Sweep
from cumulog._sweeps.ledger import Ledger
from cumulog._sweeps.method import Method
from cumulog._sweeps.stopping import Curve, is_behind
from cumulog._sweeps.trials import RUNNING, Attempt, Trial, sorted_out

_LAP_SECONDS = 0.2
_LOOK_SECONDS = 5.0
# So many failures before anything else: the command is wrong, and the rest would fail as well.
_HOPELESS = 5


class Started(Protocol):
    """A trial that runs."""

    run_id: str

    def ended(self) -> str:
        """Wait for it; the status of its run."""

    def stop(self) -> None:
        """End its processes, and soon."""


class Summary(NamedTuple):
    """The trials that have a result, and why the sweep ended before all had, if it did."""

    over: dict[int, Attempt]
    why: str = ""


class Sweeping:
    """Starts trials, tells the method how they ended, and stops those that are behind."""

    def __init__(
        self,
        sweep: Sweep,
        method: Method,
        ledger: Ledger,
        start: Callable[[Trial], Started],
        tell: Callable[[str], None],
    ) -> None:
        """`start` makes a trial ready, and raises CumulogError if it cannot; `tell` gets a line for each that ends.

        Both may raise anything else to end the sweep: its trials are stopped first.
        """
        self._sweep = sweep
        self._method = method
        self._ledger = ledger
        self._start = start
        self._tell = tell
        self.over: dict[int, Attempt] = {}
        self._broken: dict[int, Attempt] = {}
        self._running: dict[int, Started] = {}
        self._behind: set[int] = set()
        self._curves: dict[str, Curve] = {}
        self._is_ending = False
        self._looked = time.monotonic()

    def run(self, jobs: int, check: Callable[[], None]) -> Summary:
        """Run all that is left, `jobs` at a time. What `check` raises, a few times a second, ends it early."""
        self._read_past()
        with ThreadPoolExecutor(jobs, thread_name_prefix="cumulog-trial") as pool:
            try:
                why = self._run(pool, jobs, check)
            finally:
                self._is_ending = True
                for started in list(self._running.values()):
                    started.stop()
        self._tidy()
        return Summary(self.over, why)

    def _tidy(self) -> None:
        """End what an earlier process had begun and not yet sent when it was killed: its journal came since."""
        for each in self._ledger.attempts(self._sweep.objective):
            if each.status in RUNNING:
                self._ledger.kill(each.run_id)

    def _read_past(self) -> None:
        """What earlier processes of the sweep have done. Those are gone, and with them what they ran."""
        past = sorted_out(self._ledger.attempts(self._sweep.objective))
        self.over, self._broken = past.over, past.broken
        for each in past.broken.values():
            if each.status in RUNNING:
                self._ledger.kill(each.run_id)
        for each in past.over.values():
            self._method.told(each.trial.number, each.trial.params, each.value)

    def _run(self, pool: ThreadPoolExecutor, jobs: int, check: Callable[[], None]) -> str:
        todo = deque(number for number in range(self._method.trials) if number not in self.over)
        waiting: set[Future[Attempt]] = set()
        while todo or waiting:
            check()
            while todo and len(waiting) < jobs:
                waiting.add(pool.submit(self._attempted, self._trial(todo.popleft())))
            done, waiting = wait(waiting, timeout=_LAP_SECONDS, return_when=FIRST_COMPLETED)
            for each in done:
                self._note(each.result())
            if len(self.over) >= _HOPELESS and all(each.status == "FAILED" for each in self.over.values()):
                return f"The first {len(self.over)} trials all failed. Mend the command, and continue the sweep."
            self._look()
        return ""

    def _note(self, attempt: Attempt) -> None:
        """A trial has ended; one that was ended with the whole sweep has no result."""
        if not attempt.is_over:
            return
        self.over[attempt.trial.number] = attempt
        self._method.told(attempt.trial.number, attempt.trial.params, attempt.value)
        self._tell(told(attempt, self._sweep, len(self.over), self._method.trials))

    def _trial(self, number: int) -> Trial:
        """A trial of its own parameters, or another attempt with those that an earlier process chose."""
        broken = self._broken.get(number)
        if broken is None:
            return Trial(number, self._method.suggested(number))
        is_whole = len(broken.trial.params) == len(self._sweep.space)
        params = broken.trial.params if is_whole else self._method.suggested(number)
        return Trial(number, params, broken.trial.attempt + 1)

    def _attempted(self, trial: Trial) -> Attempt:
        started = self._start(trial)
        self._running[trial.number] = started
        if self._is_ending:
            started.stop()
        try:
            status = started.ended()
        finally:
            del self._running[trial.number]
        is_stopped = trial.number in self._behind
        return Attempt(
            trial, started.run_id, status, self._ledger.value(started.run_id, self._sweep.objective), is_stopped
        )

    def _look(self) -> None:
        """Stop the running trials that are behind the others."""
        rule, objective = self._sweep.stopping, self._sweep.objective
        if not rule or not objective or time.monotonic() - self._looked < _LOOK_SECONDS:
            return
        self._looked = time.monotonic()
        running = {started.run_id: number for number, started in list(self._running.items())}
        others = [each.run_id for each in self.over.values() if each.status != "FAILED"]
        if not running or len(others) < rule.after:
            return
        try:
            self._read([*running, *(each for each in others if each not in self._curves)], objective)
        except CumulogError as error:
            self._tell(f"No trial is stopped for now: {error}")
            return
        ended = [self._curves[each] for each in others]
        for run_id, number in running.items():
            if number not in self._behind and is_behind(self._curves.pop(run_id), ended, objective, rule):
                self._stop(number, run_id)

    def _read(self, run_ids: list[str], objective: Objective) -> None:
        """Those of trials that have ended are kept."""
        found = self._ledger.curves(run_ids, objective)
        self._curves |= {run_id: found.get(run_id, ()) for run_id in run_ids}

    def _stop(self, number: int, run_id: str) -> None:
        self._behind.add(number)
        self._ledger.mark(run_id, "median")
        if started := self._running.get(number):
            started.stop()


def told(attempt: Attempt, sweep: Sweep, done: int, trials: int) -> str:
    """A line on how a trial ended."""
    chosen = "  ".join(f"{name}={value}" for name, value in attempt.trial.params.items())
    result = ""
    if sweep.objective:
        value = attempt.value
        result = f"  {sweep.objective.key} " + ("none" if value is None else f"{value:.6g}")
    how = "stopped, as it was behind" if attempt.is_stopped else attempt.status.lower()
    return f"[{done}/{trials}] trial {attempt.trial.number} {how}{result}  {chosen}"
