"""The first administrator, created by the owner of the store: with the AWS account, or on their own machine."""

from contextlib import suppress

from chalicelib import errors
from chalicelib.access import identity, tokens
from chalicelib.access.identity import Identity
from chalicelib.accounts import token_changes, users
from chalicelib.accounts.token_rules import Wish

NAME = "admin"
LABEL = "first administrator"
LINK_LABEL = "sign-in link"

_LINK_SECONDS = 12 * 3600

# It has no token. The colon keeps users from having its name.
_ACTOR = Identity("cumulog:deploy", is_admin=True)


def create() -> str:
    """The text of a new token for the user `admin`, who is created, restored or made an administrator as needed.

    Raises InvalidState when that user has a hundred valid tokens.
    """
    with identity.acting_as(_ACTOR):
        with suppress(errors.ResourceAlreadyExists):
            users.create(NAME, tokens.PERSON)
        users.restore(NAME)
        users.set_admin(NAME, True)
        return token_changes.create(NAME, LABEL, Wish()).text


def create_once() -> str | None:
    """As `create` if the store has no user `admin`; None if it has one."""
    return None if users.find(NAME) else create()


def short_token() -> str:
    """The text of a new token for the user `admin` that lasts twelve hours: what a sign-in link is exchanged for.

    Raises ResourceDoesNotExist if somebody has deleted that user, InvalidState as `create` does.
    """
    with identity.acting_as(_ACTOR):
        return token_changes.create(NAME, LINK_LABEL, Wish(seconds=_LINK_SECONDS)).text
