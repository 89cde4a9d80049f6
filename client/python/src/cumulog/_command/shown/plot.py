"""Curves in a terminal: dots of braille, eight to a character; letters where several curves have no colors."""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import click

from cumulog._command.shown.text import number

Points = Sequence[tuple[float, float]]

_COLORS = ("cyan", "yellow", "magenta", "green", "red", "blue")
# The bit of each dot of a character, by column and row.
_BITS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
_EMPTY = 0x2800
_MARGIN = 11


class Frame(NamedTuple):
    """What is shown: the least and the greatest x and y, and its size in characters."""

    left: float
    right: float
    low: float
    high: float
    width: int
    height: int

    def dot(self, x: float, y: float) -> tuple[int, int]:
        """Column and row of a point, in dots from the upper left."""
        across, up = (x - self.left) / (self.right - self.left), (y - self.low) / (self.high - self.low)
        return round(across * (self.width * 2 - 1)), round((1 - up) * (self.height * 4 - 1))


def plot(
    curves: Sequence[Points], width: int, height: int, *, has_color: bool, told: Callable[[float], str] = number
) -> Iterator[str]:
    """The lines of a plot with its axes. Values that are not finite are left out. `told` is the text of an x."""
    finite = [[(x, y) for x, y in points if math.isfinite(y)] for points in curves]
    found = [point for points in finite for point in points]
    if not found:
        yield "There is nothing to plot."
        return
    low, high = _apart(min(y for _, y in found), max(y for _, y in found))
    margin = max(_MARGIN, *(len(number(each)) + 1 for each in (low, high)))
    left, right = _apart(min(x for x, _ in found), max(x for x, _ in found), room=1.0)
    frame = Frame(left, right, low, high, max(width - margin - 1, 10), height)
    cells = _cells(finite, frame)
    for row in range(frame.height):
        label = {0: number(frame.high), frame.height - 1: number(frame.low)}.get(row, "")
        drawn = [_drawn(cells.get((column, row)), len(curves), has_color) for column in range(frame.width)]
        yield f"{label:>{margin - 1}} │{''.join(drawn)}".rstrip()
    least, most = told(frame.left), told(frame.right)
    yield f"{'':{margin}}└{'─' * frame.width}"
    yield f"{'':{margin}} {least}{most:>{frame.width - len(least)}}"


def mark(at: int, count: int, *, has_color: bool) -> str:
    """How the curve of this number looks, for the legend."""
    if has_color:
        return click.style("⣿", fg=_COLORS[at % len(_COLORS)])
    return "⣿" if count == 1 else _letter(at)


def _apart(low: float, high: float, room: float = 0.0) -> tuple[float, float]:
    """Two ends that differ: a single point, or a constant, lies in the middle."""
    if high > low:
        return low, high
    room = room or abs(low) or 1.0
    return low - room, high + room


def _cells(curves: Sequence[Points], frame: Frame) -> dict[tuple[int, int], tuple[int, int]]:
    """The dots of each character that has some, and the number of the last curve in it."""
    cells: dict[tuple[int, int], tuple[int, int]] = {}
    for at, points in enumerate(curves):
        dots = [frame.dot(x, y) for x, y in sorted(points)]
        for one, two in zip(dots, dots[1:] or dots, strict=False):
            for x, y in _line(one, two):
                place = (x // 2, y // 4)
                cells[place] = (cells.get(place, (0, 0))[0] | _BITS[x % 2][y % 4], at)
    return cells


def _line(one: tuple[int, int], two: tuple[int, int]) -> Iterator[tuple[int, int]]:
    count = max(abs(two[0] - one[0]), abs(two[1] - one[1]), 1)
    for at in range(count + 1):
        yield round(one[0] + (two[0] - one[0]) * at / count), round(one[1] + (two[1] - one[1]) * at / count)


def _drawn(cell: tuple[int, int] | None, count: int, has_color: bool) -> str:
    if cell is None:
        return " "
    dots, at = cell
    if has_color:
        return click.style(chr(_EMPTY + dots), fg=_COLORS[at % len(_COLORS)])
    return chr(_EMPTY + dots) if count == 1 else _letter(at)


def _letter(at: int) -> str:
    return chr(ord("a") + at % 26)
