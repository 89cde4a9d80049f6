"""`cumulog catalogue`: the models that lie in the bucket, whatever tool put them there."""

from collections.abc import Mapping
from typing import Any, Literal

import click

from cumulog._command.frame import completing, exits, finding
from cumulog._command.frame.limited import limited
from cumulog._command.frame.session import Session
from cumulog._command.frame.tree import Group
from cumulog._command.shown.looks import Column
from cumulog._command.shown.results import Card, Line, Rows
from cumulog._command.shown.text import second, size


@click.group("catalogue", cls=Group, help="The models that lie in the bucket, whatever tool put them there.")
def catalogue() -> None:
    pass


@catalogue.command("list", help="List models, newest first.")
@click.option("--flavor", help="Such as sklearn or python_function.")
@click.option("--flavor-version", help="With --flavor: the framework's version.")
@click.option("--experiment", shell_complete=completing.experiments, help="Of this experiment alone.")
@click.option("--run", shell_complete=completing.runs, help="Of this run alone.")
@click.option("--failed", is_flag=True, help="Those alone that could not be read, and why.")
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True, help="How many at most.")
@click.pass_obj
def list_entries(  # noqa: PLR0913 - one for each option
    session: Session,
    flavor: str | None,
    flavor_version: str | None,
    experiment: str | None,
    run: str | None,
    failed: bool,
    limit: int,
) -> Rows:
    if flavor_version and not flavor:
        raise click.UsageError("--flavor-version is that of a --flavor: name one.", click.get_current_context())
    status: Literal["READY", "FAILED"] | None = "FAILED" if failed else None
    pages = session.client.pages(
        session.client.catalogue.search,
        flavor=flavor,
        flavor_version=flavor_version,
        experiment_id=finding.experiment(session.client, experiment)["experiment_id"] if experiment else None,
        run_id=finding.run(session.client, run, experiment)["info"]["run_id"] if run else None,
        status=status,
    )
    found, notes = limited(pages, "entries", limit)
    columns = [
        Column("PATH", lambda each: each["path"]),
        Column("FLAVORS", _flavors, least=14),
        Column("SIZE", lambda each: size(each["size_bytes"]), lambda each: each["size_bytes"], is_number=True),
        Column("PICKLE", lambda each: "yes" if each["contains_pickle"] else ""),
        Column("STATUS", lambda each: each["status"]),
        Column("CHANGED (UTC)", lambda each: second(each["last_modified"])),
        Column("WHY", lambda each: each.get("reason", "")),
    ]
    return Rows(found, columns, notes=notes)


@catalogue.command("show", help="Show the model in a folder of the bucket: flavors, signature, files.")
@click.argument("path")
@click.pass_obj
def show_entry(session: Session, path: str) -> Card:
    found: Any = session.client.catalogue.get_entry(path)["entry"]
    files = [
        Line(f"  {each['path']}", f"{size(each['size'])}{'  pickle' if each['pickle'] else ''}")
        for each in found["files"]
    ]
    signature = found.get("signature") or {}
    entries = [
        Line("path", found["path"]),
        Line("status", found["status"]),
        Line("why", found.get("reason", "")),
        Line("flavors", _flavors(found)),
        Line("run", found.get("run_id", "")),
        Line("logged model", found.get("model_id", "")),
        Line("size", size(found["size_bytes"])),
        Line("pickle", "yes" if found["contains_pickle"] else "no"),
        *(
            Line(name, ", ".join(map(typed, signature[name])))
            for name in ("inputs", "outputs", "params")
            if signature.get(name)
        ),
        *([Line("files", None), *files] if files else []),
        *(Line("note", note) for note in found.get("notes", ())),
    ]
    return Card(found, entries, code=exits.OK if found["status"] == "READY" else exits.FAILED)


COMMAND = catalogue


def typed(each: Any) -> str:
    """A column, a parameter or a tensor of a signature."""
    if not isinstance(each, Mapping):
        return str(each)
    tensor = each.get("tensor-spec")
    what = f"{tensor['dtype']} {tensor['shape']}" if isinstance(tensor, Mapping) else str(each.get("type", ""))
    told = f"{each['name']}: {what}" if each.get("name") else what
    return told if each.get("required", True) else f"{told} (optional)"


def _flavors(entry: Any) -> str:
    return ", ".join(f"{each['name']} {each['version']}".strip() for each in entry["flavors"])
