"""`cumulog models`: registered models, their versions, stages and aliases."""

import re
from typing import Any

import click

from cumulog._command.frame import completing, finding
from cumulog._command.frame.exits import NotFound
from cumulog._command.frame.finding import quoted
from cumulog._command.frame.limited import limited
from cumulog._command.frame.session import Session
from cumulog._command.frame.tree import Group
from cumulog._command.nouns import approvals, history
from cumulog._command.shown.looks import Column
from cumulog._command.shown.results import Card, Done, Line, Result, Rows
from cumulog._command.shown.text import second

_APPROVAL = "approval"
_OF_RUN = re.compile(r"runs:/([0-9a-f]{4,31})/(.+)")


@click.group("models", cls=Group, help="Registered models: versions, stages, aliases, approvals and history.")
def models() -> None:
    pass


@models.command("list", help="List registered models, by name.")
@click.option("--filter", "filter_text", metavar="FILTER", help="As in MLflow: name ILIKE '%wine%'.")
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True, help="How many at most.")
@click.pass_obj
def list_models(session: Session, filter_text: str | None, limit: int) -> Rows:
    pages = session.client.pages(session.client.models.search, filter=filter_text, max_results=min(limit + 1, 100))
    found, notes = limited(pages, "registered_models", limit)
    columns = [
        Column("NAME", lambda model: model["name"]),
        Column("VERSIONS BY STAGE", _by_stage),
        Column("ALIASES", _aliases),
        Column("UPDATED (UTC)", lambda model: second(model["last_updated_timestamp"])),
        Column("DESCRIPTION", lambda model: model["description"]),
    ]
    return Rows([model_fields(each) for each in found], columns, notes=notes)


@models.command("show", help="Show a registered model with its versions, or one VERSION, by its number or alias.")
@click.argument("name", shell_complete=completing.models)
@click.argument("version", required=False)
@click.pass_obj
def show_model(session: Session, name: str, version: str | None) -> Result:
    model = model_fields(finding.model(session.client, name))
    if version:
        version = model["aliases"].get(version, version)
        return _version(version_fields(session.client.models.get_version(name, version)["model_version"]))
    found = [
        {**version_fields(each), "aliases": _of_version(model, each["version"])}
        for page in session.client.pages(session.client.models.search_versions, filter=f"name = {quoted(name)}")
        for each in page.get("model_versions", ())
    ]
    found.sort(key=lambda each: -int(each["version"]))
    columns = [
        Column("VERSION", lambda each: each["version"], is_number=True),
        Column("STAGE", lambda each: each["current_stage"]),
        Column("ALIASES", lambda each: ", ".join(each["aliases"])),
        Column("CREATED (UTC)", lambda each: second(each["creation_timestamp"])),
        Column("STATUS", lambda each: each["status"]),
        Column("RUN", lambda each: each["run_id"][:8], lambda each: each["run_id"]),
        Column("SOURCE", lambda each: each["source"]),
    ]
    return Rows({**model, "versions": found}, columns, rows=found)


@models.command("register", help="Make a model a version of NAME. URI: models:/MODEL_ID, or runs:/RUN_ID/NAME.")
@click.argument("name", shell_complete=completing.models)
@click.argument("uri")
@click.option("--description", help="Of the version.")
@click.pass_obj
def register(session: Session, name: str, uri: str, description: str | None) -> Done:
    from cumulog._models.registering import registered  # noqa: PLC0415 - no other command needs it

    if found := _OF_RUN.fullmatch(uri):
        # A list in a terminal shows only the beginning of an id.
        uri = f"runs:/{finding.run(session.client, found[1])['info']['run_id']}/{found[2]}"
    version = registered(session.client, uri, name, description=description)["version"]
    return Done({"name": name, "version": version}, f"{name} has version {version}.")


@models.command("transition", help="Move a version to a stage, or ask for the approvals that the stage needs.")
@click.argument("name", shell_complete=completing.models)
@click.argument("version")
@click.argument("stage", type=click.Choice(approvals.STAGES, case_sensitive=False))
@click.option("--archive-existing", is_flag=True, help="Archive the versions that are in this stage now.")
@click.option("--comment", help="For those who approve.")
@click.pass_obj
def transition(  # noqa: PLR0913 - one for each option
    session: Session, name: str, version: str, stage: str, archive_existing: bool, comment: str | None
) -> Done:
    finding.model(session.client, name)
    client = session.client
    policies = {each["stage"]: each["policy"] for each in client.registry.get_policies(name)["policies"]}
    if policies.get(stage) == _APPROVAL:
        request = client.registry.create_request(
            name, version, stage, archive_existing_versions=archive_existing, comment=comment
        )["request"]
        return Done(
            {"name": name, "version": version, "stage": request["from_stage"], "request_id": request["request_id"]},
            f"{stage} asks for {approvals.approvals(request['needed'])}: request {request['request_id']} is "
            f"{request['status']}.",
            notes=[f"Approve it: cumulog models approve {request['request_id']}"],
        )
    client.models.transition(name, version, stage, archive_existing_versions=archive_existing)
    return Done({"name": name, "version": version, "stage": stage}, f"{name} {version} is in {stage}.")


@models.group("alias", help="Names of versions, such as champion.")
def alias() -> None:
    pass


@alias.command("set", help="Let an alias name a version.")
@click.argument("name", shell_complete=completing.models)
@click.argument("named", metavar="ALIAS")
@click.argument("version")
@click.pass_obj
def set_alias(session: Session, name: str, named: str, version: str) -> Done:
    finding.model(session.client, name)
    session.client.models.set_alias(name, named, version)
    return Done({"name": name, "alias": named, "version": version}, f"{name}@{named} is version {version}.")


@alias.command("delete", help="Delete an alias.")
@click.argument("name", shell_complete=completing.models)
@click.argument("named", metavar="ALIAS")
@click.pass_obj
def delete_alias(session: Session, name: str, named: str) -> Done:
    version = model_fields(finding.model(session.client, name))["aliases"].get(named)
    if version is None:
        raise NotFound(f"{name} has no alias {named!r}.")
    session.client.models.delete_alias(name, named)
    return Done({"name": name, "alias": named, "version": version}, f"{name} has no alias {named} any more.")


for _command in (*approvals.COMMANDS, *history.COMMANDS):
    models.add_command(_command)

COMMAND = models


def model_fields(model: Any) -> dict[str, Any]:
    """A registered model as plain data: aliases and tags by name."""
    return {
        "name": model["name"],
        "description": model.get("description", ""),
        "creation_timestamp": model["creation_timestamp"],
        "last_updated_timestamp": model["last_updated_timestamp"],
        "latest_versions": [
            {name: each[name] for name in ("version", "current_stage")} for each in model.get("latest_versions", ())
        ],
        "aliases": {each["alias"]: str(each["version"]) for each in model.get("aliases", ())},
        "tags": {tag["key"]: tag.get("value", "") for tag in model.get("tags", ())},
    }


def version_fields(version: Any) -> dict[str, Any]:
    """A version as plain data."""
    names = ("name", "version", "current_stage", "status", "run_id", "creation_timestamp")
    return {
        **{name: version[name] for name in names},
        "source": version.get("source", ""),
        "description": version.get("description", ""),
        "aliases": list(version.get("aliases", ())),
        "tags": {tag["key"]: tag.get("value", "") for tag in version.get("tags", ())},
    }


def _of_version(model: Any, version: str) -> list[str]:
    """The aliases of a version."""
    return [alias for alias, named in model["aliases"].items() if named == version]


def _version(version: Any) -> Card:
    tags = [Line(f"  {key}", value) for key, value in version["tags"].items()]
    entries = [
        Line("model", version["name"]),
        Line("version", version["version"]),
        Line("stage", version["current_stage"]),
        Line("aliases", ", ".join(version["aliases"])),
        Line("status", version["status"]),
        Line("created (UTC)", second(version["creation_timestamp"])),
        Line("run", version["run_id"]),
        Line("source", version["source"]),
        Line("description", version["description"]),
        *([Line("tags", None), *tags] if tags else []),
    ]
    return Card(version, entries)


def _by_stage(model: Any) -> str:
    return ", ".join(f"{each['version']} {each['current_stage']}" for each in model["latest_versions"])


def _aliases(model: Any) -> str:
    return ", ".join(f"{alias}={version}" for alias, version in model["aliases"].items())
