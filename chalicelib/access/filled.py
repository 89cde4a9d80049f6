"""Whether rows that earlier versions did not write are all there. The sweeper fills them in (`sweeper/filling.py`)."""

from chalicelib import clock
from chalicelib.remembered import Remembered
from chalicelib.storage import keys, tables
from chalicelib.storage.connection import connection
from chalicelib.storage.items import Filled

# The sweeper renews the marker every few minutes. Without that, an earlier version may be at work.
_VALID_MS = 3_600_000

# By connection: another connection may lead to another store.
_complete: Remembered[object, bool] = Remembered(most=10, seconds=60)


def is_complete() -> bool:
    """Whether all rows are there."""
    return _complete.read(connection(), _is_complete)


def _is_complete() -> bool:
    marker = tables.get(Filled, keys.FILLED, keys.COMPLETE)
    return marker is not None and bool(marker.is_complete) and marker.seen > clock.now_ms() - _VALID_MS
