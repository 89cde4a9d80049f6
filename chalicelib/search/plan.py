"""What a search reads next: decided from what it has read so far, as nothing tells how many rows a field has.

Two ways lead to the runs that match. *Walk*: take runs in the wanted order and look at each. *Enumerate*: read all the
rows that one comparison leaves over; then no other run need be looked at. A row costs a fortieth of a run, so each way
is given as much as the other has wasted: together they cost a small multiple of what the better one alone would have.
"""

from collections.abc import Sequence
from dataclasses import dataclass

# A run is a read unit at least; a row has 80 to 100 bytes of the 4,096 of a unit.
ROWS_PER_RUN = 40
# What enumerating may cost, in runs, before any walk has shown what that costs.
_IN_ADVANCE = 40
_FIRST_ROWS = 128
_FURTHER_ROWS = 1024
# Runs left over by enumerating that are all looked at, rather than met on a walk.
FEW = 1000

_LEAST_AT_ONCE = 10
_MOST_AT_ONCE = 500


@dataclass(frozen=True)
class Walk:
    """Take about so many runs next."""

    runs: int


@dataclass(frozen=True)
class Enumerate:
    """Read so many rows of the comparison with this number."""

    number: int
    rows: int


Step = Walk | Enumerate


@dataclass(frozen=True)
class Progress:
    """So far: runs looked at and how many of them matched; rows read of each comparison, None where all are read; how
    many runs those that are all read leave over (None while there are none)."""

    wanted: int
    looked_at: int
    matched: int
    rows: Sequence[int | None]
    left_over: int | None = None


def next_step(progress: Progress) -> Step:
    """The next thing to read, while the page is not full."""
    unfinished = [(read, number) for number, read in enumerate(progress.rows) if read is not None]
    if unfinished:
        least, number = min(unfinished)
        more = _FURTHER_ROWS if least else _FIRST_ROWS
        worth = progress.looked_at - progress.matched + _IN_ADVANCE
        if progress.left_over is not None:
            worth = min(worth, progress.left_over)
        if sum(read for read, _ in unfinished) + more <= ROWS_PER_RUN * worth:
            return Enumerate(number, more)
    return Walk(_runs_at_once(progress))


def _runs_at_once(progress: Progress) -> int:
    """So many that the page should be full after them, judging by those before."""
    missing = progress.wanted - progress.matched
    rate = max(progress.matched, 1) / progress.looked_at if progress.looked_at else 1.0
    return max(_LEAST_AT_ONCE, min(_MOST_AT_ONCE, round(missing / rate)))
