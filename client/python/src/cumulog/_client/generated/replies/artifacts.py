"""Replies, and their messages.

Written by `make client` from the OpenAPI document. Do not edit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from cumulog._client.generated.replies.shared import ArtifactEntry
from cumulog._http.wire import Json


class _ArrivedPartRequired(TypedDict):
    part_number: int
    size: int
    etag: str


class ArrivedPart(_ArrivedPartRequired, total=False):
    """`ArrivedPart` in a reply."""

    sha256: str


class _DownloadRequired(TypedDict):
    path: str
    url: str
    size: int


class Download(_DownloadRequired, total=False):
    """`Download` in a reply."""

    sha256: str


class MlflowPartTarget(TypedDict):
    """`MlflowPartTarget` in a reply."""

    url: str
    part_number: int
    headers: Json


class PartTarget(TypedDict):
    """`PartTarget` in a reply."""

    part_number: int
    url: str
    headers: Json


class UploadTarget(TypedDict):
    """`UploadTarget` in a reply."""

    path: str
    url: str
    headers: Json


class CreateDownloadUrlReply(TypedDict):
    """The fields of a reply."""

    presigned_url: str
    headers: Json
    file_size: int


class CreateDownloadsReply(TypedDict):
    """The fields of a reply."""

    downloads: Sequence[Download]


class CreateMlflowUploadReply(TypedDict):
    """The fields of a reply."""

    upload_id: str
    credentials: Sequence[MlflowPartTarget]


class CreateUploadReply(TypedDict):
    """The fields of a reply."""

    upload_id: str
    part_size: int


class CreateUploadUrlReply(TypedDict):
    """The fields of a reply."""

    presigned_url: str
    headers: Json


class CreateUploadsReply(TypedDict):
    """The fields of a reply."""

    uploads: Sequence[UploadTarget]


class _ListArtifactsReplyRequired(TypedDict):
    root_uri: str


class ListArtifactsReply(_ListArtifactsReplyRequired, total=False):
    """The fields of a reply."""

    files: Sequence[ArtifactEntry]
    next_page_token: str


class _ListFolderReplyRequired(TypedDict):
    files: Sequence[ArtifactEntry]


class ListFolderReply(_ListFolderReplyRequired, total=False):
    """The fields of a reply."""

    next_page_token: str


class _ListPartsReplyRequired(TypedDict):
    parts: Sequence[ArrivedPart]


class ListPartsReply(_ListPartsReplyRequired, total=False):
    """The fields of a reply."""

    next_page_token: str


class ListProxiedReply(TypedDict, total=False):
    """The fields of a reply."""

    files: Sequence[ArtifactEntry]


class PresignedDownloadReply(TypedDict):
    """The fields of a reply."""

    url: str
    headers: Json
    file_size: int


class SignPartsReply(TypedDict):
    """The fields of a reply."""

    parts: Sequence[PartTarget]
