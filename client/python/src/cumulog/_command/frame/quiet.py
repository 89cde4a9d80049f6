"""The option --quiet of administrative commands."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from cumulog._command.frame.session import Session

Function = TypeVar("Function", bound=Callable[..., Any])


def quiet(function: Function) -> Function:
    """Add the option to a command."""
    told = "Print nothing but the text of a new token."
    option = click.option("--quiet", is_flag=True, expose_value=False, callback=_with_quiet, help=told)
    return option(function)


def _with_quiet(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value and isinstance(ctx.obj, Session):
        ctx.obj.looks.is_quiet = True
