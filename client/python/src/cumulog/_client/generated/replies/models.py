"""Replies, and their messages.

Written by `make client` from the OpenAPI document. Do not edit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from cumulog._client.generated.replies.shared import KeyValue


class Alias(TypedDict):
    """`Alias` in a reply."""

    alias: str
    version: str


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


class CreateModelVersionReply(TypedDict):
    """The fields of a reply."""

    model_version: ModelVersion


class CreateRegisteredModelReply(TypedDict):
    """The fields of a reply."""

    registered_model: RegisteredModel


class GetLatestVersionsReply(TypedDict, total=False):
    """The fields of a reply."""

    model_versions: Sequence[ModelVersion]


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


class RenameRegisteredModelReply(TypedDict):
    """The fields of a reply."""

    registered_model: RegisteredModel


class SearchModelVersionsReply(TypedDict, total=False):
    """The fields of a reply."""

    model_versions: Sequence[ModelVersion]
    next_page_token: str


class SearchRegisteredModelsReply(TypedDict, total=False):
    """The fields of a reply."""

    registered_models: Sequence[RegisteredModel]
    next_page_token: str


class TransitionModelVersionStageReply(TypedDict):
    """The fields of a reply."""

    model_version: ModelVersion


class UpdateModelVersionReply(TypedDict):
    """The fields of a reply."""

    model_version: ModelVersion


class UpdateRegisteredModelReply(TypedDict):
    """The fields of a reply."""

    registered_model: RegisteredModel
