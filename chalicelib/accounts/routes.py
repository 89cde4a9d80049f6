"""Users and permissions by MLflow's protocol (mlflow/server/auth/routes.py); tokens and grants by our own."""

from typing import Any

from chalice.app import Blueprint

from chalicelib.access import identity
from chalicelib.access.levels import MANAGE
from chalicelib.access.requires import admin_only, authenticated, decides_itself, demand, requires
from chalicelib.access.scopes import ANY
from chalicelib.accounts import grants, replies, resources, schemas, token_changes, token_list, users
from chalicelib.accounts.grants import Grant
from chalicelib.accounts.resources import THING
from chalicelib.accounts.token_rules import Wish
from chalicelib.edge import mounts
from chalicelib.errors import InvalidParameterValue, PermissionDenied

Reply = dict[str, Any] | None

blueprint = Blueprint(__name__)
mlflow = mounts.mlflow(blueprint, "/users")
mlflow3 = mounts.mlflow(blueprint, "/users", version="3.0")
cumulog = mounts.cumulog(blueprint, "/access")

_NO_PASSWORDS = "Cumulog has no passwords: leave it empty, and give the user a token (cumulog/access/tokens/create)."


@mlflow.endpoint("POST", "/create")
@admin_only
def create_user(request: schemas.CreateUser) -> Reply:
    """Create a user, who has no token and no permission yet."""
    if request.password:
        raise InvalidParameterValue(_NO_PASSWORDS)
    return {"user": replies.user(users.create(request.username, request.kind))}


@mlflow.endpoint("GET", "/get")
@decides_itself
def get_user(request: schemas.OfUser) -> Reply:
    """Get a user: the caller, or for an administrator anyone."""
    _require_self_or_admin(request.username)
    return {"user": replies.user(users.load(request.username))}


@mlflow.endpoint("GET", "/current")
@authenticated
def get_current_user() -> Reply:
    """Get the caller."""
    return replies.current(identity.current())


@mlflow.endpoint("GET", "/list")
@admin_only
def list_users(request: schemas.ListUsers) -> Reply:
    """List all users who are not deleted; if one reply cannot carry them, in pages."""
    return replies.users([user for user in users.load_all() if user.name > request.page_token])


@mlflow.endpoint("PATCH", "/update-admin")
@admin_only
def update_user_admin(request: schemas.UpdateAdmin) -> Reply:
    """Make a user an administrator, or no longer one. The last administrator stays."""
    users.set_admin(request.username, request.is_admin)
    return None


@mlflow.endpoint("PATCH", "/update-password")
@authenticated
def update_user_password() -> Reply:
    """Always refused: there are no passwords."""
    raise InvalidParameterValue(_NO_PASSWORDS)


@mlflow.endpoint("DELETE", "/delete")
@admin_only
def delete_user(request: schemas.OfUser) -> Reply:
    """Delete a user and revoke their tokens; the name is never given to another."""
    users.delete(request.username)
    return None


@cumulog.endpoint("POST", "/users/restore")
@admin_only
def restore_user(request: schemas.OfUser) -> Reply:
    """Restore a deleted user, with their grants and without their tokens."""
    return {"user": replies.user(users.restore(request.username))}


@mlflow3.endpoint("GET", "/current/permissions")
@authenticated
def list_current_user_permissions() -> Reply:
    """List the caller's grants that the caller's token reaches."""
    who = identity.current()
    user = users.find(who.name) if who.name else None
    return replies.permissions(who.is_admin, grants.of(user) if user else [])


@mlflow3.endpoint("GET", "/permissions/list")
@decides_itself
def list_user_permissions(request: schemas.OfUser) -> Reply:
    """List a user's grants: the caller's, or for an administrator anyone's."""
    _require_self_or_admin(request.username)
    user = users.load(request.username)
    return replies.permissions(bool(user.is_admin), grants.of(user))


@mlflow3.endpoint("POST", "/permissions/grant")
@requires(MANAGE, THING)
def grant_user_permission(request: schemas.Grant) -> Reply:
    """Give a user a permission on a thing, in place of the one before."""
    grants.grant(Grant(request.username, request.resource_type, request.resource_id, request.permission))
    return None


@mlflow3.endpoint("POST", "/permissions/revoke")
@requires(MANAGE, THING)
def revoke_user_permission(request: schemas.OfGrant) -> Reply:
    """Revoke a user's permission on a thing."""
    grants.revoke(request.username, request.resource_type, request.resource_id)
    return None


@mlflow3.endpoint("GET", "/permissions/get")
@decides_itself
def get_user_permission(request: schemas.OfGrant) -> Reply:
    """Get a user's effective permission on a thing: the caller's, or for a manager of the thing anyone's."""
    _require_self_or_manager(request)
    user = users.load(request.username)
    return replies.permission(grants.effective(user, request.resource_type, request.resource_id))


@cumulog.endpoint("GET", "/grants/list")
@requires(MANAGE, THING)
def list_grants(request: schemas.OfThing) -> Reply:
    """List the grants on a thing, or with `*` on all of its kind."""
    return replies.grants_on(grants.on(request.resource_type, request.resource_id))


@cumulog.endpoint("POST", "/tokens/create")
@decides_itself
def create_token(request: schemas.CreateToken) -> Reply:
    """Create a token: for the caller, within the scopes of the token used; as an administrator, for anyone."""
    wish = Wish(request.scopes or None, request.expires_in_seconds)
    return replies.made(token_changes.create(request.owner, request.label, wish))


@cumulog.endpoint("GET", "/tokens/list")
@decides_itself
def list_tokens(request: schemas.ListTokens) -> Reply:
    """List the caller's tokens (a limited one sees itself and those derived from it); for an administrator anyone's."""
    return replies.tokens(token_changes.list_of(request.owner))


@cumulog.endpoint("POST", "/tokens/revoke")
@decides_itself
def revoke_token(request: schemas.OfToken) -> Reply:
    """Revoke a token that the caller may list, and all tokens derived from it."""
    token_changes.revoke(request.token_id)
    return None


@cumulog.endpoint("POST", "/tokens/rotate")
@decides_itself
def rotate_token(request: schemas.OfToken) -> Reply:
    """Replace a token that the caller may list with a new one, in one write."""
    return replies.made(token_changes.rotate(request.token_id))


@cumulog.endpoint("GET", "/me")
@authenticated
def get_me() -> Reply:
    """Get the caller, the token used, and what it may do."""
    who = identity.current()
    return replies.me(who, token_list.load(who.token_id) if who.token_id else None)


def _require_self_or_admin(username: str) -> None:
    """Raises PermissionDenied, whether or not the user exists."""
    who = identity.current()
    if not who.may_all and username != who.name:
        raise PermissionDenied("Only administrators may see other users.")


def _require_self_or_manager(request: schemas.OfGrant) -> None:
    """Raises PermissionDenied, ResourceDoesNotExist for a thing that the caller may not read."""
    who = identity.current()
    if who.may_all or request.username == who.name:
        return
    if request.resource_id == ANY:
        raise PermissionDenied("Only administrators may see what others may do on all things of a kind.")
    demand(MANAGE, resources.held(request.resource_type, request.resource_id))
