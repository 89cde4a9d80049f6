"""What a search sees of a thing: plain data, wherever it was read from."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple


class DatasetRecord(NamedTuple):
    """One input edge of a run: the dataset's name and digest, and the edge's context tag (None without one)."""

    name: str
    digest: str
    context: str | None


class Record(NamedTuple):
    """One run, experiment or logged model as filters and order_by see it.

    `attributes` holds the canonical names of the entity (`start_time`, `run_name`, `creation_time`, …), numbers as
    int and text as str; a missing one is absent or None. `metrics` holds the latest value of each key, `logged` every
    value, for the keys whose logged values a clause tests.
    """

    id: str
    attributes: Mapping[str, str | int | None]
    metrics: Mapping[str, float] = MappingProxyType({})
    params: Mapping[str, str] = MappingProxyType({})
    tags: Mapping[str, str] = MappingProxyType({})
    datasets: Sequence[DatasetRecord] = ()
    logged: Mapping[str, Sequence[float]] = MappingProxyType({})
    size: int = 0
    """About how many bytes it takes in a reply."""
