"""Whether rows that earlier versions did not write are all there. The sweeper fills them in (`sweeper/filling.py`)."""

from chalicelib import clock
from chalicelib.remembered import Remembered
from chalicelib.storage import keys, tables
from chalicelib.storage.connection import connection
from chalicelib.storage.items import Filled

# The sweeper renews the marker every few minutes. Without that, an earlier version may be at work.
_VALID_MS = 3_600_000

# Longer than any Lambda that was started before an upgrade.
EARLIER_VERSIONS_MS = 900_000

# By connection: another connection may lead to another store.
_complete: Remembered[object, bool] = Remembered(most=10, seconds=60)
_feeds: Remembered[object, bool] = Remembered(most=10, seconds=60)


def is_complete() -> bool:
    """Whether all rows are there."""
    return _complete.read(connection(), lambda: _is_valid(_marker()))


def has_feeds_only() -> bool:
    """Whether no version is at work any more that knows of no feeds."""
    return _feeds.read(connection(), _has_feeds_only)


def mark_as_new() -> None:
    """Note that no earlier version has ever used this store."""
    tables.put(Filled(keys.FILLED, keys.COMPLETE, since=0, seen=clock.now_ms(), is_complete=True, feeds_since=0))


def _marker() -> Filled | None:
    return tables.get(Filled, keys.FILLED, keys.COMPLETE)


def _is_valid(marker: Filled | None) -> bool:
    return marker is not None and bool(marker.is_complete) and marker.seen > clock.now_ms() - _VALID_MS


def _has_feeds_only() -> bool:
    marker = _marker()
    if marker is None or marker.feeds_since is None:
        return False
    return _is_valid(marker) and bool(marker.feeds_since <= clock.now_ms() - EARLIER_VERSIONS_MS)
