"""Replies, and their messages.

Written by `make client` from the OpenAPI document. Do not edit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from cumulog._client.generated.replies.shared import KeyValue, Point
from cumulog._http.wire import Json


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


class LeaseHolder(TypedDict):
    """`LeaseHolder` in a reply."""

    holder: str
    since: int
    until: int


class ModelInput(TypedDict):
    """`ModelInput` in a reply."""

    model_id: str


class ModelOutput(TypedDict):
    """`ModelOutput` in a reply."""

    model_id: str
    step: int


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


class CreateRunReply(TypedDict):
    """The fields of a reply."""

    run: Run


class GetRunReply(TypedDict):
    """The fields of a reply."""

    run: Run


class LeaseRunReply(TypedDict, total=False):
    """The fields of a reply."""

    expires: int
    other_holder: LeaseHolder
    ended: bool


class SearchRunsReply(TypedDict, total=False):
    """The fields of a reply."""

    runs: Sequence[Run]
    next_page_token: str


class UpdateRunReply(TypedDict):
    """The fields of a reply."""

    run_info: RunInfo
