"""`cumulog admin`: users here; tokens and grants in `tokens.py` and `grants.py`."""

import click

from cumulog._command.frame.quiet import quiet
from cumulog._command.frame.session import Session
from cumulog._command.frame.tree import Group
from cumulog._command.nouns.grants import grants
from cumulog._command.nouns.tokens import tokens
from cumulog._command.shown.looks import Column
from cumulog._command.shown.results import Card, Done, Line, Rows
from cumulog._command.shown.text import minute

_COLUMNS = (
    Column("USER", lambda user: user["username"]),
    Column("KIND", lambda user: user["kind"]),
    Column("ADMIN", lambda user: "yes" if user["is_admin"] else ""),
)


@click.group("admin", cls=Group)
@click.pass_obj
def admin(session: Session) -> None:
    session.fails_by_one = True


@admin.command("whoami", help="Show your user and permissions.")
@quiet
@click.pass_obj
def whoami(session: Session) -> Card:
    me = session.client.access.me()
    token = me.get("token")
    entries = [
        Line("user", me["username"] or "(anonymous: access is open)"),
        Line("administrator", "yes" if me["may_administer"] else "no"),
        Line("scopes", ", ".join(me["scopes"])),
        Line("token", token["token_id"] if token else ""),
        Line("expires", minute(token["expires"]) if token else ""),
        *(Line(f"every {kind.replace('_', ' ')}", level) for kind, level in me["everywhere"].items()),
    ]
    return Card(me, entries)


@admin.group("users", cls=Group, help="People and services that may have tokens.")
def users() -> None:
    pass


@users.command("list", help="List all users that are not deleted.")
@quiet
@click.pass_obj
def list_users(session: Session) -> Rows:
    found = [user for page in session.client.pages(session.client.users.list) for user in page["users"]]
    return Rows(found, _COLUMNS)


@users.command("add", help="Create a user, without any permission yet.")
@click.argument("name")
@click.option("--service", is_flag=True, help="The user is a service, not a person.")
@click.option("--admin", "is_admin", is_flag=True, help="The user is an administrator.")
@quiet
@click.pass_obj
def add_user(session: Session, name: str, service: bool, is_admin: bool) -> Done:
    user = session.client.users.create(name, kind="service" if service else "person")["user"]
    if is_admin:
        session.client.users.update_admin(name, True)
        user["is_admin"] = True
    return Done(user, f"{name} was added. Make a token: cumulog admin tokens create --owner {name}")


@users.command("remove", help="Delete a user and revoke their tokens.")
@click.argument("name")
@quiet
@click.pass_obj
def remove_user(session: Session, name: str) -> Done:
    session.client.users.delete(name)
    return Done({}, f"{name} is deleted, and all their tokens are revoked.")


@users.command("restore", help="Restore a deleted user.")
@click.argument("name")
@quiet
@click.pass_obj
def restore_user(session: Session, name: str) -> Done:
    user = session.client.access.restore_user(name)["user"]
    return Done(user, f"{name} is restored; the old tokens stay revoked.")


@users.command("make-admin", help="Make a user an administrator.")
@click.argument("name")
@quiet
@click.pass_obj
def make_admin(session: Session, name: str) -> Done:
    session.client.users.update_admin(name, True)
    return Done({}, f"{name} is an administrator.")


@users.command("revoke-admin", help="Make an administrator an ordinary user.")
@click.argument("name")
@quiet
@click.pass_obj
def revoke_admin(session: Session, name: str) -> Done:
    session.client.users.update_admin(name, False)
    return Done({}, f"{name} is no longer an administrator.")


admin.add_command(tokens)
admin.add_command(grants)

COMMAND = admin
