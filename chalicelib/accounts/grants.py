"""Grants: the permissions of users on experiments and registered models. A grant is stored in the thing itself, or in
the user's item if it is on all things of a kind.
"""

from collections.abc import Iterator
from typing import NamedTuple

from chalicelib import errors
from chalicelib.access import granted, identity, levels, registered_models, scopes
from chalicelib.access.identity import Identity, Thing
from chalicelib.accounts import resources, users
from chalicelib.registry import grants as registered
from chalicelib.registry import models
from chalicelib.storage.access_items import User
from chalicelib.tracking.experiments import experiments
from chalicelib.tracking.experiments import grants as tracked


class Grant(NamedTuple):
    """A user's permission on a thing, or with the name `*` on all of a kind."""

    user: str
    kind: str
    name: str
    level: str


def grant(wanted: Grant) -> None:
    """Give a user a permission in place of the one before. Raises ResourceDoesNotExist, for a user as for a thing."""
    users.load(wanted.user)
    _set(wanted.user, wanted.kind, wanted.name, wanted.level)


def revoke(user: str, kind: str, name: str) -> None:
    """Revoke a user's permission. Raises ResourceDoesNotExist if there is none."""
    if _set(user, kind, name, None) is None:
        raise errors.ResourceDoesNotExist(
            f"Permission for user={user} on resource_type={kind}, resource_id={name} not found."
        )


def on(kind: str, name: str) -> list[Grant]:
    """The grants on a thing, or with `*` on all of its kind, by user. Raises ResourceDoesNotExist."""
    if name == scopes.ANY:
        every = {user.name: user.everywhere.get(kind) for user in users.load_all()}
    else:
        every = dict(resources.held(kind, name).thing.grants)
    return [Grant(user, kind, name, level) for user, level in sorted(every.items()) if level]


def of(user: User) -> list[Grant]:
    """All grants of a user that the caller's token reaches."""
    reach = identity.current().scopes
    return [each for each in _all_of(user) if levels.allows(scopes.limit(reach, each.kind, each.name), levels.READ)]


def effective(user: User, kind: str, name: str) -> str:
    """A user's effective permission on a thing; NO_PERMISSIONS if the thing does not exist."""
    who = identity.current()
    # For the caller it is also limited by the token used.
    asked = who if who.name == user.name else Identity(user.name, bool(user.is_admin), user.everywhere)
    try:
        thing = Thing(kind, name, {}) if name == scopes.ANY else resources.held(kind, name).thing
    except errors.ResourceDoesNotExist:
        return levels.NO_PERMISSIONS
    return identity.level_of(asked, thing)


def _set(user: str, kind: str, name: str, level: str | None) -> str | None:
    """Set a permission, or remove it with None. Returns the one before."""
    if name == scopes.ANY:
        return users.set_everywhere(user, kind, level)
    set_grant = tracked.set_grant if kind == levels.EXPERIMENT else registered.set_grant
    return set_grant(name, user, level)


def _all_of(user: User) -> Iterator[Grant]:
    for kind, level in sorted(user.everywhere.items()):
        yield Grant(user.name, kind, scopes.ANY, level)
    for thing in _things(user.name):
        if user.name in thing.grants:
            yield Grant(user.name, thing.kind, thing.name, thing.grants[user.name])


def _things(user: str) -> Iterator[Thing]:
    """The things among which are all that a user has a grant on."""
    found = experiments.load_among(granted.to(user, levels.EXPERIMENT))
    yield from map(experiments.thing, sorted(found, key=lambda item: item.sk))
    known = models.load_among(granted.to(user, levels.REGISTERED_MODEL))
    yield from map(registered_models.thing, sorted(known, key=lambda item: item.sk))
