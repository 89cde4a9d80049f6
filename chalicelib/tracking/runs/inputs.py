"""A run's inputs and outputs: datasets and logged models.

A run's use of a dataset is an edge in the run's own partition; using the same dataset a second time keeps the first
use's tags. All that a run holds must fit into a reply, so what is new is counted before it is put (`sizes.py`).
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

from chalicelib import clock
from chalicelib.errors import InvalidParameterValue
from chalicelib.storage import keys, parallel, tables
from chalicelib.storage.items import DatasetItem, InputEdge, ModelEdge, RunInfo, Use
from chalicelib.storage.models import RunsItem
from chalicelib.tracking.feed import writing
from chalicelib.tracking.runs import datasets, edges, runs, sizes
from chalicelib.tracking.runs.schemas import DatasetInput, LogInputs, LogOutputs, ModelInput, ModelOutput

# An edge is an item, which holds 400 KB.
_MOST_TAG_BYTES = 300_000

Edge = TypeVar("Edge", InputEdge, ModelEdge)


def log(request: LogInputs) -> None:
    """Log datasets and logged models that an active run used. Inputs logged before stay as they are.

    Raises InvalidParameterValue, before anything is stored, if the run would hold too much.
    """
    info = _with_more(request.run_id)
    wanted: dict[str, DatasetInput] = {}
    for each in request.datasets or ():
        wanted.setdefault(keys.dataset(each.dataset.name, each.dataset.digest), each)
    stored = {item.sk: item for item in datasets.find(info.experiment_id, wanted)}
    unknown = {key: datasets.new(info.experiment_id, each.dataset) for key, each in wanted.items() if key not in stored}
    known = {**stored, **unknown}
    used = _new(info, [_input(info, at, each, known[key]) for at, (key, each) in enumerate(wanted.items())])
    models = _new(info, [_model(info, keys.model_input, at, each) for at, each in enumerate(request.models or ())])
    with sizes.claimed(info, sizes.of_edges(used) + sizes.of_edges(models)):
        # Before the edges: whatever stops us, an edge that is stored is in the list too.
        new = [unknown[edge.dataset] for edge in used if edge.dataset in unknown]
        parallel.each(_put_first, [*new, *_uses(info, used, models)])
        parallel.each(datasets.put_once, [*used, *models])
    writing.tell(info)


def _put_first(item: RunsItem) -> None:
    if isinstance(item, DatasetItem):
        datasets.put(item)
    else:
        datasets.put_once(item)


def _uses(info: RunInfo, used: Sequence[InputEdge], models: Sequence[ModelEdge]) -> list[Use]:
    """The run in the lists of those that used each of these."""
    taken = [*(edge.dataset for edge in used), *(edge.model_id for edge in models)]
    return [Use(keys.used(each), info.run_id) for each in taken]


def log_outputs(request: LogOutputs) -> None:
    """Log the logged models that an active run produced. Raises InvalidParameterValue as `log` does."""
    info = _with_more(request.run_id)
    models = _new(info, [_model(info, keys.output, at, each, each.step or 0) for at, each in enumerate(request.models)])
    with sizes.claimed(info, sizes.of_edges(models)):
        parallel.each(datasets.put_once, models)
    writing.tell(info)


def _with_more(run_id: str) -> RunInfo:
    """Mark the run as having more than INFO holds. The mark is written first, so that no reader misses what follows."""
    info = runs.load_for_writing(run_id)
    return info if info.more else runs.change(run_id, [RunInfo.more.set(True)])


def _new(info: RunInfo, wanted: Sequence[Edge]) -> list[Edge]:
    """The edges that the run does not have yet; of two for the same thing, the first."""
    distinct = {edge.sk: edge for edge in reversed(wanted)}
    stored = tables.get_run_rows([(info.pk, sort_key) for sort_key in distinct])
    return [edge for edge in distinct.values() if (edge.pk, edge.sk) not in stored]


def _input(info: RunInfo, number: int, used: DatasetInput, dataset: DatasetItem) -> InputEdge:
    tags = [[tag.key, tag.value or ""] for tag in used.tags or ()]
    size = edges.bytes_of_tags(tags)
    if size > _MOST_TAG_BYTES:
        raise InvalidParameterValue(f"The tags of one dataset input may take about {_MOST_TAG_BYTES} bytes together.")
    return InputEdge(
        info.pk,
        keys.input_edge(dataset.sk),
        dataset=dataset.sk,
        name=used.dataset.name,
        digest=used.dataset.digest,
        position=_position(number),
        tags=tags,
        bytes=size + datasets.size(dataset),
    )


def _model(
    info: RunInfo, key: Callable[[str], str], number: int, model: ModelInput | ModelOutput, step: int | None = None
) -> ModelEdge:
    return ModelEdge(info.pk, key(model.model_id), model_id=model.model_id, position=_position(number), step=step)


def _position(number: int) -> str:
    return f"{clock.now_ms():013d}{number:06d}"
