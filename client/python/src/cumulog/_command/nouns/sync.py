"""`cumulog sync`: sends what journals on this machine still hold."""

import json
from collections.abc import Iterable

import click

from cumulog._command.frame.session import Session, server
from cumulog._command.frame.tree import Command
from cumulog._delivery.refused import listed
from cumulog._delivery.sync import Report, sync
from cumulog._fluent.environment import address
from cumulog._http.credentials import parted
from cumulog._journal.places import passed_over


@click.command(cls=Command, has_json=False)
@click.option("--list", "lists", is_flag=True, help="List the lines that a server refused.")
@click.option("--from", "former", metavar="URL", default="", help="Also what was for a server at this address.")
@click.pass_obj
def command(session: Session, lists: bool, former: str) -> int:
    session.fails_by_one = True
    for each in passed_over():
        _tell(each)
    if lists:
        _print(json.dumps(line) for line in listed())
        return 0
    report = sync(address(server()), _tell, parted(former)[0])
    _print(_lines(report))
    return 1 if report.left else 0


def _lines(report: Report) -> list[str]:
    lines = "1 line was" if report.delivered == 1 else f"{report.delivered} lines were"
    first = f"{lines} delivered, of which the server refused {report.refused}."
    return [first, *(f"{name}: {why}" for name, why in report.left.items())]


def _tell(text: str) -> None:
    click.echo(f"cumulog: {text}", err=True)


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)


COMMAND = command
