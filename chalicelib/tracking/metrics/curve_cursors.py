"""The cursor of a live chart: what a reply has shown of each run, so that the next one has only what is new.

What was folded is new beyond a watermark. Calls beyond it are new after the last one that was seen; but a call may
still come that was received a little earlier. So the calls of the last minute are counted, with a sum of their keys. If
the sum is another one at the next look, because of a late call or because calls were moved from the feed to the log,
all of that minute counts as new: its points may come twice then.
"""

import struct
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from chalicelib.errors import InvalidParameterValue
from chalicelib.search import page
from chalicelib.search.field import Kind
from chalicelib.storage import page_secret
from chalicelib.tracking.metrics.history import Call

# As long as a call may be under way (`folding.py`).
LAG_MS = 60_000
_SUMS = 1 << 32


class Seen(NamedTuple):
    """Of one run: the watermark, when the last call was received (ms), how many came in the minute up to then, and the
    sum of their keys."""

    watermark: int
    last: int
    calls: int
    keys_sum: int


_SEEN = struct.Struct(">?qqII")
_NOTHING = Seen(-1, -1, 0, 0)


def seen(watermark: int, calls: Sequence[Call], before: Seen | None) -> Seen:
    """What has been seen with all calls beyond the watermark; `before` is what had been seen beyond the same one."""
    last = max((call.received_ms for call in calls), default=-1)
    return _counted(Seen(watermark, max(last, before.last if before else -1), 0, 0), calls)


def new(calls: Sequence[Call], before: Seen) -> list[Call]:
    """Those of all calls beyond the watermark that may not have been seen."""
    # Calls that were moved to another key meanwhile are another sum, as a late call is.
    since = before.last if _counted(before, calls) == before else before.last - LAG_MS
    return [call for call in calls if call.received_ms > since]


def mint(question: str, runs: Sequence[str], shown: Mapping[str, Seen]) -> str:
    """The cursor of a reply that has shown this much of the runs of a question."""
    packed = b"".join(_SEEN.pack(run in shown, *shown.get(run, _NOTHING)) for run in runs)
    return page.mint(question, (b64encode(packed).decode(),), page_secret.current)


def redeem(cursor: str, question: str, runs: Sequence[str]) -> dict[str, Seen]:
    """What was shown of the runs of a question. Raises InvalidParameterValue for what `mint` did not make for it."""
    try:
        (text,) = page.redeem(cursor, question, [Kind.TEXT], page_secret.current)
    except InvalidParameterValue:
        raise _foreign() from None
    packed = b64decode(str(text))
    if len(packed) != _SEEN.size * len(runs):
        raise _foreign()
    rows = zip(runs, _SEEN.iter_unpack(packed), strict=True)
    return {run: Seen(*fields) for run, (is_shown, *fields) in rows if is_shown}


def _counted(at: Seen, calls: Sequence[Call]) -> Seen:
    window = [call.key for call in calls if at.last - LAG_MS < call.received_ms <= at.last]
    total = sum(zlib.crc32(key.encode()) for key in window) % _SUMS
    return at._replace(calls=len(window) % _SUMS, keys_sum=total)


def _foreign() -> InvalidParameterValue:
    return InvalidParameterValue("Invalid since: it was not made by this server, or belongs to another question.")
