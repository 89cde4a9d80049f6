"""`cumulog logout`: forgets the token for a server."""

import click

from cumulog._command.frame.exits import NotFound
from cumulog._command.frame.session import Session
from cumulog._command.frame.tree import Command
from cumulog._command.shown.results import Done
from cumulog._http import servers, stored
from cumulog._http.credentials import parted
from cumulog._http.errors import CumulogError


@click.command(cls=Command)
@click.argument("url", default="")
@click.pass_obj
def command(session: Session, url: str) -> Done:  # noqa: ARG001 - as every command has it
    """Forget the token for a server.

    Without a URL: for that of MLFLOW_TRACKING_URI, or else the one that the command line uses. The token stays valid:
    to revoke it, use `cumulog admin tokens revoke` first.
    """
    named = url.strip() or servers.named() or stored.default()
    if not named:
        raise NotFound(f"No server is named.{_known()}")
    if why := servers.flaw(named):
        raise CumulogError(why)
    server = parted(named)[0]
    if not stored.forget(server):
        raise NotFound(f"Nothing is kept for {server}.{_known()}")
    return Done({"server": server}, f"Signed out of {server}: its token is forgotten here, and stays valid.")


def _known() -> str:
    known = stored.servers()
    return f" You are signed in to: {', '.join(known)}" if known else " You are signed in to no server."


COMMAND = command
