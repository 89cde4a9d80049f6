"""The names of columns, as MLflow names what a search may be ordered by, and the value that each shows of a run."""

from collections.abc import Callable, Mapping
from operator import attrgetter
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
_PARTS: Mapping[str, Callable[[Point], Any]] = {
    "": lambda point: double(point.value),
    "step": attrgetter("step"),
    "timestamp": attrgetter("timestamp"),
}
_ENTITIES = {prefix: entity for prefix, entity in RUNS.prefixes.items() if entity is not Entity.DATASET}

# Takes a run and its RunInfo message, which is empty if no column needs it.
Reader = Callable[[Run, Json], Any]


class Column(NamedTuple):
    """A column as the caller spells it, and what is in it. `part` is a part of a metric's last point."""

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
        return _of_point(key, _PARTS[each.part])
    if each.entity is Entity.PARAM:
        return lambda run, _: run.params.get(key)
    if each.entity is Entity.TAG:
        return lambda run, _: run.tags.get(key)
    return lambda _, info: info.get(key)


def _key_and_part(name: str, text: str) -> tuple[str, str]:
    key, at, part = text.partition(_AT)
    if not key or part not in _PARTS or bool(at) != bool(part):
        raise _wrong(name, "of a metric there are its last value, @step and @timestamp.")
    return key, part


def _of_point(key: str, part: Callable[[Point], Any]) -> Reader:
    def read(run: Run, _: Json) -> Any:
        point = run.metrics.get(key)
        return None if point is None else part(point)

    return read


def _wrong(name: str, why: str) -> InvalidParameterValue:
    return InvalidParameterValue(f"Invalid column {shown(name)}: {why}")
