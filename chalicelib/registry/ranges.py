"""Sets of version numbers as short texts: "1-150,152". Versions are numbered without gaps, so they stay short."""

from collections.abc import Iterable


def parse(text: str) -> set[int]:
    """The numbers in a text that `render` made."""
    found: set[int] = set()
    for part in filter(None, text.split(",")):
        first, _, last = part.partition("-")
        found.update(range(int(first), int(last or first) + 1))
    return found


def render(numbers: Iterable[int]) -> str:
    """The numbers as text, in ascending order."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ",".join(f"{first}" if first == last else f"{first}-{last}" for first, last in runs)


def last(text: str) -> int | None:
    """The highest number, without parsing the whole text; None for an empty text."""
    return int(text.rpartition(",")[2].rpartition("-")[2]) if text else None


def first(text: str) -> int:
    """The lowest number of a text that is not empty."""
    return int(text.partition(",")[0].partition("-")[0])
