"""A run's inputs and outputs: datasets and logged models.

A dataset belongs to its experiment and is written once: the same name and digest always mean the first one. A run's use
of a dataset is an edge in the run's own partition; using the same dataset a second time keeps the first use's tags.
"""

from collections.abc import Sequence

from chalicelib import clock
from chalicelib.storage import keys, objects, tables
from chalicelib.storage.failures import ConditionFailed
from chalicelib.storage.items import DatasetItem, InputEdge, Item, ModelEdge, RunInfo
from chalicelib.tracking.runs import runs
from chalicelib.tracking.runs.schemas import Dataset, DatasetInput, LogInputs, LogOutputs

# Longer schemas and profiles are stored in the bucket: an item holds 400 KB, and every read of a long one is expensive.
_INLINE_BYTES = 32_000


def log(request: LogInputs) -> None:
    """Log datasets and logged models that an active run used. Inputs logged before stay as they are."""
    info = _with_more(request.run_id)
    datasets: dict[str, DatasetInput] = {}
    for used in request.datasets or ():
        datasets.setdefault(keys.dataset(used.dataset.name, used.dataset.digest), used)
    for number, (key, used) in enumerate(datasets.items()):
        _put_once(_dataset(info.experiment_id, key, used.dataset))
        tags = [[tag.key, tag.value or ""] for tag in used.tags or ()]
        _put_once(
            InputEdge(
                info.pk,
                keys.input_edge(key),
                dataset=key,
                name=used.dataset.name,
                digest=used.dataset.digest,
                position=_position(number),
                tags=tags,
            )
        )
    for number, model in enumerate(request.models or ()):
        key = keys.model_input(model.model_id)
        _put_once(ModelEdge(info.pk, key, model_id=model.model_id, position=_position(number)))


def log_outputs(request: LogOutputs) -> None:
    """Log the logged models that an active run produced."""
    info = _with_more(request.run_id)
    for number, model in enumerate(request.models):
        key = keys.output(model.model_id)
        _put_once(ModelEdge(info.pk, key, model_id=model.model_id, position=_position(number), step=model.step or 0))


def datasets_of(experiment_id: str, edges: Sequence[InputEdge]) -> dict[str, DatasetItem]:
    """Load the datasets of input edges, by the edges' keys, with the content that is stored in the bucket."""
    wanted = sorted({edge.dataset for edge in edges})
    found = tables.get_many(DatasetItem, keys.datasets(experiment_id), wanted) if wanted else []
    for item in found:
        if item.stored:
            item.source, item.schema, item.profile = objects.get_value(item.stored)
    return {item.sk: item for item in found}


def _with_more(run_id: str) -> RunInfo:
    """Mark the run as having more than INFO holds. The mark is written first, so that no reader misses what follows."""
    info = runs.load_for_writing(run_id)
    return info if info.more else runs.change(run_id, [RunInfo.more.set(True)])


def _dataset(experiment_id: str, key: str, dataset: Dataset) -> DatasetItem:
    item = DatasetItem(
        keys.datasets(experiment_id),
        key,
        name=dataset.name,
        digest=dataset.digest,
        source_type=dataset.source_type,
        source=dataset.source,
        schema=dataset.schema_,
        profile=dataset.profile,
    )
    if sum(len(text.encode()) for text in (item.source, item.schema, item.profile) if text) > _INLINE_BYTES:
        item.stored = objects.put_value([item.source, item.schema, item.profile])
        item.source, item.schema, item.profile = "", None, None
    return item


def _put_once(item: Item) -> None:
    try:
        tables.put(item, type(item).pk.does_not_exist())
    except ConditionFailed:
        # It exists already: another caller wrote it, or we did and the reply was lost.
        return


def _position(number: int) -> str:
    return f"{clock.now_ms():013d}{number:06d}"
