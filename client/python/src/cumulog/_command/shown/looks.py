"""How results are to look, and the columns of a list."""

import os
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

Row = Mapping[str, Any]


@dataclass
class Looks:
    """How results are to look. `is_quiet`: print only what is made to be piped on."""

    as_json: bool = False
    is_quiet: bool = False
    without_color: bool = False

    @cached_property
    def is_terminal(self) -> bool:
        return sys.stdout.isatty()

    @property
    def has_color(self) -> bool:
        plain = self.without_color or bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
        return self.is_terminal and not plain

    @property
    def width(self) -> int:
        return shutil.get_terminal_size().columns


class Column(NamedTuple):
    """A column of a list: its heading, and the text in it. `full`: what a pipe gets where a terminal gets less.

    Where a terminal is narrow, a column with a `least` width loses the middle of its texts, down to that width, and one
    that `may_go` is left out, before any other column is.
    """

    heading: str
    text: Callable[[Row], object]
    full: Callable[[Row], object] | None = None
    is_number: bool = False
    least: int = 0
    may_go: bool = False
