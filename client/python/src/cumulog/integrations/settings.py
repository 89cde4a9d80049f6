"""Settings of libraries, which have settings in them, as params."""

from collections.abc import Iterator, Mapping
from typing import Any

# What holds itself has no end.
_MOST_DEPTH = 5


def flat(settings: Mapping[str, Any], mark: str, before: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Settings in settings by their names joined by a mark, as `rope.theta`."""
    for name, value in settings.items():
        if isinstance(value, Mapping) and value and depth < _MOST_DEPTH:
            yield from flat(value, mark, f"{before}{name}{mark}", depth + 1)
        else:
            yield f"{before}{name}", value
