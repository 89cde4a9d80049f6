"""The wire form of a run's inputs and outputs, each by itself, so that its size is known before it is stored."""

from collections.abc import Iterable

from chalicelib.edge.replies import Json, bytes_in_reply, filled
from chalicelib.storage.items import DatasetItem, InputEdge, ModelEdge


def dataset_input(edge: InputEdge, dataset: DatasetItem) -> Json:
    """The DatasetInput message."""
    return filled(tags=_tags(edge.tags), dataset=_dataset(dataset))


def model_input(edge: ModelEdge) -> Json:
    """The LoggedModelInput message."""
    return {"model_id": edge.model_id}


def model_output(edge: ModelEdge) -> Json:
    """The LoggedModelOutput message."""
    return {"model_id": edge.model_id, "step": int(edge.step or 0)}


def bytes_of_dataset(dataset: DatasetItem) -> int:
    """How many bytes a dataset takes in a reply, for each run that uses it."""
    return bytes_in_reply(_dataset(dataset))


def bytes_of_tags(tags: Iterable[list[str]]) -> int:
    """How many bytes the tags of a use of a dataset take in a reply, with what is around them."""
    return bytes_in_reply({"tags": _tags(tags), "dataset": {}})


def _dataset(dataset: DatasetItem) -> Json:
    described = {
        "name": dataset.name,
        "digest": dataset.digest,
        "source_type": dataset.source_type,
        "source": dataset.source,
    }
    texts = {"schema": dataset.schema, "profile": dataset.profile}
    return described | {name: text for name, text in texts.items() if text}


def _tags(tags: Iterable[list[str]]) -> list[Json]:
    return [{"key": key, "value": value} for key, value in tags]
