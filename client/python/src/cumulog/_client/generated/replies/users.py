"""Replies, and their messages.

Written by `make client` from the OpenAPI document. Do not edit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from cumulog._client.generated.replies.shared import User
from cumulog._http.wire import Json


class ListedUser(TypedDict):
    """`ListedUser` in a reply."""

    id: str
    username: str
    is_admin: bool
    kind: str
    roles: Sequence[Json]


class Permission(TypedDict):
    """`Permission` in a reply."""

    role_id: int
    role_name: str
    workspace: str
    resource_type: str
    resource_pattern: str
    permission: str


class UserSelf(TypedDict):
    """`UserSelf` in a reply."""

    id: str
    username: str
    is_admin: bool


class CreateUserReply(TypedDict):
    """The fields of a reply."""

    user: User


class GetCurrentUserReply(TypedDict):
    """The fields of a reply."""

    user: UserSelf
    is_basic_auth: bool


class GetUserPermissionReply(TypedDict):
    """The fields of a reply."""

    allowed: bool
    permission: str


class GetUserReply(TypedDict):
    """The fields of a reply."""

    user: User


class _ListCurrentUserPermissionsReplyRequired(TypedDict):
    is_admin: bool
    permissions: Sequence[Permission]


class ListCurrentUserPermissionsReply(_ListCurrentUserPermissionsReplyRequired, total=False):
    """The fields of a reply."""

    cut: int


class _ListUserPermissionsReplyRequired(TypedDict):
    is_admin: bool
    permissions: Sequence[Permission]


class ListUserPermissionsReply(_ListUserPermissionsReplyRequired, total=False):
    """The fields of a reply."""

    cut: int


class _ListUsersReplyRequired(TypedDict):
    users: Sequence[ListedUser]


class ListUsersReply(_ListUsersReplyRequired, total=False):
    """The fields of a reply."""

    next_page_token: str
