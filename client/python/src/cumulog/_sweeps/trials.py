"""The trials of a sweep, and how each ended."""

from typing import NamedTuple

TRIAL, ATTEMPT, STOPPED = "cumulog.sweep.trial", "cumulog.sweep.attempt", "cumulog.sweep.stopped"
RUNNING = ("RUNNING", "SCHEDULED")


class Trial(NamedTuple):
    """One set of parameters. A trial that was interrupted is tried again, as another attempt and another run."""

    number: int
    params: dict[str, str]
    attempt: int = 1


class Attempt(NamedTuple):
    """A run of a trial, as the server has it. `value` is the objective's last value."""

    trial: Trial
    run_id: str
    status: str
    value: float | None = None
    is_stopped: bool = False

    @property
    def is_over(self) -> bool:
        """Whether the trial has its result. A killed one has none, unless the sweep itself stopped it."""
        return self.status in ("FINISHED", "FAILED") or (self.status == "KILLED" and self.is_stopped)


class Past(NamedTuple):
    """What earlier processes of a sweep left, by number: the attempts that count, and those that came to no end."""

    over: dict[int, Attempt]
    broken: dict[int, Attempt]


def sorted_out(attempts: list[Attempt]) -> Past:
    """The last attempt of each trial."""
    latest: dict[int, Attempt] = {}
    for each in sorted(attempts, key=lambda one: (one.trial.number, one.is_over, one.trial.attempt)):
        latest[each.trial.number] = each
    return Past(
        {number: each for number, each in latest.items() if each.is_over},
        {number: each for number, each in latest.items() if not each.is_over},
    )
