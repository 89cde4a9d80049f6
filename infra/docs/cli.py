"""The page of the command `cumulog` in Markdown, from its tree: a section for each noun, with its commands."""

import json
from collections.abc import Iterator
from pathlib import Path

import click

from cumulog._command.frame.exits import MEANINGS
from cumulog._command.frame.schemas import SCHEMAS
from cumulog._command.root import NOUNS, root

PAGE = Path(__file__).parent / "cli.md"

OPENING = """\
<!-- Written by `make api-reference` from the command's own help. Do not edit. -->

# The command line

`pip install ./client/python`, in a clone of this repository, brings the command `cumulog`; `python -m cumulog` is the
same. `MLFLOW_TRACKING_URI` names the server, and MLflow's variables have the credentials; or `cumulog login` keeps
both. If something does not work, `cumulog doctor` says why.

- **What it prints.** A terminal gets tables as wide as it is, which say what they leave out. A pipe gets everything:
  values parted by tabs, without colors. `--json` prints JSON, whose fields are below; what may be missing has a `?`,
  and `…` stands for any other name. Notes and errors go to stderr. `--no-color` and `NO_COLOR` turn colors off.
  Characters that could steer a terminal are shown as `?`.
- **What names a run.** Its id; the beginning of its id, from four digits on; its name; or `EXPERIMENT/NAME`. If
  several runs have that name, the error lists them. Experiments go by id or by name. A name that is misspelt gets
  suggestions.
- **Completion.** `eval "$(_CUMULOG_COMPLETE=bash_source cumulog)"` in `~/.bashrc` completes commands, options, and the
  names of experiments, runs and models; with `zsh_source` in `~/.zshrc`; `_CUMULOG_COMPLETE=fish_source cumulog |
  source` in fish. A server that does not answer within two seconds offers nothing.

| exit code | when |
|---|---|
{codes}

`admin` and `sync` know only the codes 0, 1 and 2."""


def text() -> str:
    """The whole page."""
    codes = "\n".join(f"| {code} | {meaning} |" for code, meaning in MEANINGS.items())
    ctx = click.Context(root, info_name="cumulog")
    return "\n\n".join([OPENING.format(codes=codes), *(part for noun in NOUNS for part in _noun(ctx, noun))]) + "\n"


def _noun(ctx: click.Context, noun: str) -> Iterator[str]:
    command = root.get_command(ctx, noun)
    assert command
    yield f"## {noun}\n\n{command.help}"
    yield from _commands(noun, command, ctx)


def _commands(path: str, command: click.Command, parent: click.Context) -> Iterator[str]:
    """The sections of a command, or of all below it."""
    ctx = click.Context(command, parent, path.rpartition(" ")[2])
    if isinstance(command, click.Group):
        for name, each in command.commands.items():
            yield from _commands(f"{path} {name}", each, ctx)
        return
    usage = " ".join(["cumulog", path, *command.collect_usage_pieces(ctx)])
    if " " in path:
        yield f"### {path}\n\n{command.help}"
    yield f"    {usage}"
    if rows := [_row(each, ctx) for each in command.params if isinstance(each, click.Option) and _is_own(each)]:
        yield "\n".join(["| option | |", "| --- | --- |", *rows])
    if path in SCHEMAS:
        yield f"`--json`: `{json.dumps(SCHEMAS[path], ensure_ascii=False)}`"


def _is_own(option: click.Option) -> bool:
    return not {"--json", "--no-color"} & set(option.opts)


def _row(option: click.Option, ctx: click.Context) -> str:
    record = option.get_help_record(ctx)
    assert record
    names, told = record
    return f"| `{names.replace('|', ' or ')}` | {told.replace('|', ' or ')} |"
