"""Creating, revoking and rotating tokens.

A new token is one transaction, with conditions on all that it depends on: its owner exists, and neither the caller's
token nor those that it is derived from are revoked. Revoking a token marks it first and then looks for those derived
from it. So a token that is created at the same moment is either refused or found: none is left over.

Every new token sets a new `change` on its owner, so of two calls that create one, the second counts the first's too.
"""

from collections.abc import Iterator
from typing import NamedTuple

from chalicelib import clock, errors
from chalicelib.access import authentication, identity, scopes, tokens
from chalicelib.access.identity import Identity
from chalicelib.access.tokens import NewToken
from chalicelib.accounts import token_list, token_rules, users
from chalicelib.accounts.token_list import IS_GOOD
from chalicelib.accounts.token_rules import Known, Terms, Wish
from chalicelib.storage import keys, tables
from chalicelib.storage.access_items import Token, User
from chalicelib.storage.models import Item
from chalicelib.storage.tables import Condition
from chalicelib.storage.transactions import Refused, Transaction

MOST_VALID = 100


class Made(NamedTuple):
    """A new token and its text, which is stored nowhere."""

    text: str
    token: Token


def create(owner: str | None, label: str, wish: Wish) -> Made:
    """Create a token for the caller, or as an administrator for another user.

    Raises ResourceDoesNotExist, PermissionDenied, InvalidState if the owner has a hundred valid ones, Unauthenticated
    if the caller's token is revoked meanwhile.
    """
    who = identity.current()
    name = _owner(who, owner)
    now = clock.now_ms()
    terms = token_rules.terms(wish, now, _parent(who))

    def attempt() -> Made | None:
        user = users.load(name)
        _require_room(name)
        new = tokens.new(user.kind)
        token = _token(new, name, label, terms, now)
        return Made(new.text, token) if _stored(_Making(who, user, token)) else None

    return tables.decided(attempt)


def rotate(token_id: str) -> Made:
    """Replace a token with a new one. The same write revokes the old one; those derived from it follow.

    Raises ResourceDoesNotExist, InvalidState if it is no longer valid, Unauthenticated.
    """
    who = identity.current()

    def attempt() -> Made | None:
        old = _load(who, token_id)
        _require_valid(old)
        user = users.load(old.owner)
        span, now = int(old.expires) - int(old.created), clock.now_ms()
        terms = token_rules.renewed(_known(old).terms, span, now, scopes.is_unlimited(who.scopes))
        new = tokens.new(user.kind)
        token = _token(new, old.owner, old.label, terms, now)
        if not _stored(_Making(who, user, token, old)):
            return None
        _revoke_derived(old)
        return Made(new.text, token)

    return tables.decided(attempt)


def revoke(token_id: str) -> None:
    """Revoke a token and all that were derived from it. Raises ResourceDoesNotExist."""
    token = _load(identity.current(), token_id)
    token_list.revoke([token])
    _revoke_derived(token)


def list_of(owner: str | None) -> list[Token]:
    """The caller's tokens, or for an administrator those of another user, who may be deleted.

    A limited token sees itself and what was derived from it. Raises PermissionDenied.
    """
    who = identity.current()
    return [token for token in token_list.of(_owner(who, owner)) if token_rules.may_end(who, _known(token))]


class _Making(NamedTuple):
    """A token that is to be stored, the caller, its owner as read, and the token that it replaces."""

    who: Identity
    user: User
    token: Token
    old: Token | None = None


class _Condition(NamedTuple):
    """What has to hold for an item, and the error if it does not."""

    item: Item
    holds: Condition
    otherwise: errors.CumulogError


def _owner(who: Identity, owner: str | None) -> str:
    name = owner or who.name
    if not name:
        raise errors.InvalidParameterValue("Name the 'owner': this call has no user.")
    if name != who.name and not who.may_all:
        raise errors.PermissionDenied("Tokens of others require an administrator, with a token that is not limited.")
    return name


def _parent(who: Identity) -> Known | None:
    """What a new token is derived from: nothing, unless the caller's token is limited."""
    if scopes.is_unlimited(who.scopes):
        return None
    token = token_list.load(who.token_id)
    if token is None:
        raise errors.Unauthenticated
    return _known(token)


def _load(who: Identity, token_id: str) -> Token:
    """A token that this principal may end. Raises ResourceDoesNotExist."""
    token = token_list.load(token_id)
    if token is None or not token_rules.may_end(who, _known(token)):
        raise errors.ResourceDoesNotExist(f"Token with id={token_id} not found")
    return token


def _known(token: Token) -> Known:
    return Known(token.token_id, token.owner, Terms(token.scopes, int(token.expires), tuple(token.parents)))


def _require_room(owner: str) -> None:
    """Raises InvalidState if a user already has the most valid tokens allowed."""
    several = token_list.of(owner)
    token_list.drop_old(several)
    if sum(map(authentication.is_valid, several)) >= MOST_VALID:
        raise errors.InvalidState(f"User {owner} has {MOST_VALID} valid tokens, the most allowed: revoke some first.")


def _require_valid(token: Token) -> None:
    if not authentication.is_valid(token):
        # The revocation may have ended before this step.
        _revoke_derived(token)
        raise errors.InvalidState(f"Token {token.token_id} is no longer valid: create a new one.")


def _token(new: NewToken, owner: str, label: str, terms: Terms, now: int) -> Token:
    return Token(
        keys.token(new.token_id),
        keys.TOKEN,
        token_id=new.token_id,
        digest=new.digest,
        owner=owner,
        label=label,
        scopes=list(terms.scopes),
        created=now,
        created_by=identity.current().name,
        created_with=identity.current().token_id or None,
        parents=list(terms.parents),
        expires=terms.expires,
    )


def _stored(making: _Making) -> bool:
    """Store the token. False if its owner was changed meanwhile. Raises as `create` does."""
    user, token, old = making.user, making.token, making.old
    transaction = Transaction()
    is_as_read = (User.change == user.change) & User.deleted.does_not_exist()
    transaction.update(user, [User.change.set(clock.unique_id())], is_as_read)
    transaction.put(token, Token.pk.does_not_exist())
    transaction.put(token_list.row(token))
    if old is not None:
        transaction.update(old, [Token.revoked.set(clock.now_ms())], IS_GOOD)
    conditions = list(_conditions(making))
    for condition in conditions:
        transaction.check(condition.item, condition.holds)
    try:
        transaction.commit()
    except Refused as refusal:
        if _is_stored_after_all(token):
            return True
        for condition in conditions:
            if condition.item in refusal.items:
                raise condition.otherwise from refusal
        return False
    return True


def _conditions(making: _Making) -> Iterator[_Condition]:
    """What has to hold for other items when the token is stored."""
    who, user, token, old = making
    # The replaced token has a condition of its own.
    bases = {*token.parents, who.token_id} - {"", old.token_id if old else ""}
    for base in bases:
        yield _Condition(Token(keys.token(base), keys.TOKEN), IS_GOOD, errors.Unauthenticated())
    if who.token_id and who.name != user.name:
        is_admin = User.is_admin == True  # noqa: E712
        denied = errors.PermissionDenied("This requires an administrator.")
        yield _Condition(User(keys.USERS, who.name), is_admin, denied)


def _is_stored_after_all(token: Token) -> bool:
    """Whether the store has the token although it refused: then the reply to a first attempt was lost."""
    stored = token_list.load(token.token_id)
    return stored is not None and stored.digest == token.digest


def _revoke_derived(token: Token) -> None:
    """Revoke all tokens derived from a token that is revoked itself."""
    token_list.revoke(each for each in token_list.of(token.owner) if token.token_id in each.parents)
    authentication.forget()
