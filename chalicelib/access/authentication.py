"""From a token's text to the caller's identity. A token is valid while it is neither revoked nor expired, and its owner
and the tokens that it is derived from exist.

The gateway's authorizer checks the token (`check`), and its answer holds for a minute. The handler reads token and
owner again (`identity_of`): always for calls that change something or hand out a URL; for others it trusts what was
read up to five seconds ago. So a revoked token changes nothing once its revocation is acknowledged.
"""

import hmac
from collections.abc import Sequence
from typing import NamedTuple

from chalicelib import clock
from chalicelib.access import tokens
from chalicelib.access.identity import Identity
from chalicelib.errors import Unauthenticated
from chalicelib.remembered import Remembered
from chalicelib.storage import keys, tables
from chalicelib.storage.access_items import Token, User


class _Known(NamedTuple):
    identity: Identity
    expires: int


# By the digest of a token that was refused. It never becomes valid: nobody knows the text of a token before it is
# stored, and nothing prolongs or restores one. So whoever repeats such a text costs one read a minute.
_refused: Remembered[str, bool] = Remembered(most=1_000, seconds=60)
# By the id of the token.
_recent: Remembered[str, _Known] = Remembered(most=1_000, seconds=5)


def check(authorization: str) -> Token:
    """The valid token in an Authorization header. Raises Unauthenticated.

    A malformed one, and one that was refused a moment ago, is refused without a read.
    """
    text = tokens.in_header(authorization)
    token_id = tokens.id_of(text) if text else None
    if text is None or token_id is None:
        raise Unauthenticated
    digest = tokens.digest(text)
    if _refused.get(digest):
        raise Unauthenticated
    reading = _refused.begin()
    item = tables.get(Token, keys.token(token_id), keys.TOKEN)
    if item is None or not hmac.compare_digest(item.digest, digest) or not is_valid(item):
        _refused.keep(reading, digest, True)
        raise Unauthenticated
    return item


def identity_of(token_id: str, owner: str, fresh: bool) -> Identity:
    """The caller, by a token that the gateway found valid. Raises Unauthenticated if it no longer is."""
    known = None if fresh else _recent.get(token_id)
    if known is None or clock.now_ms() >= known.expires:
        known = _recent.refresh(token_id, lambda: _read(token_id, owner))
    return known.identity


def is_valid(item: Token) -> bool:
    return not item.revoked and bool(clock.now_ms() < item.expires)


def forget() -> None:
    """Forget all tokens and users, after one of them changed."""
    _recent.forget_all()


def _read(token_id: str, owner: str) -> _Known:
    token, user = tables.get_two(Token, (keys.token(token_id), keys.TOKEN), User, (keys.USERS, owner))
    if token is None or user is None or token.owner != owner or user.deleted or not is_valid(token):
        raise Unauthenticated
    if token.parents and not _are_valid(token.parents):
        raise Unauthenticated
    identity = Identity(user.name, bool(user.is_admin), dict(user.everywhere), tuple(token.scopes), token.token_id)
    return _Known(identity, int(token.expires))


def _are_valid(parents: Sequence[str]) -> bool:
    """Whether all of these are valid: the revocation of one may not have reached all tokens derived from it yet."""
    found = tables.get_each(Token, [(keys.token(each), keys.TOKEN) for each in parents])
    return len(found) == len(parents) and all(map(is_valid, found))
