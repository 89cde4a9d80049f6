"""The names of columns, as MLflow names what a search may be ordered by, and the value that each shows of a run."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from chalicelib.edge.replies import Json
from chalicelib.edge.wire import double, shown
from chalicelib.errors import InvalidParameterValue
from chalicelib.search.field import Entity
from chalicelib.tracking.index.vocabulary import RUNS
from chalicelib.tracking.runs.reading import Run
from chalicelib.tracking.series.points import Point

ATTRIBUTES = (
    "run_id",
    "run_name",
    "experiment_id",
    "user_id",
    "status",
    "start_time",
    "end_time",
    "artifact_uri",
    "lifecycle_stage",
)

# No metric has this sign in its key.
_AT = "@"
_PARTS: Mapping[str, Callable[[Run, str], Any]] = {
    "": lambda run, key: _value(run.metrics.get(key)),
    "step": lambda run, key: _step(run.metrics.get(key)),
    "timestamp": lambda run, key: _timestamp(run.metrics.get(key)),
    "min": lambda run, key: _value(_lowest(run, key)),
    "min_step": lambda run, key: _step(_lowest(run, key)),
    "max": lambda run, key: _value(_highest(run, key)),
    "max_step": lambda run, key: _step(_highest(run, key)),
}
_ENTITIES = {prefix: entity for prefix, entity in RUNS.prefixes.items() if entity is not Entity.DATASET}

# Takes a run and its RunInfo message, which is empty if no column needs it.
Reader = Callable[[Run, Json], Any]


class Column(NamedTuple):
    """A column as the caller spells it, and what is in it. `part` says what of a metric it shows."""

    name: str
    entity: Entity
    key: str
    part: str = ""


def column(name: str) -> Column:
    """The column with this name. Raises InvalidParameterValue."""
    prefix, _, key = name.partition(".")
    entity = _ENTITIES.get(prefix)
    if entity is None or not key:
        raise _wrong(name, "expected attributes, metrics, params or tags, a dot and a key.")
    key, part = _key_and_part(name, key) if entity is Entity.METRIC else (key, "")
    if entity is Entity.ATTRIBUTE and key not in ATTRIBUTES:
        raise _wrong(name, f"runs have no such attribute, only {', '.join(ATTRIBUTES)}.")
    if len(key) > RUNS.key_characters:
        raise _wrong(name, f"no key has more than {RUNS.key_characters} characters.")
    return Column(name, entity, key, part)


def reader(each: Column) -> Reader:
    """The function that reads the column's value of a run; None if the run has none."""
    key = each.key
    if each.entity is Entity.METRIC:
        part = _PARTS[each.part]
        return lambda run, _: part(run, key)
    if each.entity is Entity.PARAM:
        return lambda run, _: run.params.get(key)
    if each.entity is Entity.TAG:
        return lambda run, _: run.tags.get(key)
    return lambda _, info: info.get(key)


def _key_and_part(name: str, text: str) -> tuple[str, str]:
    key, at, part = text.partition(_AT)
    if not key or part not in _PARTS or bool(at) != bool(part):
        raise _wrong(name, f"of a metric there are its last value, {', '.join(_AT + each for each in _PARTS if each)}.")
    return key, part


def _lowest(run: Run, key: str) -> Point | None:
    pair = (run.extremes or {}).get(key)
    return pair and pair.lowest


def _highest(run: Run, key: str) -> Point | None:
    pair = (run.extremes or {}).get(key)
    return pair and pair.highest


def _value(point: Point | None) -> Any:
    return None if point is None else double(point.value)


def _step(point: Point | None) -> int | None:
    return None if point is None else point.step


def _timestamp(point: Point | None) -> int | None:
    return None if point is None else point.timestamp


def _wrong(name: str, why: str) -> InvalidParameterValue:
    return InvalidParameterValue(f"Invalid column {shown(name)}: {why}")
