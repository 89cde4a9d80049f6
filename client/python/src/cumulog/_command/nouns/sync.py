"""`cumulog sync`: sends what journals on this machine still hold."""

import json
from collections.abc import Iterable
from typing import Any

import click

from cumulog._command.frame.session import Session, server
from cumulog._command.frame.tree import Command
from cumulog._command.shown.text import printable, second
from cumulog._delivery.refused import files, listed
from cumulog._delivery.sync import Report, sync
from cumulog._fluent.environment import address
from cumulog._http.credentials import parted
from cumulog._http.servers import flaw
from cumulog._journal.places import passed_over


@click.command(cls=Command, has_json=False)
@click.option(
    "--list", "lists", is_flag=True, help="List the lines that a server refused; for a pipe as JSON, one a line."
)
@click.option("--from", "former", metavar="URL", default="", help="Also what was for a server at this address.")
@click.pass_obj
def command(session: Session, lists: bool, former: str) -> int:
    session.fails_by_one = True
    for each in passed_over():
        _tell(each)
    if lists:
        _list(for_people=session.looks.is_terminal)
        return 0
    if why := former and flaw(former):
        raise click.UsageError(why, click.get_current_context())
    report = sync(address(server()), _tell, parted(former)[0])
    _print(_lines(report))
    return 1 if report.left else 0


def _list(*, for_people: bool) -> None:
    found = listed()
    if not for_people:
        _print(json.dumps(line) for line in found)
        return
    _print(map(_sentence, found))
    if found:
        _tell(f"They are not sent again. The list is in {', '.join(map(str, files()))}; delete it when you are done.")
    else:
        _tell("No server refused a line.")


def _sentence(line: dict[str, Any]) -> str:
    """A refused line as people read it."""
    if "damaged" in line:
        return printable(f"damaged: {line['damaged']}")
    entry = line.get("entry")
    name = (entry.get("key") or entry.get("path") or "") if isinstance(entry, dict) else ""
    when, what = second(line.get("time")), f"{line.get('what')} {name}".strip()
    return printable(f"{when} UTC  run {line.get('run_id')}  {what}: {line.get('why')}")


def _lines(report: Report) -> list[str]:
    if not report.delivered and not report.left:
        return ["Nothing was waiting."]
    lines = "1 line was" if report.delivered == 1 else f"{report.delivered} lines were"
    refused = f", of which the server refused {report.refused}: cumulog sync --list shows them"
    first = f"{lines} delivered{refused if report.refused else ''}."
    return [first, *(f"{name}: {why}" for name, why in report.left.items())]


def _tell(text: str) -> None:
    click.echo(f"cumulog: {text}", err=True)


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)


COMMAND = command
