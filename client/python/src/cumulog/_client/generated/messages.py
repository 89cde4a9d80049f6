"""Messages that stand in lists and fields of requests.

Written by `make client` from the OpenAPI document. Do not edit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict


class _DatasetRequired(TypedDict):
    name: str
    digest: str


class Dataset(_DatasetRequired, total=False):
    """`Dataset` in a request."""

    source_type: str
    source: str
    schema: str
    profile: str


class DatasetFilter(TypedDict, total=False):
    """A dataset whose metrics count. Without a digest any digest matches; MLflow intends that, but REST breaks it."""

    dataset_name: str
    dataset_digest: str


class _DatasetInputRequired(TypedDict):
    dataset: Dataset


class DatasetInput(_DatasetInputRequired, total=False):
    """`DatasetInput` in a request."""

    tags: Sequence[InputTag]


class Differences(TypedDict, total=False):
    """How many values (of metrics, artifacts, predictions) came out how."""

    equal: int
    within_tolerance: int
    different: int
    missing: int


class DonePart(TypedDict):
    """`DonePart` in a request."""

    part_number: int
    etag: str
    sha256: str


class _InputTagRequired(TypedDict):
    key: str


class InputTag(_InputTagRequired, total=False):
    """`InputTag` in a request."""

    value: str


class _MetricRequired(TypedDict):
    key: str
    value: float
    timestamp: int


class Metric(_MetricRequired, total=False):
    """One point of a metric. `timestamp` is in milliseconds since 1970."""

    step: int
    model_id: str
    dataset_name: str
    dataset_digest: str


class MlflowPart(TypedDict):
    """A part of MLflow's upload. MLflow also sends back the URL, which is not needed."""

    part_number: int
    etag: str


class ModelInput(TypedDict):
    """`ModelInput` in a request."""

    model_id: str


class _ModelOutputRequired(TypedDict):
    model_id: str


class ModelOutput(_ModelOutputRequired, total=False):
    """`ModelOutput` in a request."""

    step: int


class NewFile(TypedDict):
    """`NewFile` in a request."""

    path: str
    size: int
    sha256: str


class NewPart(TypedDict):
    """`NewPart` in a request."""

    part_number: int
    size: int
    sha256: str


class OrderBy(TypedDict, total=False):
    """One entry of an order. The dataset, if given, selects the metric's points."""

    dataset_name: str
    dataset_digest: str
    field_name: str
    ascending: bool


class _PairRequired(TypedDict):
    key: str


class Pair(_PairRequired, total=False):
    """A param or a tag. As in MLflow, any characters are allowed and the value may have any length."""

    value: str


class _ParamRequired(TypedDict):
    key: str


class Param(_ParamRequired, total=False):
    """`Param` in a request."""

    value: str


class _RunTagRequired(TypedDict):
    key: str


class RunTag(_RunTagRequired, total=False):
    """`RunTag` in a request."""

    value: str


class _TagRequired(TypedDict):
    key: str


class Tag(_TagRequired, total=False):
    """`Tag` in a request."""

    value: str
