"""A trial as the run of a project."""

import signal
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from cumulog._fluent.runs import new_id
from cumulog._projects.children import Stop
from cumulog._projects.environments.choosing import Choice
from cumulog._projects.running.order import Order, Target
from cumulog._projects.running.ordering import Opened
from cumulog._projects.running.output import Terminal
from cumulog._projects.running.running import launch
from cumulog._sweeps.trials import ATTEMPT, TRIAL, Trial


class Nowhere(Terminal):
    """Trials side by side would mix what they print; each run keeps its own."""

    def said(self, number: int, block: bytes) -> None:
        """Say nothing."""


class Trials(NamedTuple):
    """What all trials of a sweep have in common. `fixed` are the parameters that none of them varies."""

    opened: Opened
    choice: Choice
    fixed: Mapping[str, str]
    target: Target
    storage: Path

    def begun(self, trial: Trial) -> "TrialRun":
        """A trial that is ready to run. Raises ProjectError if its parameters make no command."""
        place = self.storage / f"{trial.number}-{trial.attempt}"
        order = self.opened.order({**self.fixed, **trial.params}, self.choice, place)
        tags = {**self.target.tags, TRIAL: str(trial.number), ATTEMPT: str(trial.attempt)}
        name = f"trial {trial.number}"
        target = self.target._replace(new_id=new_id(), run_name=name, tags=tags, is_recorded=False)
        return TrialRun(order, target)


class TrialRun:
    """One trial, which runs while somebody waits for its end."""

    def __init__(self, order: Order, target: Target) -> None:
        self.run_id = target.new_id
        self._order = order
        self._target = target
        self._stop = Stop()

    def ended(self) -> str:
        """Run it; the status of its run. Raises CumulogError if the server does not take it."""
        return launch(self._order, self._target, self._stop, Nowhere()).status

    def stop(self) -> None:
        self._stop.number = self._stop.number or signal.SIGTERM
