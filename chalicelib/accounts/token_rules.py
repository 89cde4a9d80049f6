"""What a new token may be, and who may end one: rules on plain data.

Only a token that is not limited to scopes can create one with wider scopes than its own, or one that is valid for
longer. A token that a limited one creates is derived from it, and is revoked with it.
"""

from collections.abc import Sequence
from typing import NamedTuple

from chalicelib.access import scopes
from chalicelib.access.identity import Identity
from chalicelib.errors import PermissionDenied

USUAL_SECONDS = 90 * 24 * 3600
# Each of them is checked in the transaction that creates a token.
MOST_PARENTS = 10


class Terms(NamedTuple):
    """A token's scopes and expiry (ms); `parents` are the tokens that it is derived from, the nearest last."""

    scopes: Sequence[str]
    expires: int
    parents: Sequence[str] = ()


class Wish(NamedTuple):
    """What the caller asks for; None leaves it to the rules."""

    scopes: Sequence[str] | None = None
    seconds: int | None = None


class Known(NamedTuple):
    """What the rules need to know about an existing token."""

    token_id: str
    owner: str
    terms: Terms


def terms(wish: Wish, now: int, parent: Known | None) -> Terms:
    """The terms of a new token; `parent` is the caller's token if that is limited. Raises PermissionDenied."""
    if parent is not None:
        return _derived(wish, now, parent)
    return Terms(wish.scopes or [scopes.ALL], now + 1000 * (wish.seconds or USUAL_SECONDS))


def renewed(old: Terms, span_ms: int, now: int, is_unlimited: bool) -> Terms:
    """The terms of a token that replaces another, which was created for `span_ms`.

    A derived token never outlives those it is derived from, and a limited token extends no expiry, not even its own.
    """
    return old._replace(expires=now + span_ms) if is_unlimited and not old.parents else old


def may_end(who: Identity, token: Known) -> bool:
    """Whether a principal may see a token in a list, revoke it and rotate it."""
    if who.may_all:
        return True
    if token.owner != who.name:
        return False
    return scopes.is_unlimited(who.scopes) or who.token_id in (token.token_id, *token.terms.parents)


def _derived(wish: Wish, now: int, parent: Known) -> Terms:
    wanted = wish.scopes or parent.terms.scopes
    if not scopes.within(wanted, parent.terms.scopes):
        raise PermissionDenied("A token that is limited to scopes can only create tokens within them.")
    usual = min(now + 1000 * USUAL_SECONDS, parent.terms.expires)
    expires = now + 1000 * wish.seconds if wish.seconds else usual
    if expires > parent.terms.expires:
        raise PermissionDenied("A token that is limited to scopes cannot create one that is valid for longer.")
    if len(parent.terms.parents) >= MOST_PARENTS:
        raise PermissionDenied(f"A token may be derived from at most {MOST_PARENTS} others, each from the one before.")
    return Terms(wanted, expires, (*parent.terms.parents, parent.token_id))
