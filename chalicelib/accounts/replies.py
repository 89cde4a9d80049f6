"""Replies about users, tokens and grants. Those about users and permissions are MLflow's, with more fields."""

from collections.abc import Iterable, Sequence

from chalicelib.access import levels, scopes
from chalicelib.access.identity import Identity, Thing, level_of
from chalicelib.accounts.grants import Grant
from chalicelib.accounts.token_changes import Made
from chalicelib.edge.replies import Json, fitting
from chalicelib.storage.access_items import Token, User

# MLflow keeps a user's own grants in a role with such a name; by it its pages distinguish them from other roles'.
_OWN = {"role_id": 0, "role_name": "__user_0__", "workspace": "default"}


def user(item: User) -> Json:
    """A user. A name is never given to another, so it is the id too."""
    return {"id": item.name, "username": item.name, "is_admin": bool(item.is_admin), "kind": item.kind}


def listed_user(item: User) -> Json:
    """A user in a list, where MLflow adds the user's roles."""
    return {**user(item), "roles": []}


def current(who: Identity) -> Json:
    """The caller. `is_basic_auth` is false, so MLflow's pages do not offer to change a password."""
    shown = {"id": who.name, "username": who.name, "is_admin": who.is_admin}
    return {"user": shown, "is_basic_auth": False}


def permissions(is_admin: bool, grants: Iterable[Grant]) -> Json:
    """A user's grants."""
    rows = [
        {**_OWN, "resource_type": each.kind, "resource_pattern": each.name, "permission": each.level} for each in grants
    ]
    return {"is_admin": is_admin, **_listed("permissions", rows)}


def permission(level: str) -> Json:
    """A user's permission on one thing; `allowed` is MLflow's `can_use`."""
    return {"allowed": levels.allows(level, levels.USE), "permission": level}


def grants_on(found: Iterable[Grant]) -> Json:
    """The grants on a thing."""
    return _listed("grants", [{"username": each.user, "permission": each.level} for each in found])


def users(items: Sequence[User]) -> Json:
    """Users in a list, as many as one reply can carry; `next_page_token` has the rest."""
    shown = fitting(map(listed_user, items))
    return {"users": shown, **({"next_page_token": shown[-1]["username"]} if len(shown) < len(items) else {})}


def tokens(items: Sequence[Token]) -> Json:
    """A user's tokens, the oldest first; if one reply cannot carry all of them, the youngest."""
    return _listed("tokens", [token(item) for item in reversed(items)], backward=True)


def _listed(name: str, messages: Sequence[Json], backward: bool = False) -> Json:
    """As many of the messages as one reply can carry; `cut` says how many are missing."""
    shown = fitting(messages)
    missing = {"cut": len(messages) - len(shown)} if len(shown) < len(messages) else {}
    return {name: shown[::-1] if backward else shown, **missing}


def token(item: Token) -> Json:
    """A token as its owner may see it at any time; times in ms."""
    shown = {
        "token_id": item.token_id,
        "owner": item.owner,
        "label": item.label,
        "scopes": item.scopes,
        "created": int(item.created),
        "created_by": item.created_by,
        "parents": item.parents,
        "expires": int(item.expires),
    }
    if item.created_with:
        shown["created_with"] = item.created_with
    return {**shown, "revoked": int(item.revoked)} if item.revoked else shown


def made(new: Made) -> Json:
    """A new token with its text, which no later reply shows."""
    return {"text": new.text, "token": token(new.token)}


def me(who: Identity, item: Token | None) -> Json:
    """The caller, the token used, and its permissions on things without a grant."""
    shown = {
        "username": who.name,
        "is_admin": who.is_admin,
        "may_administer": who.may_all,
        "scopes": list(who.scopes),
        "everywhere": {kind: level_of(who, Thing(kind, scopes.ANY, {})) for kind in levels.KINDS},
    }
    return {**shown, "token": token(item)} if item else shown
