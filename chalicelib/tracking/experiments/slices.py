"""How far an experiment's feed is: which slice is written, and which are in the runs' own logs already.

What is logged to an experiment's open runs goes into its feed, cut into slices by number (`tracking/feed/`). A writer
reads the number and uses it for three seconds at most: a call that took longer is written again, into the slice of that
moment, before it is acknowledged. So a little more than three seconds after a reader saw a higher number, nothing
acknowledged is added to the slice any more: it is closed. Only lengths of time count, so no two clocks need to agree.

    slice      0 ─────── 1 ─────── 2 ─────── 3 ─────── 4 ─────► written
    moved ─────┘ into the runs' logs         └ closed once everybody has seen 4

The number goes up only when the slice before is closed: of a feed at slice n, all up to n - 2 are. Slice 0 is no feed:
calls go into the runs' logs directly, as in earlier versions, and nobody is told of other changes.

A partition takes some 1,000 writes a second. When DynamoDB refuses one, the next slice begins, with twice the shards.
"""

import zlib
from collections.abc import Iterator
from typing import NamedTuple

from chalicelib import clock
from chalicelib.remembered import Remembered
from chalicelib.storage import tables
from chalicelib.storage.connection import connection
from chalicelib.storage.failures import ConditionFailed
from chalicelib.storage.items import ExperimentItem

MOST_SHARDS = 8

# A number is read again after the first of these; it may be used for the second, until the write is done.
KNOWN_SECONDS = 1.0
USED_SECONDS = 3.0
# A slice is closed so long after a higher number was seen.
_CLOSED_SECONDS = 3.25

# When this process first saw an experiment at a slice.
_first_seen: Remembered[tuple[object, str, int], float] = Remembered(most=5_000)


class Slices(NamedTuple):
    """The slice that is written, the last one that is moved, the digest that begins after it (empty: none), the shards.

    The number of shards is that of the slice that is written; the slices before it have at most as many.
    """

    current: int
    moved: int
    digest: str
    shards: int

    def shard(self, run_id: str) -> int:
        """Where the run is written."""
        return _hash(run_id) % self.shards

    def may_hold(self, run_id: str) -> Iterator[tuple[int, int]]:
        """The slices, with a shard each, that are not moved and may hold something of a run.

        The next slice may have begun since this was read, with twice as many shards, but not the one after it.
        """
        for number in range(self.moved + 1, self.current + 2):
            most = self.shards if number <= self.current else min(2 * self.shards, MOST_SHARDS)
            for shard in sorted({_hash(run_id) % 2**power for power in range(most.bit_length())}):
                yield number, shard


# Nobody has known an experiment before that is created by this version: nothing is written to it directly.
FIRST = Slices(2, 1, "", 1)


def of(item: ExperimentItem) -> Slices:
    """How far an experiment's feed was when the item was read."""
    return Slices(int(item.slice or 0), int(item.moved or 0), item.digest or "", int(item.shards or 1))


def closed(experiment_id: str, now: Slices) -> int:
    """The last slice that is closed for what is read from now on; -1 if none is."""
    since = _first_seen.read(_key(experiment_id, now.current), clock.steady_s)
    is_known = clock.steady_s() - since >= _CLOSED_SECONDS
    return max(now.current - (1 if is_known else 2), now.moved or -1)


def advance(item: ExperimentItem, factor: int = 1) -> bool:
    """Begin the next slice, with so many times the shards, if the one before is closed; whether this call did."""
    now = of(item)
    if now.current and closed(item.experiment_id, now) < now.current - 1:
        return False
    unchanged = ExperimentItem.slice == now.current if now.current else ExperimentItem.slice.does_not_exist()
    shards = min(factor * now.shards, MOST_SHARDS)
    actions = [ExperimentItem.slice.set(now.current + 1), ExperimentItem.shards.set(shards)]
    try:
        tables.update(ExperimentItem(item.pk, item.sk), actions, unchanged)
    except ConditionFailed:
        return False
    _first_seen.read(_key(item.experiment_id, now.current + 1), clock.steady_s)
    return True


def _hash(run_id: str) -> int:
    return zlib.crc32(run_id.encode())


def _key(experiment_id: str, current: int) -> tuple[object, str, int]:
    return connection(), experiment_id, current
