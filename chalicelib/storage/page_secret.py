"""The secret that page tokens are authenticated with: one item of the ledger, so that every process has the same.

It is made when it is first needed. Whoever deletes the item makes every token worthless: to processes that remember the
secret within a minute, to others at once.
"""

import secrets
from dataclasses import dataclass

from chalicelib import clock
from chalicelib.storage import keys, tables
from chalicelib.storage.failures import ConditionFailed
from chalicelib.storage.items import PageSecret

_REMEMBERED_MS = 60_000
_BYTES = 32


@dataclass(frozen=True)
class _Known:
    """The secret, and when it was asked for (ms): a deletion after that may have been missed."""

    secret: bytes
    since_ms: int


_remembered: _Known | None = None


def current() -> bytes:
    """The secret, 32 bytes; read from the ledger once a minute."""
    global _remembered
    now_ms = clock.now_ms()
    known = _remembered
    if known is None or not _is_recent(known, now_ms):
        known = _remembered = _Known(tables.decided(_stored_or_made), now_ms)
    return known.secret


def forget() -> None:
    """For a test that starts with empty tables, or stands for another process."""
    global _remembered
    _remembered = None


def _is_recent(known: _Known, now_ms: int) -> bool:
    """Not what was read in the future of a clock that was put right."""
    return 0 <= now_ms - known.since_ms < _REMEMBERED_MS


def _stored_or_made() -> bytes | None:
    """The secret; None if another process made it just now, or this one did and the reply was lost."""
    stored = tables.get(PageSecret, keys.PAGE_SECRET, keys.SECRET)
    if stored is not None:
        return bytes(stored.secret)
    made = secrets.token_bytes(_BYTES)
    nobody_was_faster = PageSecret.secret.does_not_exist()
    try:
        tables.put(PageSecret(keys.PAGE_SECRET, keys.SECRET, secret=made), nobody_was_faster)
    except ConditionFailed:
        return None
    return made
