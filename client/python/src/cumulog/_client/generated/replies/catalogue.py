"""Replies, and their messages.

Written by `make client` from the OpenAPI document. Do not edit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from cumulog._http.wire import Json


class _CatalogueEntryRequired(TypedDict):
    path: str
    experiment_id: str
    status: str
    flavors: Sequence[Flavor]
    last_modified: int
    size_bytes: int
    contains_pickle: bool


class CatalogueEntry(_CatalogueEntryRequired, total=False):
    """`CatalogueEntry` in a reply."""

    run_id: str
    model_id: str
    reason: str
    notes: Sequence[str]
    mlflow_version: str
    utc_time_created: str


class _CatalogueFileRequired(TypedDict):
    path: str
    size: int
    pickle: bool


class CatalogueFile(_CatalogueFileRequired, total=False):
    """`CatalogueFile` in a reply."""

    sha256: str


class _CatalogueModelRequired(TypedDict):
    path: str
    experiment_id: str
    status: str
    flavors: Sequence[ConfiguredFlavor]
    last_modified: int
    size_bytes: int
    contains_pickle: bool
    signature: Json
    signature_cut: bool
    input_example: Json
    files: Sequence[CatalogueFile]
    files_cut: bool
    environment: Sequence[str]


class CatalogueModel(_CatalogueModelRequired, total=False):
    """`CatalogueModel` in a reply."""

    run_id: str
    model_id: str
    reason: str
    notes: Sequence[str]
    mlflow_version: str
    utc_time_created: str


class ConfiguredFlavor(TypedDict):
    """`ConfiguredFlavor` in a reply."""

    name: str
    version: str
    configuration: Json


class Flavor(TypedDict):
    """`Flavor` in a reply."""

    name: str
    version: str


class GetCatalogueEntryReply(TypedDict):
    """The fields of a reply."""

    entry: CatalogueModel


class _SearchCatalogueReplyRequired(TypedDict):
    entries: Sequence[CatalogueEntry]


class SearchCatalogueReply(_SearchCatalogueReplyRequired, total=False):
    """The fields of a reply."""

    next_page_token: str
