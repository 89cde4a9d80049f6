"""Replies, and their messages.

Written by `make client` from the OpenAPI document. Do not edit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from cumulog._client.generated.replies.shared import User
from cumulog._http.wire import Json


class GrantOnThing(TypedDict):
    """`GrantOnThing` in a reply."""

    username: str
    permission: str


class _TokenRequired(TypedDict):
    token_id: str
    owner: str
    label: str
    scopes: Sequence[str]
    created: int
    created_by: str
    parents: Sequence[str]
    expires: int


class Token(_TokenRequired, total=False):
    """`Token` in a reply."""

    created_with: str
    revoked: int


class CreateTokenReply(TypedDict):
    """The fields of a reply."""

    text: str
    token: Token


class _GetMeReplyRequired(TypedDict):
    username: str
    is_admin: bool
    may_administer: bool
    scopes: Sequence[str]
    everywhere: Json


class GetMeReply(_GetMeReplyRequired, total=False):
    """The fields of a reply."""

    token: Token


class _ListGrantsReplyRequired(TypedDict):
    grants: Sequence[GrantOnThing]


class ListGrantsReply(_ListGrantsReplyRequired, total=False):
    """The fields of a reply."""

    cut: int


class _ListTokensReplyRequired(TypedDict):
    tokens: Sequence[Token]


class ListTokensReply(_ListTokensReplyRequired, total=False):
    """The fields of a reply."""

    cut: int


class RestoreUserReply(TypedDict):
    """The fields of a reply."""

    user: User


class RotateTokenReply(TypedDict):
    """The fields of a reply."""

    text: str
    token: Token
