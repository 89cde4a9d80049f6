"""Replies, and their messages.

Written by `make client` from the OpenAPI document. Do not edit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict


class LineageEdge(TypedDict):
    """`LineageEdge` in a reply."""

    source: LineageEnd
    target: LineageEnd
    how: str


class LineageEnd(TypedDict):
    """`LineageEnd` in a reply."""

    kind: str
    id: str


class _LineageNodeRequired(TypedDict):
    kind: str
    id: str


class LineageNode(_LineageNodeRequired, total=False):
    """`LineageNode` in a reply."""

    name: str
    digest: str
    version: str
    stage: str
    aliases: Sequence[str]
    experiment_id: str
    status: str
    deleted: bool


class GetLineageGraphReply(TypedDict):
    """The fields of a reply."""

    nodes: Sequence[LineageNode]
    edges: Sequence[LineageEdge]
    hidden: int
    cut: bool
