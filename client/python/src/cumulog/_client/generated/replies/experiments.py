"""Replies, and their messages.

Written by `make client` from the OpenAPI document. Do not edit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from cumulog._client.generated.replies.shared import KeyValue


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


class CreateExperimentReply(TypedDict):
    """The fields of a reply."""

    experiment_id: str


class GetExperimentByNameReply(TypedDict):
    """The fields of a reply."""

    experiment: Experiment


class GetExperimentReply(TypedDict):
    """The fields of a reply."""

    experiment: Experiment


class SearchExperimentsReply(TypedDict, total=False):
    """The fields of a reply."""

    experiments: Sequence[Experiment]
    next_page_token: str
