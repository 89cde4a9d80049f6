"""The space of a sweep: what each parameter may be, as options and as a YAML file say it."""

import math
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from cumulog._projects.errors import ProjectError

MOST_PARAMETERS = 100
MOST_VALUES = 10_000
_RANGE = re.compile(r"(?:(?P<log>log):)?(?P<low>[^.\s]\S*?)\.\.(?P<high>\S+?)(?:/(?P<step>\S+))?")
_WHOLE = re.compile(r"[+-]?\d+")
_KEYS = {"min", "max", "step", "scale", "values"}


class Choice(NamedTuple):
    """One of some values, in their order."""

    name: str
    values: tuple[str, ...]


class Range(NamedTuple):
    """From `low` to `high`, both included. A whole one gives whole numbers; `step` is 0 where any number will do."""

    name: str
    low: float
    high: float
    is_whole: bool = False
    is_log: bool = False
    step: float = 0.0

    def text(self, value: float) -> str:
        """A value as the command gets it."""
        return str(round(value)) if self.is_whole else repr(float(value))

    def nearest(self, value: float) -> float:
        """The allowed value that is nearest."""
        width = self.step or (1.0 if self.is_whole else 0.0)
        if width:
            steps = math.floor((self.high - self.low) / width + 1e-9)
            value = self.low + width * min(max(round((value - self.low) / width), 0), steps)
        return min(max(value, self.low), self.high)


Dimension = Choice | Range
Space = tuple[Dimension, ...]


def of_option(text: str) -> Dimension:
    """`name=a,b,c`, `name=1..10`, `name=0..1/0.25` or `name=log:1e-5..1e-1`. Raises ProjectError."""
    name, is_given, rest = text.partition("=")
    if not is_given or not name.strip():
        raise ProjectError(f"'{text[:200]}' is not NAME=VALUES, such as lr=log:1e-5..1e-1, depth=1..8 or model=a,b.")
    if found := _RANGE.fullmatch(rest.strip()):
        return _range(name.strip(), found["low"], found["high"], found["step"] or "", is_log=bool(found["log"]))
    return _choice(name.strip(), [each.strip() for each in rest.split(",")])


def of_tree(tree: object) -> Space:
    """The `parameters` of a file. Raises ProjectError."""
    if not isinstance(tree, Mapping) or not tree:
        raise ProjectError("`parameters` of a sweep is a map of names, such as `lr: {min: 0.001, max: 0.1}`.")
    return checked([_of_entry(str(name), entry) for name, entry in tree.items()])


def checked(dimensions: list[Dimension]) -> Space:
    """The space, if no name comes twice and it isn't too large. Raises ProjectError."""
    names = [each.name for each in dimensions]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise ProjectError(f"The parameter '{twice}' is declared twice.")
    if len(names) > MOST_PARAMETERS:
        raise ProjectError(f"A sweep has at most {MOST_PARAMETERS} parameters.")
    return tuple(dimensions)


def _of_entry(name: str, entry: Any) -> Dimension:
    if isinstance(entry, Mapping) and "values" not in entry:
        if unknown := {str(each) for each in entry} - _KEYS:
            raise ProjectError(
                f"The parameter '{name}' has {', '.join(sorted(unknown))}, of which a sweep knows nothing."
            )
        if entry.get("scale", "linear") not in ("linear", "log"):
            raise ProjectError(f"The scale of the parameter '{name}' is linear or log.")
        low, high, step = (_text(entry.get(key, "")) for key in ("min", "max", "step"))
        return _range(name, low, high, step, is_log=entry.get("scale") == "log")
    values = entry["values"] if isinstance(entry, Mapping) else entry
    return _choice(name, [_text(each) for each in (values if isinstance(values, list) else [values])])


def _text(value: object) -> str:
    """A value of YAML as one would type it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _choice(name: str, values: list[str]) -> Choice:
    if not any(values):
        raise ProjectError(f"The parameter '{name}' has no values.")
    if len(values) > MOST_VALUES:
        raise ProjectError(f"The parameter '{name}' has {len(values)} values; at most {MOST_VALUES} are allowed.")
    return Choice(name, tuple(dict.fromkeys(values)))


def _range(name: str, low: str, high: str, step: str, *, is_log: bool) -> Range:
    first, last, width = (_number(name, each) for each in (low, high, step or "0"))
    is_whole = all(_WHOLE.fullmatch(each) for each in (low, high, step or "1"))
    if first >= last or width < 0:
        raise ProjectError(f"The parameter '{name}' goes from {low} to {high}: the first must be less than the second.")
    if is_log and (first <= 0 or width):
        raise ProjectError(f"The parameter '{name}' has a log scale: it starts above 0, and has no step.")
    return Range(name, first, last, is_whole, is_log, width)


def _number(name: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ProjectError(f"The parameter '{name}' has the bound '{text[:100]}', which is no number.")
    return number
