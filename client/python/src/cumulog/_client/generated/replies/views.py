"""Replies, and their messages.

Written by `make client` from the OpenAPI document. Do not edit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict


class _SavedViewRequired(TypedDict):
    view_id: str
    experiment_id: str
    name: str
    format: int
    version: int
    created: int
    updated: int


class SavedView(_SavedViewRequired, total=False):
    """`SavedView` in a reply."""

    updated_by: str


class _WholeSavedViewRequired(TypedDict):
    view_id: str
    experiment_id: str
    name: str
    format: int
    version: int
    created: int
    updated: int
    state: str


class WholeSavedView(_WholeSavedViewRequired, total=False):
    """`WholeSavedView` in a reply."""

    updated_by: str


class GetViewReply(TypedDict):
    """The fields of a reply."""

    view: WholeSavedView


class ListViewsReply(TypedDict):
    """The fields of a reply."""

    views: Sequence[SavedView]


class SaveViewReply(TypedDict):
    """The fields of a reply."""

    view: SavedView
