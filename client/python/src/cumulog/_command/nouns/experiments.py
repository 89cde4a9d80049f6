"""`cumulog experiments`."""

from collections.abc import Mapping
from typing import Any, Literal

import click

from cumulog._command.frame import completing, finding
from cumulog._command.frame.session import Session
from cumulog._command.frame.tree import Group
from cumulog._command.shown.looks import Column
from cumulog._command.shown.results import Card, Done, Line, Rows
from cumulog._command.shown.text import second

_COLUMNS = (
    Column("ID", lambda each: each["experiment_id"]),
    Column("NAME", lambda each: each["name"], least=24),
    Column("STAGE", lambda each: each["lifecycle_stage"]),
    Column("CREATED (UTC)", lambda each: second(each["creation_time"])),
    Column("CHANGED (UTC)", lambda each: second(each["last_update_time"])),
    Column("ARTIFACTS", lambda each: each["artifact_location"], least=24),
)
_PAGE = 1000
_FIELDS = ("experiment_id", "name", "lifecycle_stage", "artifact_location", "creation_time", "last_update_time")


@click.group("experiments", cls=Group)
def experiments() -> None:
    pass


@experiments.command("list", help="List experiments, the last changed first.")
@click.option("--filter", "condition", help="As in MLflow, such as: name LIKE 'wine%'.")
@click.option("--order-by", multiple=True, help="Such as: name ASC. May be repeated.")
@click.option("--deleted", is_flag=True, help="The deleted ones.")
@click.option("--all", "is_all", is_flag=True, help="Active and deleted ones.")
@click.pass_obj
def list_(session: Session, condition: str | None, order_by: tuple[str, ...], deleted: bool, is_all: bool) -> Rows:
    view: Literal["ACTIVE_ONLY", "DELETED_ONLY", "ALL"] = (
        "ALL" if is_all else "DELETED_ONLY" if deleted else "ACTIVE_ONLY"
    )
    pages = session.client.pages(
        session.client.experiments.search,
        filter=condition,
        order_by=list(order_by) or None,
        view_type=view,
        max_results=_PAGE,
    )
    return Rows([_fields(each) for page in pages for each in page.get("experiments", ())], _COLUMNS)


@experiments.command("show", help="Show an experiment with its tags.")
@click.argument("experiment", shell_complete=completing.experiments)
@click.pass_obj
def show(session: Session, experiment: str) -> Card:
    fields = _fields(finding.experiment(session.client, experiment))
    lines = [Line(column.heading.lower().replace("utc", "UTC"), column.text(fields)) for column in _COLUMNS]
    tags = [Line(f"  {key}", value) for key, value in sorted(fields["tags"].items())]
    return Card(fields, [*lines, *([Line("tags", None), *tags] if tags else [])])


@experiments.command("create", help="Create an experiment.")
@click.argument("name")
@click.option("--artifact-location", help="Where files of its runs go; without it, the server decides.")
@click.pass_obj
def create(session: Session, name: str, artifact_location: str | None) -> Done:
    made = session.client.experiments.create(name, artifact_location=artifact_location)["experiment_id"]
    return Done({"experiment_id": made}, f"Experiment {made} is created.")


@experiments.command("rename", help="Rename an experiment.")
@click.argument("experiment", shell_complete=completing.experiments)
@click.argument("new_name")
@click.pass_obj
def rename(session: Session, experiment: str, new_name: str) -> Done:
    found = finding.experiment(session.client, experiment)["experiment_id"]
    session.client.experiments.update(found, new_name)
    return Done({"experiment_id": found, "name": new_name}, f"Experiment {found} is renamed.")


@experiments.command("delete", help="Delete an experiment with its runs. `restore` brings them back.")
@click.argument("experiment", shell_complete=completing.experiments)
@click.pass_obj
def delete(session: Session, experiment: str) -> Done:
    found = finding.experiment(session.client, experiment)["experiment_id"]
    session.client.experiments.delete(found)
    return Done({"experiment_id": found}, f"Experiment {found} is deleted.")


@experiments.command("restore", help="Restore a deleted experiment with its runs.")
@click.argument("experiment", shell_complete=completing.experiments)
@click.pass_obj
def restore(session: Session, experiment: str) -> Done:
    found = finding.experiment(session.client, experiment)["experiment_id"]
    session.client.experiments.restore(found)
    return Done({"experiment_id": found}, f"Experiment {found} is restored.")


def _fields(each: Mapping[str, Any]) -> dict[str, Any]:
    tags = {tag["key"]: tag["value"] for tag in each.get("tags", ())}
    return {**{name: each[name] for name in _FIELDS}, "tags": tags}


COMMAND = experiments
