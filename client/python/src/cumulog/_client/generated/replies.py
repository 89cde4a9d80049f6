"""Replies, and the messages in them.

Written by `make client` from the OpenAPI document. Do not edit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypedDict

from cumulog._http.wire import Json


class Alias(TypedDict):
    """`Alias` in a reply."""

    alias: str
    version: str


class _DatasetRequired(TypedDict):
    name: str
    digest: str


class Dataset(_DatasetRequired, total=False):
    """`Dataset` in a reply."""

    source_type: str
    source: str
    schema: str
    profile: str


class _DatasetInputRequired(TypedDict):
    dataset: Dataset


class DatasetInput(_DatasetInputRequired, total=False):
    """`DatasetInput` in a reply."""

    tags: Sequence[KeyValue]


class _ExperimentRequired(TypedDict):
    experiment_id: str
    name: str
    artifact_location: str
    lifecycle_stage: str
    creation_time: int
    last_update_time: int
    workspace: str


class Experiment(_ExperimentRequired, total=False):
    """`Experiment` in a reply."""

    tags: Sequence[KeyValue]


class KeyValue(TypedDict):
    """`KeyValue` in a reply."""

    key: str
    value: str


class ModelInput(TypedDict):
    """`ModelInput` in a reply."""

    model_id: str


class ModelOutput(TypedDict):
    """`ModelOutput` in a reply."""

    model_id: str
    step: int


class _ModelVersionRequired(TypedDict):
    name: str
    version: str
    creation_timestamp: int
    last_updated_timestamp: int
    current_stage: str
    run_id: str
    run_link: str
    status: str


class ModelVersion(_ModelVersionRequired, total=False):
    """`ModelVersion` in a reply."""

    description: str
    source: str
    tags: Sequence[KeyValue]
    aliases: Sequence[str]
    external: bool
    cut: Sequence[str]


class Point(TypedDict):
    """`Point` in a reply."""

    key: str
    value: float | Literal["NaN", "Infinity", "-Infinity"]
    timestamp: int
    step: int


class PointOfRun(TypedDict):
    """`PointOfRun` in a reply."""

    key: str
    value: float | Literal["NaN", "Infinity", "-Infinity"]
    timestamp: int
    step: int
    run_id: str


class _RegisteredModelRequired(TypedDict):
    name: str
    creation_timestamp: int
    last_updated_timestamp: int


class RegisteredModel(_RegisteredModelRequired, total=False):
    """`RegisteredModel` in a reply."""

    description: str
    latest_versions: Sequence[ModelVersion]
    tags: Sequence[KeyValue]
    aliases: Sequence[Alias]


class _RunRequired(TypedDict):
    info: RunInfo
    data: RunData
    inputs: RunInputs


class Run(_RunRequired, total=False):
    """`Run` in a reply."""

    outputs: RunOutputs
    cut: Json


class RunData(TypedDict, total=False):
    """`RunData` in a reply."""

    metrics: Sequence[Point]
    params: Sequence[KeyValue]
    tags: Sequence[KeyValue]


class _RunInfoRequired(TypedDict):
    run_uuid: str
    run_id: str
    experiment_id: str
    user_id: str
    status: str
    artifact_uri: str
    lifecycle_stage: str


class RunInfo(_RunInfoRequired, total=False):
    """`RunInfo` in a reply."""

    run_name: str
    start_time: int
    end_time: int


class RunInputs(TypedDict, total=False):
    """`RunInputs` in a reply."""

    dataset_inputs: Sequence[DatasetInput]
    model_inputs: Sequence[ModelInput]


class RunOutputs(TypedDict, total=False):
    """`RunOutputs` in a reply."""

    model_outputs: Sequence[ModelOutput]


class CreateExperimentReply(TypedDict):
    """The fields of a reply."""

    experiment_id: str


class CreateModelVersionReply(TypedDict):
    """The fields of a reply."""

    model_version: ModelVersion


class CreateRegisteredModelReply(TypedDict):
    """The fields of a reply."""

    registered_model: RegisteredModel


class CreateRunReply(TypedDict):
    """The fields of a reply."""

    run: Run


class GetExperimentByNameReply(TypedDict):
    """The fields of a reply."""

    experiment: Experiment


class GetExperimentReply(TypedDict):
    """The fields of a reply."""

    experiment: Experiment


class GetLatestVersionsReply(TypedDict, total=False):
    """The fields of a reply."""

    model_versions: Sequence[ModelVersion]


class GetMetricHistoryBulkIntervalReply(TypedDict, total=False):
    """The fields of a reply."""

    metrics: Sequence[PointOfRun]


class GetMetricHistoryBulkReply(TypedDict):
    """The fields of a reply."""

    metrics: Sequence[PointOfRun]


class GetMetricHistoryReply(TypedDict, total=False):
    """The fields of a reply."""

    metrics: Sequence[Point]
    next_page_token: str


class GetModelVersionByAliasReply(TypedDict):
    """The fields of a reply."""

    model_version: ModelVersion


class GetModelVersionDownloadUriReply(TypedDict):
    """The fields of a reply."""

    artifact_uri: str


class GetModelVersionReply(TypedDict):
    """The fields of a reply."""

    model_version: ModelVersion


class GetRegisteredModelReply(TypedDict):
    """The fields of a reply."""

    registered_model: RegisteredModel


class GetRunReply(TypedDict):
    """The fields of a reply."""

    run: Run


class RenameRegisteredModelReply(TypedDict):
    """The fields of a reply."""

    registered_model: RegisteredModel


class SearchExperimentsReply(TypedDict, total=False):
    """The fields of a reply."""

    experiments: Sequence[Experiment]
    next_page_token: str


class SearchModelVersionsReply(TypedDict, total=False):
    """The fields of a reply."""

    model_versions: Sequence[ModelVersion]
    next_page_token: str


class SearchRegisteredModelsReply(TypedDict, total=False):
    """The fields of a reply."""

    registered_models: Sequence[RegisteredModel]
    next_page_token: str


class SearchRunsReply(TypedDict, total=False):
    """The fields of a reply."""

    runs: Sequence[Run]
    next_page_token: str


class UpdateModelVersionReply(TypedDict):
    """The fields of a reply."""

    model_version: ModelVersion


class UpdateRegisteredModelReply(TypedDict):
    """The fields of a reply."""

    registered_model: RegisteredModel


class UpdateRunReply(TypedDict):
    """The fields of a reply."""

    run_info: RunInfo
