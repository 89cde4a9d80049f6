"""Lists that end at a limit, and say so."""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any


def limited(pages: Iterable[Mapping[str, Any]], name: str, limit: int) -> tuple[list[Any], list[str]]:
    """What the pages have under a name, up to the limit, and a note if there is more."""
    found = list(islice((each for page in pages for each in page.get(name, ())), limit + 1))
    return found[:limit], [f"There is more than is shown: --limit, now {limit}, sets how much."] if len(
        found
    ) > limit else []
