"""The median rule of early stopping, on curves as they are so far."""

from collections.abc import Sequence
from statistics import median

from cumulog._sweeps.declared import Objective, Stopping

# Steps and values, in the order of the steps.
Curve = Sequence[tuple[int, float]]


def is_behind(own: Curve, others: Sequence[Curve], objective: Objective, rule: Stopping) -> bool:
    """Whether a trial is to be stopped: its best so far is worse than the median of the others' best up to that step.

    `others` are the curves of trials that have ended. This is the rule of Golovin et al. (Google Vizier, 2017) in the
    form that Optuna gives it. A value that is no number is as bad as can be.
    """
    if not own or len(others) < rule.after or own[-1][0] < rule.warmup:
        return False
    at_step = [best for each in others if (best := _best(each, own[-1][0], objective)) is not None]
    mine = _best(own, own[-1][0], objective)
    if not at_step or len(at_step) < rule.after:
        return False
    return mine is None or objective.is_worse(mine, median(at_step))


def _best(curve: Curve, step: int, objective: Objective) -> float | None:
    values = [value for at, value in curve if at <= step and value == value]
    return objective.best(values) if values else None
