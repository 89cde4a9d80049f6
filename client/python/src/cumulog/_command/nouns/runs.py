"""`cumulog runs`: lists and changes here; what one run or several hold is shown by `run_data.py`."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal

import click

from cumulog._command.frame import completing, finding
from cumulog._command.frame.session import Session
from cumulog._command.frame.tree import Group
from cumulog._command.nouns import run_data, run_export, run_watch
from cumulog._command.shown.looks import Column
from cumulog._command.shown.results import Done, Rows
from cumulog._command.shown.text import lasted, number, second
from cumulog._http.errors import CumulogError

# What a terminal shows unless it is asked for another number.
_MOST_SHOWN = 100
_PAGE = 1000
_ALWAYS = ("attributes.run_name", "attributes.status", "attributes.start_time", "attributes.end_time")
# The server takes 60 columns, of which some are always asked for.
_MOST_NAMES = 50


@click.group("runs", cls=Group)
def runs() -> None:
    pass


@runs.command("list", help="List the runs of an experiment, the last started first.")
@click.argument("experiment", shell_complete=completing.experiments)
@click.option("--filter", "condition", help="As in MLflow, such as: metrics.loss < 0.6 AND params.depth = '3'.")
@click.option("--order-by", multiple=True, help="Such as: metrics.loss ASC. May be repeated.")
@click.option("--columns", help="Such as: metrics.loss,metrics.loss@min,params.depth,tags.team.")
@click.option("--limit", type=click.IntRange(0), help="At most so many; 0 for all. A terminal shows 100, a pipe all.")
@click.option("--deleted", is_flag=True, help="The deleted ones.")
@click.pass_obj
def list_(session: Session, /, experiment: str, columns: str | None, limit: int | None, **how: Any) -> Rows:
    found = finding.experiment(session.client, experiment)["experiment_id"]
    asked = [each.strip() for each in (columns or "").split(",") if each.strip()]
    names = asked or _names(session, found)
    if limit is None:
        is_whole = session.looks.as_json or not session.looks.is_terminal
        limit = 0 if is_whole else _MOST_SHOWN
    rows = _rows(session, found, [*dict.fromkeys([*_ALWAYS, *names])], limit, how)
    shown = rows[:limit] if limit else rows
    notes = [f"There are more runs than {limit}: --limit 0 shows all."] if len(rows) > len(shown) else []
    notes += [f"No run here has {each}." for each in asked if shown and all(row[each] is None for row in shown)]
    return Rows(shown, _columns(names, is_asked=bool(asked)), notes=notes)


@runs.command("delete", help="Delete runs. `restore` brings them back.")
@click.argument("run", shell_complete=completing.runs, nargs=-1, required=True)
@click.pass_obj
def delete(session: Session, run: Sequence[str]) -> Done:
    return _each(session, run, session.client.runs.delete, "deleted")


@runs.command("restore", help="Restore deleted runs.")
@click.argument("run", shell_complete=completing.runs, nargs=-1, required=True)
@click.pass_obj
def restore(session: Session, run: Sequence[str]) -> Done:
    return _each(session, run, session.client.runs.restore, "restored")


def _each(session: Session, named: Sequence[str], change: Callable[[str], object], changed: str) -> Done:
    """Change runs after all of them are found. If one of them fails, what was done before is told."""
    ids = [each["info"]["run_id"] for each in finding.runs(session.client, named)]
    done: list[str] = []
    try:
        for each in ids:
            change(each)
            done.append(f"Run {each} is {changed}.")
    except CumulogError:
        for line in done:
            click.echo(line, err=True)
        raise
    return Done([{"run_id": each} for each in ids], "\n".join(done))


def _names(session: Session, experiment_id: str) -> list[str]:
    """The metrics and params that most runs have."""
    known = session.client.runs.get_column_names(experiment_ids=[experiment_id])
    return [f"{kind}.{each['key']}" for kind in ("metrics", "params") for each in known.get(kind, ())][:_MOST_NAMES]


def _rows(session: Session, found: str, columns: list[str], limit: int, how: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Rows of a search: one more than the limit, if there are more."""
    view: Literal["DELETED_ONLY", "ACTIVE_ONLY"] = "DELETED_ONLY" if how["deleted"] else "ACTIVE_ONLY"
    pages = session.client.pages(
        session.client.runs.get_columns,
        experiment_ids=[found],
        filter=how["condition"],
        order_by=list(how["order_by"]) or None,
        run_view_type=view,
        columns=columns,
        max_results=min(limit + 1, _PAGE) if limit else _PAGE,
    )
    rows: list[dict[str, Any]] = []
    for page in pages:
        rows += _of_page(page)
        if limit and len(rows) > limit:
            break
    return rows


def _of_page(page: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for at, run_id in enumerate(page["run_ids"]):
        yield {"run_id": run_id, **{name: values[at] for name, values in page["columns"].items()}}


def _columns(names: Sequence[str], *, is_asked: bool) -> list[Column]:
    """The columns of these names behind those that every list has, which make room for names that were asked for."""
    own = [
        Column("ID", lambda row: row["run_id"][:8], lambda row: row["run_id"]),
        Column("NAME", lambda row: row["attributes.run_name"] or "", least=24),
        Column("STATUS", lambda row: row["attributes.status"], may_go=is_asked),
        Column("STARTED (UTC)", lambda row: second(row["attributes.start_time"]), may_go=is_asked),
        Column("TOOK", lambda row: lasted(row["attributes.start_time"], row["attributes.end_time"]), may_go=is_asked),
    ]
    return [*own, *(_column(name) for name in names if name not in _ALWAYS)]


def _column(name: str) -> Column:
    prefix, _, key = name.partition(".")
    heading = key if prefix in ("metrics", "params") else name
    return Column(heading, lambda row: number(row[name]), lambda row: _whole(row[name]), prefix == "metrics")


def _whole(value: Any) -> str:
    return "" if value is None else str(value)


for command in (run_data.show, run_data.compare, run_watch.watch, run_export.export):
    runs.add_command(command)

COMMAND = runs
