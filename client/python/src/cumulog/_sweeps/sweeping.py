"""A sweep as it runs: so many trials at once, until all have ended."""

import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import NamedTuple, Protocol

from cumulog._http.errors import CumulogError
from cumulog._sweeps.declared import Objective, Sweep
from cumulog._sweeps.ledger import Ledger
from cumulog._sweeps.method import Method
from cumulog._sweeps.stopping import Curve, is_behind
from cumulog._sweeps.trials import Attempt, Past, Trial, sorted_out

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
        """`start` begins a trial, and raises CumulogError if it can't; `tell` gets a line for each that ends."""
        self._sweep = sweep
        self._method = method
        self._ledger = ledger
        self._start = start
        self._tell = tell
        self._running: dict[int, Started] = {}
        self._behind: set[int] = set()
        self._curves: dict[str, Curve] = {}
        self._is_ending = False
        self._looked = time.monotonic()

    def run(self, jobs: int) -> Summary:
        """Run all that is left, `jobs` at a time. A KeyboardInterrupt stops the trials, and goes on."""
        past = sorted_out(self._ledger.attempts(self._sweep.objective))
        for each in past.over.values():
            self._method.told(each.trial.number, each.trial.params, each.value)
        todo = [number for number in range(self._method.trials) if number not in past.over]
        over = dict(past.over)
        with ThreadPoolExecutor(jobs, thread_name_prefix="cumulog-trial") as pool:
            try:
                why = self._run(pool, jobs, todo, past, over)
            finally:
                self._is_ending = True
                for started in list(self._running.values()):
                    started.stop()
        return Summary(over, why)

    def _run(self, pool: ThreadPoolExecutor, jobs: int, todo: list[int], past: Past, over: dict[int, Attempt]) -> str:
        waiting: set[Future[Attempt]] = set()
        while todo or waiting:
            while todo and len(waiting) < jobs:
                trial = self._trial(todo.pop(0), past)
                waiting.add(pool.submit(self._attempted, trial))
            done, waiting = wait(waiting, timeout=_LAP_SECONDS, return_when=FIRST_COMPLETED)
            for each in done:
                attempt = each.result()
                over[attempt.trial.number] = attempt
                self._method.told(attempt.trial.number, attempt.trial.params, attempt.value)
                self._tell(told(attempt, self._sweep, len(over), self._method.trials))
            if self._is_hopeless(over):
                return f"The first {_HOPELESS} trials all failed. Mend the command, and continue the sweep."
            self._look(over)
        return ""

    def _trial(self, number: int, past: Past) -> Trial:
        """A trial of its own parameters, or another attempt with those that an earlier process chose."""
        if broken := past.broken.get(number):
            return broken.trial._replace(attempt=broken.trial.attempt + 1)
        return Trial(number, self._method.suggested(number))

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

    def _is_hopeless(self, over: dict[int, Attempt]) -> bool:
        return len(over) >= _HOPELESS and all(each.status == "FAILED" for each in over.values())

    def _look(self, over: dict[int, Attempt]) -> None:
        """Stop the running trials that are behind the others."""
        rule, objective = self._sweep.stopping, self._sweep.objective
        if not rule or not objective or time.monotonic() - self._looked < _LOOK_SECONDS:
            return
        self._looked = time.monotonic()
        running = {started.run_id: number for number, started in list(self._running.items())}
        others = [each.run_id for each in over.values() if each.status != "FAILED"]
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
