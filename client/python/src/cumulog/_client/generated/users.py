"""Users and their permissions.

Written by `make client` from the OpenAPI document. Do not edit.
"""

from __future__ import annotations

from cumulog._http.calls import Namespace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from cumulog._client.generated.replies import users as replies
    from cumulog._http.wire import Json


class Users(Namespace):
    """Users and their permissions."""

    def create(
        self, username: str, *, password: str | None = None, kind: Literal["person", "service"] | None = None
    ) -> replies.CreateUserReply:
        """Create a user, who has no token and no permission yet.

        `POST /api/2.0/mlflow/users/create`. Who may call it: administrators, with a token that is not limited
        to scopes.
        """
        reply: replies.CreateUserReply = self._json(
            "POST", "/api/2.0/mlflow/users/create", body={"username": username, "password": password, "kind": kind}
        )
        return reply

    def delete(self, username: str) -> Json:
        """Delete a user and revoke their tokens; the name is never given to another.

        `DELETE /api/2.0/mlflow/users/delete`. Who may call it: administrators, with a token that is not limited
        to scopes.
        """
        reply: Json = self._json("DELETE", "/api/2.0/mlflow/users/delete", body={"username": username})
        return reply

    def get(self, username: str) -> replies.GetUserReply:
        """Get a user: the caller, or for an administrator anyone.

        `GET /api/2.0/mlflow/users/get`. Who may call it: anyone with a valid token, within the limits that the
        description names.
        """
        reply: replies.GetUserReply = self._json("GET", "/api/2.0/mlflow/users/get", query={"username": username})
        return reply

    def get_current(self) -> replies.GetCurrentUserReply:
        """Get the caller.

        `GET /api/2.0/mlflow/users/current`. Who may call it: anyone with a valid token.
        """
        reply: replies.GetCurrentUserReply = self._json("GET", "/api/2.0/mlflow/users/current")
        return reply

    def get_permission(
        self, resource_type: Literal["experiment", "registered_model"], resource_id: str, username: str
    ) -> replies.GetUserPermissionReply:
        """Get a user's effective permission on a thing: the caller's, or for a manager of the thing anyone's.

        `GET /api/3.0/mlflow/users/permissions/get`. Who may call it: anyone with a valid token, within the
        limits that the description names.
        """
        reply: replies.GetUserPermissionReply = self._json(
            "GET",
            "/api/3.0/mlflow/users/permissions/get",
            query={"resource_type": resource_type, "resource_id": resource_id, "username": username},
        )
        return reply

    def grant_permission(
        self,
        resource_type: Literal["experiment", "registered_model"],
        resource_id: str,
        username: str,
        permission: Literal["READ", "USE", "EDIT", "MANAGE", "DENY"],
    ) -> Json:
        """Give a user a permission on a thing, in place of the one before.

        `POST /api/3.0/mlflow/users/permissions/grant`. Who may call it: `MANAGE` on the thing.
        """
        reply: Json = self._json(
            "POST",
            "/api/3.0/mlflow/users/permissions/grant",
            body={
                "resource_type": resource_type,
                "resource_id": resource_id,
                "username": username,
                "permission": permission,
            },
        )
        return reply

    def list(self, *, page_token: str | None = None) -> replies.ListUsersReply:
        """List all users who are not deleted; if one reply cannot carry them, in pages.

        `GET /api/2.0/mlflow/users/list`. Who may call it: administrators, with a token that is not limited to
        scopes.
        """
        reply: replies.ListUsersReply = self._json(
            "GET", "/api/2.0/mlflow/users/list", query={"page_token": page_token}
        )
        return reply

    def list_current_permissions(self) -> replies.ListCurrentUserPermissionsReply:
        """List the caller's grants that the caller's token reaches.

        `GET /api/3.0/mlflow/users/current/permissions`. Who may call it: anyone with a valid token.
        """
        reply: replies.ListCurrentUserPermissionsReply = self._json("GET", "/api/3.0/mlflow/users/current/permissions")
        return reply

    def list_permissions(self, username: str) -> replies.ListUserPermissionsReply:
        """List a user's grants: the caller's, or for an administrator anyone's.

        `GET /api/3.0/mlflow/users/permissions/list`. Who may call it: anyone with a valid token, within the
        limits that the description names.
        """
        reply: replies.ListUserPermissionsReply = self._json(
            "GET", "/api/3.0/mlflow/users/permissions/list", query={"username": username}
        )
        return reply

    def revoke_permission(
        self, resource_type: Literal["experiment", "registered_model"], resource_id: str, username: str
    ) -> Json:
        """Revoke a user's permission on a thing.

        `POST /api/3.0/mlflow/users/permissions/revoke`. Who may call it: `MANAGE` on the thing.
        """
        reply: Json = self._json(
            "POST",
            "/api/3.0/mlflow/users/permissions/revoke",
            body={"resource_type": resource_type, "resource_id": resource_id, "username": username},
        )
        return reply

    def update_admin(self, username: str, is_admin: bool) -> Json:
        """Make a user an administrator, or no longer one. The last administrator stays.

        `PATCH /api/2.0/mlflow/users/update-admin`. Who may call it: administrators, with a token that is not
        limited to scopes.
        """
        reply: Json = self._json(
            "PATCH", "/api/2.0/mlflow/users/update-admin", body={"username": username, "is_admin": is_admin}
        )
        return reply

    def update_password(self) -> Json:
        """Always refused: there are no passwords.

        `PATCH /api/2.0/mlflow/users/update-password`. Who may call it: anyone with a valid token.
        """
        reply: Json = self._json("PATCH", "/api/2.0/mlflow/users/update-password")
        return reply
