"""Numbers of days that a command takes."""

import math
from typing import Any

import click

_MOST = 365
_SECONDS = 24 * 3600


class Days(click.FloatRange):
    """More than none, and a year at most, as the server has it."""

    def __init__(self) -> None:
        super().__init__(0, _MOST, min_open=True)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        days = super().convert(value, param, ctx)
        # It is neither too small nor too large.
        return self.fail(f"{value!r} is no number of days.", param, ctx) if math.isnan(days) else days


def seconds(days: float | None) -> int | None:
    """A second at least."""
    return None if days is None else max(round(days * _SECONDS), 1)
