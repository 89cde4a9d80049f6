"""`cumulog runs export`: all runs of an experiment as CSV."""

import csv
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import click

from cumulog._command.frame import completing, finding
from cumulog._command.frame.exits import NotFound
from cumulog._command.frame.session import Session
from cumulog._command.frame.tree import Command
from cumulog._command.nouns.run_data import fields_of
from cumulog._command.shown.text import printable

_INFO = ("run_id", "run_name", "experiment_id", "status", "user_id", "start_time", "end_time", "artifact_uri")
_KINDS = ("params", "metrics", "tags")
_PAGE = 1000


@click.command("export", cls=Command, has_json=False, help="Write all runs of an experiment as CSV.")
@click.argument("experiment", shell_complete=completing.experiments)
@click.option("--filter", "condition", help="As in MLflow.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="A file; without it, stdout.")
@click.pass_obj
def export(session: Session, experiment: str, condition: str | None, output: Path | None) -> None:
    found = finding.experiment(session.client, experiment)["experiment_id"]
    pages = session.client.pages(
        session.client.runs.search, experiment_ids=[found], filter=condition, max_results=_PAGE
    )
    # Which columns there are is known after the last run.
    rows = [_row(each) for page in pages for each in page.get("runs", ())]
    names = {name: None for row in rows for name in row if name not in _INFO}
    ordered = [name for kind in _KINDS for name in sorted(names) if name.startswith(kind)]
    with _opened(output) as file:
        writer = csv.DictWriter(file, [*_INFO, *ordered], lineterminator="\n")
        writer.writeheader()
        writer.writerows(_harmless(rows) if file.isatty() else rows)
    if output:
        click.echo(f"{'1 run is' if len(rows) == 1 else f'{len(rows)} runs are'} in {output}.", err=True)


def _row(run: Mapping[str, Any]) -> dict[str, Any]:
    fields = fields_of(run)
    row = {name: fields.get(name, "") for name in _INFO}
    for kind in _KINDS:
        row |= {f"{kind}.{key}": _cell(value) for key, value in fields[kind].items()}
    return row


def _harmless(rows: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Rows for a terminal, which their values must not steer. A file, or a pipe, gets them as they are."""
    return ({name: printable(value) for name, value in row.items()} for row in rows)


def _cell(value: Any) -> Any:
    return value["value"] if isinstance(value, dict) else value


@contextmanager
def _opened(output: Path | None) -> Iterator[TextIO]:
    """The file, which gets its name when it is whole; or stdout, or what is no file, such as a pipe."""
    if output is None:
        yield sys.stdout
        return
    if not output.parent.is_dir():
        raise NotFound(f"There is no folder '{output.parent}'.")
    if output.exists() and not output.is_file():
        with output.open("w", newline="", encoding="utf-8") as file:
            yield file
        return
    aside = output.with_name(f".{output.name}.part")
    try:
        with aside.open("w", newline="", encoding="utf-8") as file:
            yield file
        aside.replace(output)
    finally:
        aside.unlink(missing_ok=True)
