"""Users: persons and services, who may have tokens.

A deleted user's item stays, so a name in an audit chain is never given to another user. No two names differ only in
case, or in how Unicode spells them: a reader would take the approver `Ada` for `ada`.

There is always an administrator: a transaction that dismisses one has a condition on another one's item. Transactions
have an order, so if the last two dismiss each other, only one can succeed.
"""

import unicodedata
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

from chalicelib import clock, errors
from chalicelib.access import authentication, identity, levels
from chalicelib.accounts import token_list
from chalicelib.storage import keys, tables
from chalicelib.storage.access_items import User, UserName
from chalicelib.storage.tables import Action
from chalicelib.storage.transactions import Refused, Transaction


class Edit(NamedTuple):
    """What to do to a user; `is_dismissal` if the user was an administrator, and is none afterwards."""

    actions: Sequence[Action]
    is_dismissal: bool = False


Answer = TypeVar("Answer")

# Returns an answer for the caller, and what to do to the user as read, or None for nothing.
Decision = Callable[[User], tuple[Answer, Edit | None]]


def create(name: str, kind: str) -> User:
    """Create a user without any permission. Raises ResourceAlreadyExists, for the name of a deleted user too."""
    user = User(
        keys.USERS,
        name,
        name=name,
        kind=kind,
        is_admin=False,
        everywhere={},
        created=clock.now_ms(),
        created_by=identity.current().name,
        change=clock.unique_id(),
    )
    transaction = Transaction()
    transaction.put(user, User.pk.does_not_exist())
    transaction.put(UserName(_claim(name), keys.NAME, name=name), UserName.pk.does_not_exist())
    try:
        transaction.commit()
    except Refused as refusal:
        stored = find(name)
        if stored is None or stored.change != user.change:
            raise _taken(name) from refusal
    return user


def find(name: str) -> User | None:
    """A user, deleted or not."""
    return tables.get(User, keys.USERS, name)


def load(name: str) -> User:
    """A user who is not deleted. Raises ResourceDoesNotExist."""
    user = find(name)
    if user is None or user.deleted:
        raise missing(name)
    return user


def load_all() -> list[User]:
    """All users who are not deleted, by name."""
    return [user for user in tables.query(User, keys.USERS) if not user.deleted]


def missing(name: str) -> errors.ResourceDoesNotExist:
    """The not-found error for a user."""
    return errors.ResourceDoesNotExist(f"User with username={name} not found")


def set_admin(name: str, is_admin: bool) -> None:
    """Make a user an administrator, or no longer one. Raises ResourceDoesNotExist, InvalidState for the last one."""

    def decide(user: User) -> tuple[None, Edit | None]:
        if user.deleted:
            raise missing(name)
        return None, Edit([User.is_admin.set(is_admin)], not is_admin) if user.is_admin != is_admin else None

    _change(name, decide)


def set_everywhere(name: str, kind: str, level: str | None) -> str | None:
    """Set a user's permission on all things of a kind, or remove it with None. Returns the one before.

    Raises ResourceDoesNotExist.
    """

    def decide(user: User) -> tuple[str | None, Edit | None]:
        before = user.everywhere.get(kind)
        if before == level:
            return before, None
        return before, Edit([User.everywhere.set(levels.with_level(user.everywhere, kind, level))])

    _, before = _change(name, decide)
    return before


def delete(name: str) -> None:
    """Delete a user and revoke their tokens. Their grants stay, in case the user is restored.

    Raises ResourceDoesNotExist, BadRequest for the caller, InvalidState for the last administrator.
    """
    if name == identity.current().name:
        raise errors.BadRequest("Users cannot delete themselves: ask another administrator.")

    def decide(user: User) -> tuple[bool, Edit | None]:
        if user.deleted:
            return False, None
        return True, Edit([User.deleted.set(clock.now_ms()), User.is_admin.set(False)], bool(user.is_admin))

    _, was_there = _change(name, decide)
    # A deleted user gets no tokens, so these are all. If a crash leaves some over, the next call revokes them here.
    token_list.revoke(token_list.of(name))
    authentication.forget()
    if not was_there:
        raise missing(name)


def restore(name: str) -> User:
    """Restore a deleted user, with their grants, not as an administrator, and without their old tokens.

    Raises ResourceDoesNotExist.
    """

    def decide(user: User) -> tuple[None, Edit | None]:
        if not user.deleted:
            return None, None
        # The deletion may have ended before it revoked these, and a deleted user gets no others.
        token_list.revoke(token_list.of(name))
        return None, Edit([User.deleted.remove()])

    user, _ = _change(name, decide)
    return user


def _change(name: str, decide: Decision[Answer]) -> tuple[User, Answer]:
    """Change a user as `decide` says about what is stored, again after each conflict.

    Returns the user as last read, and the answer. Raises ResourceDoesNotExist.
    """
    change = clock.unique_id()
    for _ in tables.attempts():
        user = _even_deleted(name)
        if user.change == change:
            # The reply to our write was lost.
            break
        answer, edit = decide(user)
        if edit is None or _changed(user, edit, change):
            break
    authentication.forget()
    return user, answer


def _even_deleted(name: str) -> User:
    user = find(name)
    if user is None:
        raise missing(name)
    return user


def _changed(user: User, edit: Edit, change: str) -> bool:
    """Write the edit. False if another call was faster."""
    transaction = Transaction()
    transaction.update(user, [*edit.actions, User.change.set(change)], User.change == user.change)
    if edit.is_dismissal:
        transaction.check(User(keys.USERS, _another_admin(user.name)), User.is_admin == True)  # noqa: E712
    try:
        transaction.commit()
    except Refused:
        return False
    return True


def _another_admin(name: str) -> str:
    others = [user.name for user in load_all() if user.is_admin and user.name != name]
    if not others:
        raise errors.InvalidState(f"User {name} is the last administrator: make another one first.")
    return str(others[0])


def _claim(name: str) -> str:
    return keys.user_name(unicodedata.normalize("NFKC", name).casefold())


def _taken(name: str) -> errors.ResourceAlreadyExists:
    holder = tables.get(UserName, _claim(name), keys.NAME)
    held = find(holder.name) if holder else None
    if held is not None and held.name != name:
        return errors.ResourceAlreadyExists(
            f"User (username={held.name}) already exists, and no two names may differ in case or spelling only."
        )
    if held is not None and held.deleted:
        return errors.ResourceAlreadyExists(
            f"User (username={name}) was deleted, and a name is never given to another: restore the user instead."
        )
    return errors.ResourceAlreadyExists(f"User (username={name}) already exists.")
