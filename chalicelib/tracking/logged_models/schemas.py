"""The requests about logged models, one model per call. The id always comes from the path, never from the body."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator
from typing_extensions import Self

from chalicelib.edge.checks import SHOWN, check_length, repeated
from chalicelib.edge.wire import Bool, Int32, Message, Repeated, Request, RequiredText, Text, named, shown
from chalicelib.errors import BadRequest, InvalidParameterValue
from chalicelib.tracking import fields
from chalicelib.tracking.logged_models.vocabulary import KEY
from chalicelib.tracking.runs.rules import DATASET

_FORBIDDEN_IN_NAMES = ("/", ":", ".", "%", '"', "'")
# Each point is compared with each of them.
_MOST_DATASETS = 100
# MLflow's page size when none or 0 is requested, and our maximum: longer results take several pages.
_DEFAULT_PAGE, _ZERO_PAGE, _LONGEST_PAGE = 50, 100, 50_000


def _name(name: str) -> str:
    if any(character in name for character in _FORBIDDEN_IN_NAMES):
        raise InvalidParameterValue(
            f"Invalid model name ({name[:SHOWN]!r}) provided. Model name must be a non-empty string and cannot "
            f"contain the following characters: {_FORBIDDEN_IN_NAMES}"
        )
    return name


def _key(key: str) -> str:
    check_length("key", key, KEY)
    return key


def _dataset_name(name: str) -> str:
    check_length("dataset_name", name, DATASET["name"])
    return name


def _dataset_digest(digest: str) -> str:
    check_length("dataset_digest", digest, DATASET["digest"])
    return digest


def _few(datasets: list["DatasetFilter"]) -> list["DatasetFilter"]:
    if len(datasets) > _MOST_DATASETS:
        raise InvalidParameterValue(f"Invalid datasets: more than {_MOST_DATASETS} entries.")
    return datasets


def _page(count: int) -> int:
    if count < 0:
        raise InvalidParameterValue(f"Invalid value {count} for parameter 'max_results' supplied: it is negative.")
    return min(count or _ZERO_PAGE, _LONGEST_PAGE)


def _refuse_repeats(what: str, pairs: Sequence["Pair"]) -> None:
    if again := repeated(pair.key for pair in pairs):
        raise BadRequest(f"A logged model cannot have two {what} with the key {shown(again[0])}.")


Status = Annotated[
    Literal[
        "LOGGED_MODEL_PENDING", "LOGGED_MODEL_READY", "LOGGED_MODEL_UPLOAD_FAILED", "LOGGED_MODEL_STATUS_UNSPECIFIED"
    ],
    # The last one has number 0; MLflow reads every unknown number as this one.
    named(
        "LOGGED_MODEL_PENDING", "LOGGED_MODEL_READY", "LOGGED_MODEL_UPLOAD_FAILED", "LOGGED_MODEL_STATUS_UNSPECIFIED"
    ),
]


class Pair(Message):
    """A param or a tag. As in MLflow, any characters are allowed and the value may have any length."""

    key: Annotated[RequiredText, AfterValidator(_key)]
    value: Text = ""


class CreateLoggedModel(Request):
    experiment_id: fields.ExperimentId
    # Chosen by the client, or made by the server as in MLflow.
    model_id: fields.NewModelId | None = None
    name: Annotated[Text, AfterValidator(_name)] = ""
    model_type: Text = ""
    source_run_id: Text = ""
    params: Repeated[Pair] = Field(default_factory=list)
    tags: Repeated[Pair] = Field(default_factory=list)

    @model_validator(mode="after")
    def _allowed(self) -> Self:
        _refuse_repeats("params", self.params)
        _refuse_repeats("tags", self.tags)
        return self


class GetLoggedModel(Request):
    model_id: RequiredText
    allow_deleted: Bool = False


class FinalizeLoggedModel(Request):
    model_id: RequiredText
    status: Status


class DeleteLoggedModel(Request):
    model_id: RequiredText


class SetLoggedModelTags(Request):
    model_id: RequiredText
    tags: Repeated[Pair] = Field(default_factory=list)


class DeleteLoggedModelTag(Request):
    model_id: RequiredText
    tag_key: RequiredText


class LogLoggedModelParams(Request):
    model_id: RequiredText
    params: Repeated[Pair] = Field(default_factory=list)

    @model_validator(mode="after")
    def _allowed(self) -> Self:
        _refuse_repeats("params", self.params)
        return self


class OfDataset(Message):
    """A dataset by its name and digest, which are no longer than those of any that can be logged."""

    dataset_name: Annotated[Text, AfterValidator(_dataset_name)] = ""
    dataset_digest: Annotated[Text, AfterValidator(_dataset_digest)] = ""


class DatasetFilter(OfDataset):
    """A dataset whose metrics count. Without a digest any digest matches; MLflow intends that, but REST breaks it."""

    @model_validator(mode="after")
    def _named(self) -> Self:
        if not self.dataset_name:
            raise InvalidParameterValue("`dataset_name` in the `datasets` clause must be specified.")
        return self


class OrderBy(OfDataset):
    """One entry of an order. The dataset, if given, selects the metric's points."""

    field_name: Text = ""
    ascending: Bool = True


class SearchLoggedModels(Request):
    experiment_ids: fields.ExperimentIds
    filter: Text = ""
    datasets: Annotated[Repeated[DatasetFilter], AfterValidator(_few)] = Field(default_factory=list)
    max_results: Annotated[Int32, AfterValidator(_page)] = _DEFAULT_PAGE
    order_by: Repeated[OrderBy] = Field(default_factory=list)
    page_token: Text = ""
