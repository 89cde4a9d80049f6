"""Users' tokens and grants.

Written by `make client` from the OpenAPI document. Do not edit.
"""

from __future__ import annotations

from cumulog._http.calls import Namespace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Literal

    from cumulog._client.generated.replies import access as replies
    from cumulog._http.wire import Json


class Access(Namespace):
    """Users' tokens and grants."""

    def create_token(
        self,
        *,
        owner: str | None = None,
        label: str | None = None,
        scopes: Sequence[str] | None = None,
        expires_in_seconds: int | None = None,
    ) -> replies.CreateTokenReply:
        """Create a token: for the caller, within the scopes of the token used; as an administrator, for anyone.

        `POST /api/2.0/cumulog/access/tokens/create`. Who may call it: anyone with a valid token, within the
        limits that the description names.
        """
        reply: replies.CreateTokenReply = self._json(
            "POST",
            "/api/2.0/cumulog/access/tokens/create",
            body={"owner": owner, "label": label, "scopes": scopes, "expires_in_seconds": expires_in_seconds},
        )
        return reply

    def list_grants(
        self, resource_type: Literal["experiment", "registered_model"], resource_id: str
    ) -> replies.ListGrantsReply:
        """List the grants on a thing, or with `*` on all of its kind.

        `GET /api/2.0/cumulog/access/grants/list`. Who may call it: `MANAGE` on the thing.
        """
        reply: replies.ListGrantsReply = self._json(
            "GET",
            "/api/2.0/cumulog/access/grants/list",
            query={"resource_type": resource_type, "resource_id": resource_id},
        )
        return reply

    def list_tokens(self, *, owner: str | None = None) -> replies.ListTokensReply:
        """List the caller's tokens (a limited one sees itself and those derived from it); for an administrator
        anyone's.

        `GET /api/2.0/cumulog/access/tokens/list`. Who may call it: anyone with a valid token, within the limits
        that the description names.
        """
        reply: replies.ListTokensReply = self._json(
            "GET", "/api/2.0/cumulog/access/tokens/list", query={"owner": owner}
        )
        return reply

    def me(self) -> replies.GetMeReply:
        """Get the caller, the token used, and what it may do.

        `GET /api/2.0/cumulog/access/me`. Who may call it: anyone with a valid token.
        """
        reply: replies.GetMeReply = self._json("GET", "/api/2.0/cumulog/access/me")
        return reply

    def restore_user(self, username: str) -> replies.RestoreUserReply:
        """Restore a deleted user, with their grants and without their tokens.

        `POST /api/2.0/cumulog/access/users/restore`. Who may call it: administrators, with a token that is not
        limited to scopes.
        """
        reply: replies.RestoreUserReply = self._json(
            "POST", "/api/2.0/cumulog/access/users/restore", body={"username": username}
        )
        return reply

    def revoke_token(self, token_id: str) -> Json:
        """Revoke a token that the caller may list, and all tokens derived from it.

        `POST /api/2.0/cumulog/access/tokens/revoke`. Who may call it: anyone with a valid token, within the
        limits that the description names.
        """
        reply: Json = self._json("POST", "/api/2.0/cumulog/access/tokens/revoke", body={"token_id": token_id})
        return reply

    def rotate_token(self, token_id: str) -> replies.RotateTokenReply:
        """Replace a token that the caller may list with a new one, in one write.

        `POST /api/2.0/cumulog/access/tokens/rotate`. Who may call it: anyone with a valid token, within the
        limits that the description names.
        """
        reply: replies.RotateTokenReply = self._json(
            "POST", "/api/2.0/cumulog/access/tokens/rotate", body={"token_id": token_id}
        )
        return reply
