"""The way that a sweep names."""

from cumulog._sweeps.declared import Sweep
from cumulog._sweeps.method import Method
from cumulog._sweeps.plain import Grid, Uniform
from cumulog._sweeps.tpe import Tpe


def method(sweep: Sweep) -> Method:
    """Raises ProjectError for a grid without end, and CumulogError where optuna is missing."""
    if sweep.method == "grid":
        return Grid(sweep)
    if sweep.method == "tpe" and sweep.objective:
        return Tpe(sweep, sweep.objective)
    return Uniform(sweep)
