"""The stored tokens of a user: reading them, and revoking them, which cannot be undone."""

from collections.abc import Iterable
from contextlib import suppress

from chalicelib import clock
from chalicelib.storage import keys, tables
from chalicelib.storage.access_items import Token, TokenRow
from chalicelib.storage.failures import ConditionFailed
from chalicelib.storage.transactions import Transaction

# The list shows for this long why a token no longer works.
_KEPT_MS = 30 * 24 * 3600 * 1000
# However many a user makes and revokes, all are read for each new one.
_MOST_KEPT = 400
# Two items each; a transaction may have a hundred.
_MOST_AT_ONCE = 25

IS_GOOD = Token.pk.exists() & Token.revoked.does_not_exist()


def load(token_id: str) -> Token | None:
    """A token, valid or not."""
    return tables.get(Token, keys.token(token_id), keys.TOKEN)


def of(owner: str) -> list[Token]:
    """All tokens of a user, the oldest first; those that ended more than thirty days ago may be gone."""
    rows = tables.query(TokenRow, keys.tokens(owner))
    found = tables.get_each(Token, [(keys.token(row.sk), keys.TOKEN) for row in rows])
    return sorted(found, key=lambda token: (int(token.created), token.token_id))


def row(token: Token) -> TokenRow:
    return TokenRow(keys.tokens(token.owner), token.token_id)


def revoke(several: Iterable[Token]) -> None:
    """Revoke tokens. Those already revoked keep their time."""
    now = clock.now_ms()
    for token in several:
        if not token.revoked:
            # It fails if another call was faster, or if the reply to our own write was lost.
            with suppress(ConditionFailed):
                tables.update(token, [Token.revoked.set(now)], IS_GOOD)


def drop_old(several: Iterable[Token]) -> None:
    """Delete some of those that ended long ago, or that are too many, the oldest first."""
    now = clock.now_ms()
    ended = sorted((token for token in several if _end(token) < now), key=_end)
    old = [token for at, token in enumerate(ended) if _end(token) < now - _KEPT_MS or at < len(ended) - _MOST_KEPT]
    transaction = Transaction()
    for token in old[:_MOST_AT_ONCE]:
        transaction.delete(token)
        transaction.delete(row(token))
    if old:
        transaction.commit()


def _end(token: Token) -> int:
    """When a token ended, or will end."""
    return min(int(token.expires), int(token.revoked or token.expires))
