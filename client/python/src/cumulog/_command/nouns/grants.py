"""`cumulog admin grants`."""

from collections.abc import Callable
from operator import itemgetter
from typing import Any, Literal, TypeVar

import click

from cumulog._command.frame.quiet import quiet
from cumulog._command.frame.session import Session
from cumulog._command.frame.tree import Group
from cumulog._command.shown.looks import Column
from cumulog._command.shown.results import Done, Rows

LEVELS = ("READ", "USE", "EDIT", "MANAGE", "DENY")
Function = TypeVar("Function", bound=Callable[..., Any])
Thing = tuple[Literal["experiment", "registered_model"], str]


@click.group("grants", cls=Group, help="Permissions on experiments and registered models.")
def grants() -> None:
    pass


def _on_thing(function: Function) -> Function:
    """Options of which one names a thing."""
    experiment = click.option("--experiment", metavar="ID", help="The experiment's id, or '*' for all.")
    return experiment(
        click.option("--model", metavar="NAME", help="The registered model's name, or '*' for all.")(function)
    )


@grants.command("list", help="List the grants of a user, or on a thing.")
@click.option("--user", metavar="NAME", help="All grants of this user.")
@_on_thing
@quiet
@click.pass_obj
def list_grants(session: Session, user: str | None, experiment: str | None, model: str | None) -> Rows:
    found: Any
    if user is not None and experiment is None and model is None:
        found = session.client.users.list_permissions(user)["permissions"]
        names = {"ON": "resource_type", "NAME": "resource_pattern", "PERMISSION": "permission"}
    else:
        found = session.client.access.list_grants(*_thing(experiment, model, user))["grants"]
        names = {"USER": "username", "PERMISSION": "permission"}
    return Rows(found, [Column(heading, itemgetter(name)) for heading, name in names.items()])


@grants.command("set", help="Set a user's permission, replacing the one before.")
@click.argument("user")
@click.argument("level", type=click.Choice(LEVELS))
@_on_thing
@quiet
@click.pass_obj
def set_grant(session: Session, user: str, level: Any, experiment: str | None, model: str | None) -> Done:
    kind, name = _thing(experiment, model)
    session.client.users.grant_permission(kind, name, user, level)
    return Done({}, f"{user} has {level}.")


@grants.command("remove", help="Remove a user's permission.")
@click.argument("user")
@_on_thing
@quiet
@click.pass_obj
def remove_grant(session: Session, user: str, experiment: str | None, model: str | None) -> Done:
    session.client.users.revoke_permission(*_thing(experiment, model), user)
    return Done({}, f"{user} no longer has that grant.")


def _thing(experiment: str | None, model: str | None, user: str | None = None) -> Thing:
    """The kind and the name of what is named. Raises click.UsageError unless it is one thing."""
    if sum(each is not None for each in (experiment, model, user)) != 1:
        raise click.UsageError(
            "Name one thing: --experiment ID or --model NAME; a list may be --user NAME.", click.get_current_context()
        )
    return ("experiment", experiment) if experiment is not None else ("registered_model", model or "")
