"""The index rows of a sealed run: one for each value that a filter or an order can use."""

from collections.abc import Iterator

from chalicelib.search import codes
from chalicelib.search.field import DATASET_READERS, Entity, Field, Kind, Value
from chalicelib.search.intervals import START_TIME
from chalicelib.search.record import Record
from chalicelib.search.rows import Row
from chalicelib.storage import keys
from chalicelib.tracking.index.vocabulary import RUNS

Key = tuple[str, str]

# A run's name is a tag (`search/intervals.py`); the tag's rows serve both.
_ATTRIBUTES = [
    Field(Entity.ATTRIBUTE, key, column.kind)
    for key, column in RUNS.attributes.items()
    if key not in (START_TIME.key, "run_name")
]
_NAMES = {
    Entity.ATTRIBUTE: "attribute",
    Entity.METRIC: "metric",
    Entity.PARAM: "param",
    Entity.TAG: "tag",
    Entity.DATASET: "dataset",
}


def partition(experiment_id: str, group: str, field: Field) -> str:
    """The partition key of a field's rows, for one group of an experiment's runs."""
    return keys.index(experiment_id, group, _NAMES[field.entity], field.key)


def rows_of(record: Record, experiment_id: str, group: str) -> list[Key]:
    """Return the keys of a run's rows, each once."""
    start = codes.falling(int(record.attributes[START_TIME.key] or 0))
    found = {
        (partition(experiment_id, group, field), Row(code, start, record.id).key) for field, code in _codes(record)
    }
    return sorted(found)


def _codes(record: Record) -> Iterator[tuple[Field, str]]:
    yield START_TIME, ""
    for field, value in _values(record):
        yield field, codes.code(field.kind, value)


def _values(record: Record) -> Iterator[tuple[Field, Value]]:
    for field in _ATTRIBUTES:
        value = record.attributes.get(field.key)
        if value is not None:
            yield field, value
    for key, metric in record.metrics.items():
        yield Field(Entity.METRIC, key, Kind.FLOAT), metric
    for entity, texts in ((Entity.PARAM, record.params), (Entity.TAG, record.tags)):
        for key, text in texts.items():
            yield Field(entity, key, Kind.TEXT), text
    for edge in record.datasets:
        for key, read in DATASET_READERS.items():
            named = read(edge)
            if named is not None:
                yield Field(Entity.DATASET, key, Kind.TEXT), named
