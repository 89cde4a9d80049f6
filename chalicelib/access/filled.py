"""Whether rows that earlier versions did not write are all there. The sweeper fills them in (`sweeper/filling.py`)."""

from typing import NamedTuple

from chalicelib import clock
from chalicelib.remembered import Remembered
from chalicelib.storage import keys, tables
from chalicelib.storage.connection import connection
from chalicelib.storage.items import Filled

# The sweeper renews the marker every few minutes. Without that, an earlier version may be at work.
_VALID_MS = 3_600_000

# Longer than any Lambda that was started before an upgrade.
EARLIER_VERSIONS_MS = 900_000


class _State(NamedTuple):
    is_complete: bool
    has_feeds_only: bool


# By connection: another connection may lead to another store.
_state: Remembered[object, _State] = Remembered(most=10, seconds=60)


def is_complete() -> bool:
    """Whether all rows are there."""
    return _state.read(connection(), _read).is_complete


def has_feeds_only() -> bool:
    """Whether no version is at work any more that knows of no feeds."""
    return _state.read(connection(), _read).has_feeds_only


def mark_as_new() -> None:
    """Note that no earlier version has ever used this store."""
    tables.put(of_new_store())


def of_new_store() -> Filled:
    """The marker of a store that no earlier version has ever used."""
    return Filled(keys.FILLED, keys.COMPLETE, since=0, seen=clock.now_ms(), is_complete=True, feeds_since=0)


def _read() -> _State:
    marker = tables.get(Filled, keys.FILLED, keys.COMPLETE)
    if marker is None or not marker.is_complete or marker.seen <= clock.now_ms() - _VALID_MS:
        return _State(False, False)
    feeds_since: float | None = marker.feeds_since
    return _State(True, feeds_since is not None and feeds_since <= clock.now_ms() - EARLIER_VERSIONS_MS)
