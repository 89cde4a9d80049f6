"""Messages that the replies of several namespaces hold.

Written by `make client` from the OpenAPI document. Do not edit.
"""

from __future__ import annotations

from typing import Literal, TypedDict


class _ArtifactEntryRequired(TypedDict):
    path: str
    is_dir: bool


class ArtifactEntry(_ArtifactEntryRequired, total=False):
    """`ArtifactEntry` in a reply."""

    file_size: int


class KeyValue(TypedDict):
    """`KeyValue` in a reply."""

    key: str
    value: str


class Point(TypedDict):
    """`Point` in a reply."""

    key: str
    value: float | Literal["NaN", "Infinity", "-Infinity"]
    timestamp: int
    step: int


class User(TypedDict):
    """`User` in a reply."""

    id: str
    username: str
    is_admin: bool
    kind: str
