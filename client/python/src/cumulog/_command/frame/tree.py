"""The tree of commands: nouns that are loaded late, and what every command takes (`--json`, `--no-color`)."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from cumulog._command.frame.session import Session
from cumulog._command.shown.results import Result


class _Formatter(click.HelpFormatter):
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or "usage: ")


class _Context(click.Context):
    formatter_class = _Formatter


class Command(click.Command):
    """A command whose function returns what is to be shown, or shows it itself and returns None or an exit code."""

    context_class = _Context

    def __init__(self, *args: Any, has_json: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_json = has_json
        self.params += [*([_as_json()] if has_json else []), no_color()]

    def invoke(self, ctx: click.Context) -> Any:
        result = super().invoke(ctx)
        if not isinstance(result, Result):
            return result
        session: Session = ctx.obj
        session.show(result)
        return result.code


class Group(click.Group):
    """A noun, or a part of one, with its commands in the order in which they were written."""

    context_class = _Context
    command_class = Command
    group_class = type

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - as click calls it
        return list(self.commands)


class Closed(Exception):
    """Whoever reads what is printed has enough."""


class Nouns(Group):
    """The root: each noun's module has a command in `COMMAND`, and is loaded when the noun is used."""

    def __init__(self, *args: Any, nouns: Mapping[str, tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._nouns = nouns
        # Without their modules, for the list of commands and for suggestions.
        self.commands = {name: Command(name, help=what) for name, (_, what) in nouns.items()}
        self._loaded: dict[str, click.Command] = {}

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as click calls it
        if cmd_name not in self._nouns:
            return None
        if cmd_name not in self._loaded:
            module, what = self._nouns[cmd_name]
            command: click.Command = import_module(f"cumulog._command.{module}").COMMAND
            command.help = command.help or what
            self._loaded[cmd_name] = command
        return self._loaded[cmd_name]

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            # Of click this would get the exit code 1.
            raise Closed from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - as above
        with formatter.section("Commands"):
            formatter.write_dl([(name, what) for name, (_, what) in self._nouns.items()])


def no_color() -> click.Option:
    """The option of this name. NO_COLOR in the environment means the same."""
    return click.Option(
        ["--no-color"], is_flag=True, expose_value=False, callback=_without_color, help="Print without colors."
    )


def _without_color(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value and isinstance(ctx.obj, Session):
        ctx.obj.looks.without_color = True


def _as_json() -> click.Option:
    return click.Option(["--json"], is_flag=True, expose_value=False, callback=_with_json, help="Print JSON.")


def _with_json(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value and isinstance(ctx.obj, Session):
        ctx.obj.looks.as_json = True
