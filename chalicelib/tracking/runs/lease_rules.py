"""The rules of leases: who holds one, how long it may run, and what is said of a run whose lease ran out."""

from datetime import datetime, timezone
from typing import NamedTuple

from chalicelib.edge.checks import SHOWN, check_length
from chalicelib.errors import InvalidParameterValue

# What the sweeper says of a run that it ended.
LEASE_TAG = "cumulog.lease"

# Statuses of a run that has not ended.
GOING_ON = frozenset({"RUNNING", "SCHEDULED"})

HOLDER = 250
LEAST_SECONDS = 5
MOST_SECONDS = 86_400


class Held(NamedTuple):
    """Who has a lease since when and until when, when there was a sign of life, and when the lease expires (ms)."""

    holder: str
    since: int
    held_until: int
    renewed: int
    expires: int


def holder(text: str) -> str:
    """The name of a holder. Raises InvalidParameterValue if it is too long, or has characters that cannot be shown."""
    check_length("holder", text, HOLDER)
    if not text.isprintable():
        raise InvalidParameterValue(f"Invalid holder {text[:SHOWN]!r}. It may have printable characters only.")
    return text


def seconds(number: int) -> int:
    """For how long a lease is asked. Raises InvalidParameterValue if that is too short or too long."""
    if not LEAST_SECONDS <= number <= MOST_SECONDS:
        raise InvalidParameterValue(
            f"Invalid value {number} for parameter 'seconds' supplied. A lease runs for {LEAST_SECONDS} to "
            f"{MOST_SECONDS:,} seconds."
        )
    return number


def taken(known: Held | None, holder: str, now_ms: int, until_ms: int) -> Held:
    """The lease after a request. Whoever asks while another one holds it prolongs it, and does not become its holder.

    So the lease of a run with two writers runs out when both are silent, and the second one knows of the first.
    """
    if known is None or (known.holder != holder and known.held_until <= now_ms):
        return Held(holder, now_ms, until_ms, now_ms, until_ms)
    if known.holder == holder:
        return Held(holder, known.since, until_ms, now_ms, until_ms)
    return Held(known.holder, known.since, known.held_until, now_ms, max(known.expires, until_ms))


def is_silent(lease: Held, logged_ms: int, now_ms: int) -> bool:
    """Whether a run shows no life any more: its lease has run out, and nothing was logged for as long as it ran."""
    return lease.expires <= now_ms and logged_ms + (lease.expires - lease.renewed) <= now_ms


def remark(lease: Held, sign_ms: int) -> str:
    """What the tag of a run says that was ended because its lease had run out."""
    return f"ran out at {_time(lease.expires)}, last sign of life at {_time(sign_ms)}, held by {lease.holder}"


def _time(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms // 1000, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
