"""Tables in a terminal, by rich, as wide as the terminal."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import StringIO
from typing import Literal

from cumulog._command.shown.looks import Column, Looks, Row
from cumulog._command.shown.text import printable

# No column needs more as long as others want some.
_WIDEST = 60
# Of a text that is cut.
_LEAST = 12
_GAP = 2
# Of the columns that are left out.
_MOST_NAMED = 5


def table(columns: Sequence[Column], rows: Sequence[Row], looks: Looks) -> Iterator[str]:
    """The lines of a table in a terminal; columns that do not fit are left out, and named in the last line."""
    # They take longer to import than everything else that a command needs.
    from rich.cells import cell_len  # noqa: PLC0415

    cells = [[printable(column.text(row)) for column in columns] for row in rows]
    widths = [
        max(cell_len(text) for text in (column.heading, *(line[at] for line in cells)))
        for at, column in enumerate(columns)
    ]
    kept = fitting(columns, widths, looks.width)
    shown = [(columns[at], width) for at, width in kept.items()]
    yield from _drawn(shown, [[line[at] for at in kept] for line in cells], looks)
    if left := [column.heading for at, column in enumerate(columns) if at not in kept]:
        more = f" and {len(left) - _MOST_NAMED} more" if len(left) > _MOST_NAMED else ""
        yield f"Not shown, as the terminal is narrow: {printable(', '.join(left[:_MOST_NAMED]))}{more}"


def fitting(columns: Sequence[Column], widths: Sequence[int], room: int) -> dict[int, int]:
    """The columns that fit, by number, with their widths: as many of the first ones as have room, but one at least.

    The last one may be cut, if it is a text of which enough remains.
    """
    wanted = {at: min(width, _WIDEST) for at, width in enumerate(widths)}
    least = {at: min(width, columns[at].least or width) for at, width in wanted.items()}
    for at in [at for at in reversed(wanted) if columns[at].may_go]:
        if _whole(least) > room:
            del least[at]
    kept: dict[int, int] = {}
    for at, width in least.items():
        left = room - _whole(kept) - (_GAP if kept else 0)
        if width <= left or not kept:
            kept[at] = min(width, left)
            continue
        if left >= _LEAST and not columns[at].is_number:
            kept[at] = left
        break
    return _grown(kept, wanted, room)


def _grown(widths: Mapping[int, int], wanted: Mapping[int, int], room: int) -> dict[int, int]:
    """The widths with what is left of the room, the narrowest first."""
    given = dict(widths)
    while _whole(given) < room and (cut := [at for at in given if given[at] < wanted[at]]):
        given[min(cut, key=given.__getitem__)] += 1
    return given


def _whole(widths: Mapping[int, int]) -> int:
    return sum(widths.values()) + _GAP * max(len(widths) - 1, 0)


def _drawn(columns: Sequence[tuple[Column, int]], cells: Iterable[Sequence[str]], looks: Looks) -> Iterator[str]:
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    drawn = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), header_style="bold")
    for column, width in columns:
        heading, right = Text(_cut(printable(column.heading), column, width)), column.is_number
        drawn.add_column(heading, width=width, no_wrap=True, overflow="ellipsis", justify="right" if right else "left")
    for line in cells:
        drawn.add_row(*(Text(_cut(text, *column)) for text, column in zip(line, columns, strict=True)))
    out = StringIO()
    color: Literal["standard"] | None = "standard" if looks.has_color else None
    # One more: the last column has no gap behind it, for which rich would make room.
    console = Console(file=out, width=looks.width + _GAP, force_terminal=looks.has_color, color_system=color)
    console.print(drawn, highlight=False)
    yield from (line.rstrip() for line in out.getvalue().splitlines())


def _cut(text: str, column: Column, width: int) -> str:
    """The text without its middle, if it is too long: names of a sweep often differ at their ends."""
    from rich.cells import cell_len, set_cell_size  # noqa: PLC0415

    if not column.least or cell_len(text) <= width:
        return text
    after = (width - 1) // 2
    return f"{set_cell_size(text, width - 1 - after)}…{set_cell_size(text[::-1], after)[::-1]}"
