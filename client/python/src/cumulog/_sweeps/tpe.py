"""Optuna's tree-structured Parzen estimator. The study lives in memory; the runs are what is kept."""

from typing import Any

from cumulog._models.flavors.kinds import library
from cumulog._sweeps.declared import Objective, Sweep
from cumulog._sweeps.space import Choice, Dimension


class Tpe:
    """Suggests by what it was told, and counts running trials as bad ones, so that parallel ones differ."""

    def __init__(self, sweep: Sweep, objective: Objective) -> None:
        """Raises CumulogError if optuna is not installed."""
        self._optuna: Any = library("optuna", "optuna")
        self._optuna.logging.set_verbosity(self._optuna.logging.WARNING)
        self.trials = sweep.trials
        self._space = {each.name: each for each in sweep.space}
        self._distributions = {name: self._distribution(each) for name, each in self._space.items()}
        sampler = self._optuna.samplers.TPESampler(seed=sweep.seed, constant_liar=True)
        self._study = self._optuna.create_study(
            sampler=sampler, direction="maximize" if objective.is_maximized else "minimize"
        )
        self._asked: dict[int, Any] = {}

    def suggested(self, number: int) -> dict[str, str]:
        trial = self._study.ask(self._distributions)
        self._asked[number] = trial
        return {name: self._text(name, value) for name, value in trial.params.items()}

    def told(self, number: int, params: dict[str, str], value: float | None) -> None:
        states = self._optuna.trial.TrialState
        if asked := self._asked.pop(number, None):
            self._study.tell(asked, value, state=states.FAIL if value is None else states.COMPLETE)
        elif value is not None:
            # Of an earlier process.
            self._study.add_trial(
                self._optuna.trial.create_trial(
                    params={name: self._value(name, text) for name, text in params.items() if name in self._space},
                    distributions=self._distributions,
                    value=value,
                )
            )

    def _distribution(self, dimension: Dimension) -> Any:
        kinds = self._optuna.distributions
        if isinstance(dimension, Choice):
            return kinds.CategoricalDistribution(dimension.values)
        if dimension.is_whole:
            low, high, step = round(dimension.low), round(dimension.high), round(dimension.step) or 1
            return kinds.IntDistribution(low, high, log=dimension.is_log, step=step)
        return kinds.FloatDistribution(dimension.low, dimension.high, log=dimension.is_log, step=dimension.step or None)

    def _text(self, name: str, value: Any) -> str:
        dimension = self._space[name]
        return str(value) if isinstance(dimension, Choice) else dimension.text(value)

    def _value(self, name: str, text: str) -> Any:
        dimension = self._space[name]
        if isinstance(dimension, Choice):
            return text
        return int(text) if dimension.is_whole else float(text)
