"""What a sweep is: its space, how it is searched, and when a trial is given up."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from cumulog._projects.errors import ProjectError
from cumulog._sweeps import space
from cumulog._sweeps.space import Choice, Dimension, Range, Space

FORMAT = 1
MOST_TRIALS = 100_000
Method = Literal["grid", "random", "tpe"]
_KEYS = {"method", "metric", "trials", "seed", "parameters", "early_stopping", "name"}


class Objective(NamedTuple):
    """The metric that tells how good a trial is; its last value counts."""

    key: str
    is_maximized: bool = False

    def best(self, values: list[float]) -> float:
        """The best of some values, at least one."""
        return max(values) if self.is_maximized else min(values)

    def is_worse(self, value: float, other: float) -> bool:
        return value < other if self.is_maximized else value > other


class Stopping(NamedTuple):
    """The median rule: from step `warmup` on, once `after` trials have ended, a trial that is behind is stopped."""

    warmup: int = 0
    after: int = 5


class Sweep(NamedTuple):
    """`trials` is 0 where the grid says how many there are. `seed` makes random values the same each time."""

    space: Space
    method: Method = "random"
    trials: int = 0
    seed: int = 0
    objective: Objective | None = None
    stopping: Stopping | None = None


def of_tree(tree: object, added: Sequence[Dimension] = ()) -> Sweep:
    """A sweep as a YAML file declares it, with dimensions that take the place of the file's. Raises ProjectError."""
    if not isinstance(tree, Mapping):
        raise ProjectError("The file of a sweep is a map: `method`, `metric`, `trials`, `parameters`.")
    if unknown := {str(each) for each in tree} - _KEYS:
        raise ProjectError(
            f"The file of a sweep has {', '.join(sorted(unknown))}; known are {', '.join(sorted(_KEYS))}."
        )
    names = {each.name for each in added}
    filed = space.of_tree(tree.get("parameters")) if "parameters" in tree or not added else ()
    sweep = Sweep(
        space.checked([*(each for each in filed if each.name not in names), *added]),
        _method(tree.get("method", "random")),
        _whole("trials", tree.get("trials", 0)),
        _whole("seed", tree.get("seed", 0)),
        _objective(tree.get("metric")),
        _stopping(tree.get("early_stopping")),
    )
    return checked(sweep)


def checked(sweep: Sweep) -> Sweep:
    """The sweep, if it can be run. Raises ProjectError."""
    if not sweep.space:
        raise ProjectError("A sweep has at least one parameter: -S lr=log:1e-5..1e-1, or `parameters` in a file.")
    if sweep.method != "grid" and not 0 < sweep.trials <= MOST_TRIALS:
        raise ProjectError(f"Say how many trials the sweep has, at most {MOST_TRIALS}: --trials 20.")
    if (sweep.method == "tpe" or sweep.stopping) and not sweep.objective:
        what = "the method tpe" if sweep.method == "tpe" else "early stopping"
        raise ProjectError(
            f"For {what}, name the metric that tells how good a trial is: --metric loss, or --metric acc:max."
        )
    return sweep


def written(sweep: Sweep) -> str:
    """A sweep as the document that its run keeps."""
    kinds = {Choice: "choice", Range: "range"}
    dimensions = [{"kind": kinds[type(each)], **each._asdict()} for each in sweep.space]
    nested = {name: value._asdict() if value else None for name, value in _nested(sweep).items()}
    return json.dumps({"format": FORMAT, **sweep._asdict(), "space": dimensions, **nested}, indent=1)


def read(text: str) -> Sweep:
    """A sweep from the document that its run keeps. Raises ProjectError."""
    try:
        tree = json.loads(text)
        if tree.pop("format") != FORMAT:
            raise ProjectError("The sweep was begun by a newer version of cumulog: continue it with that one.")
        dimensions = tuple(_dimension(each) for each in tree.pop("space"))
        objective, stopping = tree.pop("objective"), tree.pop("stopping")
        return Sweep(
            dimensions,
            objective=Objective(**objective) if objective else None,
            stopping=Stopping(**stopping) if stopping else None,
            **tree,
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ProjectError(f"The sweep's own document is damaged: {error}") from None


def _nested(sweep: Sweep) -> dict[str, Objective | Stopping | None]:
    return {"objective": sweep.objective, "stopping": sweep.stopping}


def _dimension(tree: dict[str, Any]) -> Choice | Range:
    if tree.pop("kind") == "range":
        return Range(**tree)
    return Choice(tree["name"], tuple(tree["values"]))


def _method(given: object) -> Method:
    """Optuna's sampler goes by its name too."""
    if given in ("tpe", "optuna"):
        return "tpe"
    if given == "grid":
        return "grid"
    if given == "random":
        return "random"
    raise ProjectError(f"The method '{given}' of a sweep is unknown: grid, random or tpe.")


def _whole(name: str, given: object) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or given < 0:
        raise ProjectError(f"`{name}` of a sweep is a whole number.")
    return given


def _objective(given: Any) -> Objective | None:
    """`metric: loss`, or `{name: loss, goal: minimize}`."""
    if given is None:
        return None
    tree = given if isinstance(given, Mapping) else {"name": given}
    goal = tree.get("goal", "minimize")
    if not isinstance(tree.get("name"), str) or not tree["name"] or goal not in ("minimize", "maximize"):
        raise ProjectError("`metric` of a sweep is a name, or {name: loss, goal: minimize} (or maximize).")
    return Objective(tree["name"], goal == "maximize")


def _stopping(given: Any) -> Stopping | None:
    """`early_stopping: median`, or `{median: {warmup: 10, after: 5}}`."""
    if given is None or given == "median":
        return Stopping() if given else None
    rule = given.get("median") if isinstance(given, Mapping) else None
    if not isinstance(rule, Mapping) or set(rule) - {"warmup", "after"}:
        raise ProjectError("`early_stopping` of a sweep is median, or {median: {warmup: 10, after: 5}}.")
    return Stopping(_whole("warmup", rule.get("warmup", 0)), _whole("after", rule.get("after", 5)))
