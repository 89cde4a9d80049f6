"""The items of access control, in the ledger. Times in ms."""

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.storage.models import LedgerItem, TextMap


class User(LedgerItem):
    """A user, who may have tokens. A deleted user's item stays, so that its name is never given to another.

    `kind` is person or service. `everywhere` maps kinds of things (`access/levels.py`) to the permission on all of
    them. `change` is the id of the last write to the user, or of the user's last new token: a write that depends on
    either has the condition that it is still the same.
    """

    name = UnicodeAttribute()
    kind = UnicodeAttribute()
    is_admin = BooleanAttribute()
    everywhere = TextMap(default=dict)
    created = NumberAttribute()
    created_by = UnicodeAttribute()
    deleted = NumberAttribute(null=True)
    change = UnicodeAttribute()


class UserName(LedgerItem):
    """The user who holds a name, however it is written (`accounts/users.py`)."""

    name = UnicodeAttribute()


class Token(LedgerItem):
    """A token, of which only the digest is kept: SHA-256 of the whole text, in hexadecimal.

    `created_with` is the id of the token that it was created with, if any.
    `scopes` are texts of `access/scopes.py`; `parents` are the ids of the tokens that it was derived from, the nearest
    last.
    """

    token_id = UnicodeAttribute()
    digest = UnicodeAttribute()
    owner = UnicodeAttribute()
    label = UnicodeAttribute()
    scopes = JSONAttribute()
    created = NumberAttribute()
    created_by = UnicodeAttribute()
    created_with = UnicodeAttribute(null=True)
    parents = JSONAttribute()
    expires = NumberAttribute()
    revoked = NumberAttribute(null=True)


class TokenRow(LedgerItem):
    """A token in its owner's list: everything is in the keys."""


class RequestKey(LedgerItem):
    """What a request with an Idempotency-Key `created`, `at` a time; `request` is its digest (`edge/repeats.py`)."""

    request = UnicodeAttribute()
    created = UnicodeAttribute()
    at = NumberAttribute()


class GrantedRow(LedgerItem):
    """A thing in the list of those that a user has a grant on (`access/granted.py`): everything is in the keys."""
