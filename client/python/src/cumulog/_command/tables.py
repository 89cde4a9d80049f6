"""Rows of a reply as a table of text."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

Column = tuple[str, Callable[[Mapping[str, Any]], object]]


def table(columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]) -> str:
    """A line of headings and one for each row, columns as wide as their content; control characters become `?`."""
    lines = [[heading for heading, _ in columns]]
    lines += [[_printable(value(row)) for _, value in columns] for row in rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join("  ".join(map(str.ljust, line, widths)).rstrip() for line in lines)


def field(name: str) -> Callable[[Mapping[str, Any]], object]:
    return lambda row: row.get(name, "")


def when(name: str) -> Callable[[Mapping[str, Any]], object]:
    """A time in ms as a minute of UTC; empty if there is none."""
    return lambda row: minute(row[name]) if row.get(name) else ""


def minute(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, timezone.utc).strftime("%Y-%m-%d %H:%M UTC")


def _printable(value: object) -> str:
    # Text from a server must not control the terminal.
    return "".join(character if character.isprintable() else "?" for character in str(value))
