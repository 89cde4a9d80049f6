"""Tables: in a terminal by rich, as wide as the terminal; and of plain text, as wide as their content."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from io import StringIO
from typing import Any, Literal

from cumulog._command.shown.looks import Column, Looks, Row
from cumulog._command.shown.text import minute, printable

# No column needs more as long as others want some.
_WIDEST = 60
# Of a text that is cut.
_LEAST = 12
_GAP = 2


def table(columns: Sequence[Column], rows: Sequence[Row], looks: Looks) -> Iterator[str]:
    """The lines of a table in a terminal; columns that do not fit are left out, and named in the last line."""
    # They take longer to import than everything else that a command needs.
    from rich.cells import cell_len  # noqa: PLC0415

    cells = [[printable(column.text(row)) for column in columns] for row in rows]
    widths = [
        max(cell_len(text) for text in (column.heading, *(line[at] for line in cells)))
        for at, column in enumerate(columns)
    ]
    kept = fitting(widths, [column.is_number for column in columns], looks.width)
    shown = [(columns[at], width) for at, width in kept.items()]
    yield from _drawn(shown, [[line[at] for at in kept] for line in cells], looks)
    if left := [column.heading for at, column in enumerate(columns) if at not in kept]:
        yield f"Not shown, as the terminal is narrow: {printable(', '.join(left))}"


def fitting(widths: Sequence[int], are_numbers: Sequence[bool], room: int) -> dict[int, int]:
    """The columns that fit, by number, with their widths: as many of the first ones as have room, but one at least.

    The last one may be cut, if it is a text of which enough remains.
    """
    kept: dict[int, int] = {}
    for at, width in enumerate(widths):
        gap = _GAP if kept else 0
        needed = min(width, _WIDEST)
        if kept and needed + gap > room:
            if room - gap >= _LEAST and not are_numbers[at]:
                kept[at] = room - gap
            break
        kept[at] = min(needed, room)
        room -= needed + gap
    return kept


def _drawn(columns: Sequence[tuple[Column, int]], cells: Iterable[Sequence[str]], looks: Looks) -> Iterator[str]:
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    drawn = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), header_style="bold")
    for column, width in columns:
        heading, right = Text(printable(column.heading)), column.is_number
        drawn.add_column(heading, width=width, no_wrap=True, overflow="ellipsis", justify="right" if right else "left")
    for line in cells:
        drawn.add_row(*map(Text, line))
    out = StringIO()
    color: Literal["standard"] | None = "standard" if looks.has_color else None
    # One more: the last column has no gap behind it, for which rich would make room.
    console = Console(file=out, width=looks.width + _GAP, force_terminal=looks.has_color, color_system=color)
    console.print(drawn, highlight=False)
    yield from (line.rstrip() for line in out.getvalue().splitlines())


PlainColumn = tuple[str, Callable[[Mapping[str, Any]], object]]


def plain(columns: Sequence[PlainColumn], rows: Iterable[Mapping[str, Any]]) -> str:
    """A line of headings and one for each row, columns as wide as their content; control characters become `?`."""
    lines = [[heading for heading, _ in columns]]
    lines += [[printable(value(row)) for _, value in columns] for row in rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join("  ".join(map(str.ljust, line, widths)).rstrip() for line in lines)


def field(name: str) -> Callable[[Mapping[str, Any]], object]:
    return lambda row: row.get(name, "")


def when(name: str) -> Callable[[Mapping[str, Any]], object]:
    """A time in ms as a minute of UTC; empty if there is none."""
    return lambda row: minute(row[name]) if row.get(name) else ""
