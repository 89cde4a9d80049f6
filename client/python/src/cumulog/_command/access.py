"""Users, tokens and grants: the server's endpoints as functions, for the command (`command.py`)."""

from cumulog._http.wire import Json
from cumulog._transfer.api import Api

_USERS = "/api/2.0/mlflow/users"
_PERMISSIONS = "/api/3.0/mlflow/users/permissions"
_ACCESS = "/api/2.0/cumulog/access"


class Access:
    """Calls on users, tokens and grants, with the permissions of the credentials' user."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def me(self) -> Json:
        return self._api.call("GET", _ACCESS + "/me")

    def users(self) -> list[Json]:
        return list(self._api.call("GET", _USERS + "/list")["users"])

    def add_user(self, name: str, kind: str) -> Json:
        """Create a user; `kind` is person or service."""
        return dict(self._api.call("POST", _USERS + "/create", body={"username": name, "kind": kind})["user"])

    def remove_user(self, name: str) -> None:
        self._api.call("DELETE", _USERS + "/delete", body={"username": name})

    def restore_user(self, name: str) -> Json:
        return dict(self._api.call("POST", _ACCESS + "/users/restore", body={"username": name})["user"])

    def set_admin(self, name: str, is_admin: bool) -> None:
        self._api.call("PATCH", _USERS + "/update-admin", body={"username": name, "is_admin": is_admin})

    def tokens(self, owner: str | None) -> list[Json]:
        """The tokens of a user, or the caller's own."""
        return list(self._api.call("GET", _ACCESS + "/tokens/list", {"owner": owner} if owner else None)["tokens"])

    def create_token(self, wish: Json) -> Json:
        """Create a token; the reply has its `text` and `token`. `wish` is the endpoint's request body."""
        return self._api.call("POST", _ACCESS + "/tokens/create", body=wish)

    def revoke_token(self, token_id: str) -> None:
        self._api.call("POST", _ACCESS + "/tokens/revoke", body={"token_id": token_id})

    def rotate_token(self, token_id: str) -> Json:
        return self._api.call("POST", _ACCESS + "/tokens/rotate", body={"token_id": token_id})

    def grants_of(self, user: str) -> list[Json]:
        """All grants of a user."""
        return list(self._api.call("GET", _PERMISSIONS + "/list", {"username": user})["permissions"])

    def grants_on(self, kind: str, name: str) -> list[Json]:
        """All grants on a thing, or with the name `*` on all things of its kind."""
        query = {"resource_type": kind, "resource_pattern": name}
        return list(self._api.call("GET", _ACCESS + "/grants/list", query)["grants"])

    def grant(self, user: str, kind: str, name: str, permission: str) -> None:
        self._api.call("POST", _PERMISSIONS + "/grant", body={**_grant(user, kind, name), "permission": permission})

    def revoke_grant(self, user: str, kind: str, name: str) -> None:
        self._api.call("POST", _PERMISSIONS + "/revoke", body=_grant(user, kind, name))


def _grant(user: str, kind: str, name: str) -> Json:
    return {"username": user, "resource_type": kind, "resource_id": name}
