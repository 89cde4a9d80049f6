"""`cumulog admin tokens`."""

from typing import Any

import click

from cumulog._command.frame.days import Days, seconds
from cumulog._command.frame.quiet import quiet
from cumulog._command.frame.session import Session
from cumulog._command.frame.tree import Group
from cumulog._command.shown.looks import Column
from cumulog._command.shown.results import Done, Rows
from cumulog._command.shown.text import minute, second

_COLUMNS = (
    Column("ID", lambda token: token["token_id"]),
    Column("LABEL", lambda token: token.get("label", ""), least=12),
    Column("SCOPES", lambda token: ", ".join(token["scopes"]), least=12),
    Column("CREATED (UTC)", lambda token: second(token.get("created")), may_go=True),
    Column("BY", lambda token: token.get("created_by", ""), may_go=True),
    Column("EXPIRES (UTC)", lambda token: second(token.get("expires"))),
    Column("REVOKED (UTC)", lambda token: second(token.get("revoked"))),
)


@click.group("tokens", cls=Group, help="Tokens that sign in to the server.")
def tokens() -> None:
    pass


@tokens.command("list", help="List your tokens, or a user's.")
@click.option("--owner", help="A user.")
@quiet
@click.pass_obj
def list_tokens(session: Session, owner: str | None) -> Rows:
    found = session.client.access.list_tokens(owner=owner)["tokens"]
    return Rows(found, _COLUMNS)


@tokens.command("create", help="Create a token; its text is shown only once.")
@click.option("--owner", help="The token's user; default: yourself.")
@click.option("--label", help="A name for the token.")
@click.option("--scope", "scopes", multiple=True, help="all, experiment:<LEVEL>:<id>, registered_model:<LEVEL>:<name>.")
@click.option("--days", type=Days(), help="How long the token is valid; default 90, at most 365.")
@quiet
@click.pass_obj
def create_token(
    session: Session, owner: str | None, label: str | None, scopes: tuple[str, ...], days: float | None
) -> Done:
    made = session.client.access.create_token(
        owner=owner, label=label, scopes=list(scopes) or None, expires_in_seconds=seconds(days)
    )
    return _made(made)


@tokens.command("revoke", help="Revoke a token, with all tokens derived from it.")
@click.argument("token_id")
@quiet
@click.pass_obj
def revoke_token(session: Session, token_id: str) -> Done:
    session.client.access.revoke_token(token_id)
    return Done({}, f"{token_id} is revoked, with all tokens derived from it.")


@tokens.command("rotate", help="Replace a token by a new one.")
@click.argument("token_id")
@quiet
@click.pass_obj
def rotate_token(session: Session, token_id: str) -> Done:
    return _made(session.client.access.rotate_token(token_id))


def _made(reply: Any) -> Done:
    token = reply["token"]
    summary = f"Token {token['token_id']} of {token['owner']}, valid until {minute(token['expires'])}. Shown only once:"
    return Done(reply, f"{summary}\n\n    {reply['text']}\n", reply["text"])
