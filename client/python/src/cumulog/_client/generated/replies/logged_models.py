"""Replies, and their messages.

Written by `make client` from the OpenAPI document. Do not edit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypedDict

from cumulog._client.generated.replies.shared import ArtifactEntry, KeyValue
from cumulog._http.wire import Json


class _LoggedModelRequired(TypedDict):
    info: LoggedModelInfo
    data: LoggedModelData


class LoggedModel(_LoggedModelRequired, total=False):
    """`LoggedModel` in a reply."""

    cut: Json


class LoggedModelData(TypedDict, total=False):
    """`LoggedModelData` in a reply."""

    params: Sequence[KeyValue]
    metrics: Sequence[MeasuredPoint]


class _LoggedModelInfoRequired(TypedDict):
    model_id: str
    experiment_id: str
    name: str
    creation_timestamp_ms: int
    last_updated_timestamp_ms: int
    artifact_uri: str
    status: str
    model_type: str
    source_run_id: str


class LoggedModelInfo(_LoggedModelInfoRequired, total=False):
    """`LoggedModelInfo` in a reply."""

    tags: Sequence[KeyValue]


class _MeasuredPointRequired(TypedDict):
    key: str
    value: float | Literal["NaN", "Infinity", "-Infinity"]
    timestamp: int
    step: int
    model_id: str


class MeasuredPoint(_MeasuredPointRequired, total=False):
    """`MeasuredPoint` in a reply."""

    run_id: str
    dataset_name: str
    dataset_digest: str


class CreateLoggedModelReply(TypedDict):
    """The fields of a reply."""

    model: LoggedModel


class FinalizeLoggedModelReply(TypedDict):
    """The fields of a reply."""

    model: LoggedModel


class GetLoggedModelReply(TypedDict):
    """The fields of a reply."""

    model: LoggedModel


class _ListModelArtifactsReplyRequired(TypedDict):
    root_uri: str


class ListModelArtifactsReply(_ListModelArtifactsReplyRequired, total=False):
    """The fields of a reply."""

    files: Sequence[ArtifactEntry]
    next_page_token: str


class SearchLoggedModelsReply(TypedDict, total=False):
    """The fields of a reply."""

    models: Sequence[LoggedModel]
    next_page_token: str
