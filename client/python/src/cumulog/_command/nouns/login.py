"""`cumulog login`: asks for a token once, and keeps it for one server."""

import os
import sys
from typing import Any

import click

from cumulog._command.frame.session import Session
from cumulog._command.frame.tree import Command
from cumulog._command.health.asking import Asking, bearer
from cumulog._command.shown.results import Done
from cumulog._command.shown.text import minute
from cumulog._http import servers, stored
from cumulog._http.credentials import parted
from cumulog._http.errors import ApiError, CumulogError
from cumulog._http.stored import Token

_VARIABLES = ("MLFLOW_TRACKING_TOKEN", "MLFLOW_TRACKING_PASSWORD")


@click.command(cls=Command)
@click.argument("url", default="")
@click.option("--token-stdin", "by_stdin", is_flag=True, help="Read the token from stdin, without a question.")
@click.option("--default", "is_default", is_flag=True, help="Use this server when MLFLOW_TRACKING_URI is not set.")
@click.option("--no-keyring", is_flag=True, help="Keep the token in the file, also where there is a keyring.")
@click.pass_obj
def command(session: Session, url: str, by_stdin: bool, is_default: bool, no_keyring: bool) -> Done:  # noqa: ARG001
    """Sign in to a server.

    The token is checked, and kept for this server only: in the system's keyring if the library keyring is installed and
    works, else in ~/.config/cumulog/credentials.json, which nobody else can read. Variables and credentials in a URL
    win over it. The first server that you sign in to is the one that the command line uses when MLFLOW_TRACKING_URI is
    not set; scripts use it only if they name it.
    """
    server = _server(url)
    me = _without_token(server)
    token = None
    if me is None:
        text = _token(server, by_stdin)
        me = Asking(server, bearer(text)).me()
        token = Token(text, int((me.get("token") or {}).get("expires") or 0))
    place = stored.keep(server, token, is_default=is_default, with_keyring=not no_keyring)
    return _done(server, me, token, place)


def _server(url: str) -> str:
    url = url.strip() or servers.named() or stored.default()
    if not url and not sys.stdin.isatty():
        raise click.UsageError("Name the server: cumulog login https://…")
    server, named = parted(servers.required(url or click.prompt("URL of the server", err=True)))
    if named:
        raise CumulogError("Leave the credentials out of the URL; the token is asked for.")
    return server


def _without_token(server: str) -> dict[str, Any] | None:
    """Who calls, if the server asks for no token."""
    try:
        return Asking(server).me()
    except ApiError as error:
        if error.status == 401:
            return None
        raise


def _token(server: str, by_stdin: bool) -> str:
    if not by_stdin and not sys.stdin.isatty():
        raise click.UsageError("There is nobody to ask for the token: give it by --token-stdin.")
    if not servers.is_private(server):
        click.echo("The URL begins with http://: whoever is on the way can read the token. Use https://.", err=True)
    text = sys.stdin.readline() if by_stdin else click.prompt(f"Token for {server}", hide_input=True, err=True)
    text = text.strip()
    if not text or not (text.isascii() and text.isprintable()):
        raise CumulogError("That is no token: it is one line of ASCII characters.")
    return text


def _done(server: str, me: dict[str, Any], token: Token | None, place: str) -> Done:
    default = stored.default()
    is_default = stored.name_of(default) == stored.name_of(server)
    user = str(me.get("username") or "")
    fields = {"server": server, "username": user, "kept_in": place, "is_default": is_default}
    lines = [f"{server} asks for no token: whoever reaches it is an administrator."]
    if token:
        fields["expires"] = token.expires
        valid = f", and valid until {minute(token.expires)}" if token.expires else ""
        lines = [f"Signed in to {server} as {user}.", f"The token is kept in {place}{valid}."]
    if is_default:
        lines.append("The command line uses it when MLFLOW_TRACKING_URI is not set.")
    return Done(fields, "\n".join(lines), notes=_notes(server, token))


def _notes(server: str, token: Token | None) -> list[str]:
    notes = [f"{name} is set, and wins over this token." for name in _VARIABLES if token and os.environ.get(name)]
    if servers.named() and stored.name_of(parted(servers.named())[0]) != stored.name_of(server):
        notes.append(
            f"MLFLOW_TRACKING_URI names another server, which commands and scripts use: {parted(servers.named())[0]}"
        )
    return notes


COMMAND = command
