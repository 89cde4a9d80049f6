"""Datasets. One belongs to its experiment and is written once: the same name and digest always mean the first one."""

from collections.abc import Iterable

from chalicelib.storage import keys, objects, parallel, tables
from chalicelib.storage.failures import ConditionFailed
from chalicelib.storage.items import DatasetItem, InputEdge
from chalicelib.storage.models import Item
from chalicelib.tracking.runs import edges
from chalicelib.tracking.runs.schemas import Dataset

# Longer schemas and profiles are stored in the bucket: an item holds 400 KB, and every read of a long one is expensive.
_INLINE_BYTES = 32_000


def of(experiment_id: str, used: Iterable[InputEdge]) -> dict[str, DatasetItem]:
    """Load the datasets of input edges, by the edges' keys, with the content that is stored in the bucket."""
    return {item.sk: item for item in parallel.each(_whole, find(experiment_id, {edge.dataset for edge in used}))}


def find(experiment_id: str, wanted: Iterable[str]) -> list[DatasetItem]:
    """Load those of the datasets with these keys that exist, without what is stored in the bucket."""
    sort_keys = sorted(wanted)
    return tables.get_many(DatasetItem, keys.datasets(experiment_id), sort_keys) if sort_keys else []


def new(experiment_id: str, dataset: Dataset) -> DatasetItem:
    """Make the item of a dataset that is not stored yet."""
    item = DatasetItem(
        keys.datasets(experiment_id),
        keys.dataset(dataset.name, dataset.digest),
        name=dataset.name,
        digest=dataset.digest,
        source_type=dataset.source_type,
        source=dataset.source,
        schema=dataset.schema_,
        profile=dataset.profile,
    )
    item.bytes = edges.bytes_of_dataset(item)
    return item


def size(item: DatasetItem) -> int:
    """How many bytes a dataset takes in a reply. Earlier versions did not note it."""
    return int(item.bytes) if item.bytes else edges.bytes_of_dataset(_whole(item))


def put_once(item: Item) -> None:
    """Put an item that is never changed."""
    try:
        tables.put(item, type(item).pk.does_not_exist())
    except ConditionFailed:
        # It exists already: another caller wrote it, or we did and the reply was lost.
        return


def put(item: DatasetItem) -> None:
    """Put a new dataset, unless another call was faster."""
    if sum(len(text.encode()) for text in (item.source, item.schema, item.profile) if text) > _INLINE_BYTES:
        item.stored = objects.put_value([item.source, item.schema, item.profile])
        item.source, item.schema, item.profile = "", None, None
    put_once(item)


def _whole(item: DatasetItem) -> DatasetItem:
    if item.stored:
        item.source, item.schema, item.profile = objects.get_value(item.stored)
    return item
