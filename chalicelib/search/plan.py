"""What a search reads next: decided from what it has read so far, as it cannot know how many rows a field has.

Two ways lead to the runs that match. *Walk*: take runs in the wanted order and look at each. *Enumerate*: read all the
rows that one comparison leaves over; then no other run needs to be looked at. A row costs a small part of a run. Each
way may spend as much as the other has wasted, so together they cost a small multiple of the better one alone.
"""

from collections.abc import Sequence
from typing import NamedTuple

# A run costs at least a read unit, and a row a fortieth of one; but a run takes only the time of some fifteen rows.
ROWS_PER_RUN = 25
# What enumerating may cost, in runs, before a walk has shown its own cost.
_IN_ADVANCE = 60
_FIRST_ROWS = 128
_FURTHER_ROWS = 1024
# Up to this many runs left over by enumerating are all looked at, rather than met on a walk.
FEW = 1000

_LEAST_AT_ONCE = 10
_MOST_AT_ONCE = 500


class Walk(NamedTuple):
    """Take about this many runs next."""

    runs: int


class Enumerate(NamedTuple):
    """Read this many rows of the comparison with this number."""

    number: int
    rows: int


Step = Walk | Enumerate


class Progress(NamedTuple):
    """So far: runs looked at and how many of them matched; rows read of each comparison, None where all are read.

    `left_over` is how many runs the completely read comparisons do not rule out (None while there is no such
    comparison); `lately` is looked at and matched since the last of them was complete. `at_once` is how many runs the
    next walk takes, if it must take them all. `partitions` is how many have to be asked for the first rows of a
    comparison.
    """

    wanted: int
    looked_at: int
    matched: int
    rows: Sequence[int | None]
    left_over: int | None = None
    lately: tuple[int, int] = (0, 0)
    at_once: int | None = None
    partitions: int = 1


def next_step(progress: Progress) -> Step:
    """The next thing to read, while the page is not full."""
    unfinished = [(read, number) for number, read in enumerate(progress.rows) if read is not None]
    if unfinished:
        least, number = min(unfinished)
        more = _FURTHER_ROWS if least else _FIRST_ROWS
        # To ask a partition costs as much as a run, even if it has no such rows.
        asked = 0 if least else progress.partitions - 1
        if sum(read for read, _ in unfinished) + more <= ROWS_PER_RUN * (_worth(progress) - asked):
            return Enumerate(number, more)
    return Walk(_runs_at_once(progress))


def _worth(progress: Progress) -> int:
    """What further rows may cost, in runs: as many as were looked at in vain, or will be."""
    if progress.at_once is not None:
        return progress.at_once
    wasted = progress.looked_at - progress.matched + _IN_ADVANCE
    return wasted if progress.left_over is None else min(wasted, progress.left_over)


def _runs_at_once(progress: Progress) -> int:
    """Enough to fill the page, judging by those lately looked at."""
    missing = progress.wanted - progress.matched
    looked_at, matched = progress.lately
    rate = max(matched, 1) / looked_at if looked_at else 1.0
    return max(_LEAST_AT_ONCE, min(_MOST_AT_ONCE, round(missing / rate)))
