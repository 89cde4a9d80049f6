"""Optuna: each trial of a study is a run in the run that was active.

with cumulog.start_run():
    study.optimize(objective, n_trials=50, callbacks=[CumulogCallback("loss")])
"""

from collections.abc import Mapping, Sequence
from typing import Any

from cumulog._fluent import face

_STATUS = {"COMPLETE": "FINISHED", "PRUNED": "KILLED", "FAIL": "FAILED"}


class CumulogCallback:
    """Logs trials: params, the values of the objective, what was reported meanwhile, and Optuna's own attributes.

    `metric_name` names the value, or the values of several objectives. Trials are child runs of the run that is active
    when the callback is made. It may be called from several threads.
    """

    def __init__(self, metric_name: str | Sequence[str] = "value", *, tags: Mapping[str, Any] | None = None) -> None:
        self._names = metric_name
        self._tags = dict(tags or {})
        active = face.active_run()
        self._parent = active.info.run_id if active else None

    def __call__(self, study: Any, trial: Any) -> None:
        """What Optuna calls after each trial."""
        run = face.start_run(
            run_name=str(trial.number), nested=True, parent_run_id=self._parent, tags=self._tags_of(study, trial)
        )
        run.params(trial.params)
        for step, value in sorted(trial.intermediate_values.items()):
            run.metric("intermediate_value", value, step, None)
        if trial.values:
            run.metrics(dict(zip(self._named(len(trial.values)), trial.values, strict=False)), 0, None)
        face.end_run(_STATUS.get(trial.state.name, "FINISHED"))

    def _tags_of(self, study: Any, trial: Any) -> dict[str, str]:
        own = {
            "optuna.study": study.study_name,
            "optuna.trial": trial.number,
            "optuna.state": trial.state.name,
            "optuna.directions": ", ".join(each.name for each in study.directions),
            **{f"optuna.{name}": value for name, value in trial.user_attrs.items()},
        }
        return {name: str(value) for name, value in {**self._tags, **own}.items()}

    def _named(self, count: int) -> list[str]:
        """The names of so many values."""
        if not isinstance(self._names, str):
            return list(self._names)
        return [self._names] if count == 1 else [f"{self._names}_{number}" for number in range(count)]
