"""The caller of the current request, and of its threads, with all that decides on the caller's permissions."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from typing import NamedTuple

from chalicelib.access import levels, scopes
from chalicelib.config import settings


class Identity(NamedTuple):
    """A principal. `everywhere` maps kinds of things to the permission on all of them.

    `token_id` is empty where no token is required, as on one person's machine.
    """

    name: str
    is_admin: bool = False
    everywhere: Mapping[str, str] = MappingProxyType({})
    scopes: Sequence[str] = (scopes.ALL,)
    token_id: str = ""

    @property
    def may_all(self) -> bool:
        """Whether everything is allowed, without looking anything up."""
        return self.is_admin and scopes.is_unlimited(self.scopes)


class Thing(NamedTuple):
    """What permissions are granted on: an experiment by its id, or a registered model by its name; with its grants."""

    kind: str
    name: str
    grants: Mapping[str, str]


# Without an identity, everything is denied: in a thread that forgot to copy the context, and in the sweeper and the
# state machine, which need no permission because no user called them.
_NOBODY = Identity("")
_current: ContextVar[Identity] = ContextVar("cumulog_identity", default=_NOBODY)


def current() -> Identity:
    return _current.get()


@contextmanager
def acting_as(identity: Identity) -> Iterator[None]:
    """Inside the block this is the caller, also in threads that copy the context."""
    token = _current.set(identity)
    try:
        yield
    finally:
        _current.reset(token)


def in_name_of(name: str) -> AbstractContextManager[None]:
    """Inside the block, changes are recorded under this name, which has no permissions itself."""
    return acting_as(Identity(name, scopes=()))


def level_on(thing: Thing) -> str:
    """The permission of the caller on a thing."""
    return level_of(current(), thing)


def level_of(identity: Identity, thing: Thing) -> str:
    """The permission of an identity on a thing."""
    return levels.lowest([own_level(identity, thing), scopes.limit(identity.scopes, thing.kind, thing.name)])


def may(level: str, thing: Thing) -> bool:
    return levels.allows(level_on(thing), level)


def creator_grants() -> dict[str, str]:
    """The grants on what is created now: its creator manages it."""
    name = current().name
    return {name: levels.MANAGE} if name else {}


def own_level(identity: Identity, thing: Thing) -> str:
    """The permission of an identity on a thing, whatever the scopes of its token."""
    if identity.is_admin:
        return levels.MANAGE
    if not identity.name:
        # The default permission is for users only.
        return levels.NO_PERMISSIONS
    granted = [thing.grants.get(identity.name), identity.everywhere.get(thing.kind)]
    return levels.effective(granted, settings().default_permission)
