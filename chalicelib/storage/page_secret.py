"""The secret that page tokens are authenticated with: one item of the ledger, so that every process has the same.

It is created when it is first needed. Deleting the item invalidates every token: within a minute for processes that
remember the secret, at once for others.
"""

import secrets

from chalicelib.remembered import Remembered
from chalicelib.storage import keys, tables
from chalicelib.storage.failures import ConditionFailed
from chalicelib.storage.items import PageSecret

_BYTES = 32


# There is only one key.
_recent: Remembered[str, bytes] = Remembered(most=1, seconds=60)


def current() -> bytes:
    """The secret, 32 bytes; read from the ledger once a minute."""
    return _recent.read(keys.SECRET, lambda: tables.decided(_stored_or_made))


def _stored_or_made() -> bytes | None:
    """The secret; None if another process created it just now, or this one did and the reply was lost."""
    stored = tables.get(PageSecret, keys.PAGE_SECRET, keys.SECRET)
    if stored is not None:
        return bytes(stored.secret)
    made = secrets.token_bytes(_BYTES)
    is_missing = PageSecret.secret.does_not_exist()
    try:
        tables.put(PageSecret(keys.PAGE_SECRET, keys.SECRET, secret=made), is_missing)
    except ConditionFailed:
        return None
    return made
