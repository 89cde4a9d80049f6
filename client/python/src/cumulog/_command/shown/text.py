"""Values as text for people."""

from datetime import datetime, timezone
from typing import Any

# From here on the last digits of a float mean little.
_MOST_WHOLE = 1e15
_UNITS = ("B", "KiB", "MiB", "GiB", "TiB")


def printable(value: object) -> str:
    """The text without what could steer a terminal: such characters become `?`."""
    text = str(value)
    return text if text.isprintable() else "".join(each if each.isprintable() else "?" for each in text)


def minute(ms: int) -> str:
    """A time in ms as a minute of UTC."""
    return _time(ms).strftime("%Y-%m-%d %H:%M UTC")


def second(ms: int | None) -> str:
    """A time in ms as a second of UTC; empty if there is none."""
    return _time(ms).strftime("%Y-%m-%d %H:%M:%S") if ms else ""


def lasted(start: int | None, end: int | None) -> str:
    """How long something took, of times in ms; empty if it is not known."""
    return span(end - start) if start and end and end >= start else ""


def span(ms: float) -> str:
    """A length of time: `1h 02m`, `3m 04s`, `5.6s`, `30ms`."""
    if ms < 100:
        return f"{ms:.0f}ms"
    seconds = ms / 1000
    if seconds < 60:
        return f"{seconds:.1f}s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}m {rest:02d}s" if minutes < 60 else f"{minutes // 60}h {minutes % 60:02d}m"


def size(count: int | None) -> str:
    """A number of bytes with its unit; empty if it is unknown."""
    if count is None:
        return ""
    value, unit = float(count), 0
    while value >= 1024 and unit < len(_UNITS) - 1:
        value, unit = value / 1024, unit + 1
    return f"{count} B" if unit == 0 else f"{value:.1f} {_UNITS[unit]}"


def number(value: Any) -> str:
    """A number with six digits, or all of them if it is a whole one; a text as it is; empty for None."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < _MOST_WHOLE:
        return f"{value:.0f}"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _time(ms: int) -> datetime:
    try:
        return datetime.fromtimestamp(ms / 1000, timezone.utc)
    except (OverflowError, ValueError, OSError):
        # Clients choose the times of their runs.
        return datetime.fromtimestamp(0, timezone.utc)
