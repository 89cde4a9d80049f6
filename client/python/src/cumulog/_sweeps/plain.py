"""Grid and random: what a trial gets depends on its number alone, so any process can tell."""

import math
from random import Random

from cumulog._projects.errors import ProjectError
from cumulog._sweeps.declared import MOST_TRIALS, Sweep
from cumulog._sweeps.space import Choice, Dimension, Range

_MOST_STEPS = 10_000


class Grid:
    """Every combination; the last parameter changes first. `trials` cuts it off."""

    def __init__(self, sweep: Sweep) -> None:
        """Raises ProjectError if a range has no end of values, or there are too many combinations."""
        self._axes = [(each.name, _steps(each)) for each in sweep.space]
        whole = math.prod(len(values) for _, values in self._axes)
        if not sweep.trials and whole > MOST_TRIALS:
            raise ProjectError(f"The grid has {whole} combinations; a sweep has at most {MOST_TRIALS} trials.")
        self.trials = min(whole, sweep.trials or whole)

    def suggested(self, number: int) -> dict[str, str]:
        chosen = {}
        for name, values in reversed(self._axes):
            number, place = divmod(number, len(values))
            chosen[name] = values[place]
        return {name: chosen[name] for name, _ in self._axes}

    def told(self, number: int, params: dict[str, str], value: float | None) -> None:
        """A grid learns nothing."""


class Uniform:
    """Random values, each drawn by the seed, the trial's number and the name alone."""

    def __init__(self, sweep: Sweep) -> None:
        self._sweep = sweep
        self.trials = sweep.trials

    def suggested(self, number: int) -> dict[str, str]:
        return {each.name: _drawn(each, f"{self._sweep.seed}/{number}/{each.name}") for each in self._sweep.space}

    def told(self, number: int, params: dict[str, str], value: float | None) -> None:
        """Random values learn nothing."""


def _steps(dimension: Dimension) -> tuple[str, ...]:
    if isinstance(dimension, Choice):
        return dimension.values
    width = dimension.step or (1.0 if dimension.is_whole and not dimension.is_log else 0.0)
    if not width:
        raise ProjectError(
            f"A grid needs a step for '{dimension.name}', as in {dimension.name}=0..1/0.1, or its values."
        )
    count = math.floor((dimension.high - dimension.low) / width + 1e-9) + 1
    if count > _MOST_STEPS:
        raise ProjectError(f"'{dimension.name}' has {count} steps; a grid takes at most {_MOST_STEPS}.")
    # Rounded, as 0.1 + 0.2 is not 0.3.
    return tuple(dimension.text(round(dimension.low + width * step, 12)) for step in range(count))


def _drawn(dimension: Dimension, seed: str) -> str:
    # Python promises that this number stays the same in all its versions.
    drawn = Random(seed).random()  # noqa: S311 - no secret
    if isinstance(dimension, Choice):
        return dimension.values[int(drawn * len(dimension.values))]
    return dimension.text(dimension.nearest(_within(dimension, drawn)))


def _within(span: Range, drawn: float) -> float:
    if span.is_log:
        return math.exp(math.log(span.low) + drawn * (math.log(span.high) - math.log(span.low)))
    # Whole numbers at the ends get as much room as the others.
    half = (span.step or 1.0) / 2 if span.is_whole or span.step else 0.0
    return span.low - half + drawn * (span.high - span.low + 2 * half)
