"""Replies, and their messages.

Written by `make client` from the OpenAPI document. Do not edit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypedDict

from cumulog._client.generated.replies.shared import Point


class _CurveRequired(TypedDict):
    run: int
    key: int
    size: int
    exact: bool


class Curve(_CurveRequired, total=False):
    """`Curve` in a reply."""

    origin: int
    x: Sequence[int]
    value: Sequence[float | Literal["NaN", "Infinity", "-Infinity"]]
    start: Sequence[int]
    end: Sequence[int]
    count: Sequence[int]
    first: Sequence[float | Literal["NaN", "Infinity", "-Infinity"]]
    last: Sequence[float | Literal["NaN", "Infinity", "-Infinity"]]
    min: Sequence[float | Literal["NaN", "Infinity", "-Infinity"]]
    max: Sequence[float | Literal["NaN", "Infinity", "-Infinity"]]


class CurvesMissing(TypedDict):
    """`CurvesMissing` in a reply."""

    runs: Sequence[str]
    keys: Sequence[str]


class PointOfRun(TypedDict):
    """`PointOfRun` in a reply."""

    key: str
    value: float | Literal["NaN", "Infinity", "-Infinity"]
    timestamp: int
    step: int
    run_id: str


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


class GetMetricSeriesReply(TypedDict):
    """The fields of a reply."""

    x: str
    runs: Sequence[str]
    keys: Sequence[str]
    missing: CurvesMissing
    left: Sequence[str]
    since: str
    series: Sequence[Curve]
