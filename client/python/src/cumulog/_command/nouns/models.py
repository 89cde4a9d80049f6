"""`cumulog models`: registered models, their versions, stages and aliases."""

from typing import Any

import click

from cumulog._command.frame.session import Session
from cumulog._command.frame.tree import Group
from cumulog._command.nouns import approvals, history
from cumulog._command.nouns.named import model_named
from cumulog._command.shown.looks import Column
from cumulog._command.shown.results import Card, Done, Line, Rows
from cumulog._command.shown.text import second
from cumulog._http.errors import ApiError

_STAGES = ("None", "Staging", "Production", "Archived")
_APPROVAL = "approval"


@click.group("models", cls=Group, help="Registered models: versions, stages, aliases, approvals and history.")
def models() -> None:
    pass


@models.command("list", help="List registered models, by name.")
@click.option("--filter", "filter_text", metavar="FILTER", help="As in MLflow: name ILIKE '%wine%'.")
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True, help="How many at most.")
@click.pass_obj
def list_models(session: Session, filter_text: str | None, limit: int) -> Rows:
    pages = session.client.pages(session.client.models.search, filter=filter_text, max_results=min(limit, 100))
    found: list[Any] = []
    for page in pages:
        found.extend(page.get("registered_models", ()))
        if len(found) >= limit:
            break
    columns = [
        Column("NAME", lambda model: model["name"]),
        Column("VERSIONS BY STAGE", _by_stage),
        Column("ALIASES", _aliases),
        Column("UPDATED", lambda model: second(model["last_updated_timestamp"])),
        Column("DESCRIPTION", lambda model: model.get("description", "")),
    ]
    return Rows(found[:limit], columns)


@models.command("show", help="Show a registered model with its versions, or one VERSION.")
@click.argument("name")
@click.argument("version", required=False)
@click.pass_obj
def show_model(session: Session, name: str, version: str | None) -> Card | Rows:
    model = model_named(session.client, name)
    if version:
        return _version(session.client.models.get_version(name, version)["model_version"])
    found = [
        each
        for page in session.client.pages(session.client.models.search_versions, filter=_of(name))
        for each in page.get("model_versions", ())
    ]
    aliases: dict[str, list[str]] = {}
    for each in model.get("aliases", ()):
        aliases.setdefault(str(each["version"]), []).append(each["alias"])
    columns = [
        Column("VERSION", lambda each: each["version"], is_number=True),
        Column("STAGE", lambda each: each["current_stage"]),
        Column("ALIASES", lambda each: ", ".join(aliases.get(str(each["version"]), ()))),
        Column("CREATED", lambda each: second(each["creation_timestamp"])),
        Column("STATUS", lambda each: each["status"]),
        Column("RUN", lambda each: each["run_id"][:8], lambda each: each["run_id"]),
        Column("SOURCE", lambda each: each.get("source", "")),
    ]
    return Rows(sorted(found, key=lambda each: -int(each["version"])), columns)


@models.command("register", help="Make a model a new version: models:/<model id>, or runs:/<run id>/<name>.")
@click.argument("uri")
@click.argument("name")
@click.option("--description", help="Of the version.")
@click.pass_obj
def register(session: Session, uri: str, name: str, description: str | None) -> Done:
    from cumulog._models.places import source  # noqa: PLC0415 - nobody else needs it

    fields: dict[str, Any] = dict(source(uri, session.client))
    try:
        session.client.models.create(name)
    except ApiError as error:
        if error.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
    made = session.client.models.create_version(name, description=description, **fields)
    version = made["model_version"]
    return Done(version, f"{name} has version {version['version']}.")


@models.command("transition", help="Move a version to a stage, or ask for the approvals that the stage needs.")
@click.argument("name")
@click.argument("version")
@click.argument("stage", type=click.Choice(_STAGES, case_sensitive=False))
@click.option("--archive-existing", is_flag=True, help="Archive the versions that are in this stage now.")
@click.option("--comment", help="For those who approve.")
@click.pass_obj
def transition(  # noqa: PLR0913 - one for each option
    session: Session, name: str, version: str, stage: str, archive_existing: bool, comment: str | None
) -> Done:
    model_named(session.client, name)
    client = session.client
    policies = {each["stage"]: each["policy"] for each in client.registry.get_policies(name)["policies"]}
    if policies.get(stage) == _APPROVAL:
        request = client.registry.create_request(
            name, version, stage, archive_existing_versions=archive_existing, comment=comment
        )["request"]
        return Done(
            request,
            f"{stage} asks for approval: request {request['request_id']} is {request['status']}.",
            notes=[f"Approve it: cumulog models approve {request['request_id']}"],
        )
    moved = client.models.transition(name, version, stage, archive_existing_versions=archive_existing)
    return Done(moved["model_version"], f"{name} {version} is in {stage}.")


@models.command("alias", help="Let an alias name a version.")
@click.argument("name")
@click.argument("alias")
@click.argument("version")
@click.pass_obj
def set_alias(session: Session, name: str, alias: str, version: str) -> Done:
    model_named(session.client, name)
    session.client.models.set_alias(name, alias, version)
    return Done({"name": name, "alias": alias, "version": version}, f"{name}@{alias} is version {version}.")


@models.command("unalias", help="Delete an alias.")
@click.argument("name")
@click.argument("alias")
@click.pass_obj
def delete_alias(session: Session, name: str, alias: str) -> Done:
    model_named(session.client, name)
    session.client.models.delete_alias(name, alias)
    return Done({"name": name, "alias": alias}, f"{name} has no alias {alias} any more.")


for _command in (*approvals.COMMANDS, *history.COMMANDS):
    models.add_command(_command)

COMMAND = models


def _version(version: Any) -> Card:
    tags = [Line(f"  {tag['key']}", tag.get("value", "")) for tag in version.get("tags", ())]
    entries = [
        Line("model", version["name"]),
        Line("version", version["version"]),
        Line("stage", version["current_stage"]),
        Line("aliases", ", ".join(version.get("aliases", ()))),
        Line("status", version["status"]),
        Line("created", second(version["creation_timestamp"])),
        Line("run", version["run_id"]),
        Line("source", version.get("source", "")),
        Line("description", version.get("description", "")),
        *([Line("tags", None), *tags] if tags else []),
    ]
    return Card(version, entries)


def _by_stage(model: Any) -> str:
    latest = model.get("latest_versions", ())
    return ", ".join(f"{each['version']} {each['current_stage']}" for each in latest)


def _aliases(model: Any) -> str:
    return ", ".join(f"{each['alias']}={each['version']}" for each in model.get("aliases", ()))


def _of(name: str) -> str:
    """A filter for the versions of a model. A name that has both kinds of quotes cannot be written in one."""
    mark = '"' if "'" in name else "'"
    return f"name = {mark}{name}{mark}"
