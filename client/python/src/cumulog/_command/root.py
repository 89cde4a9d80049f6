"""`cumulog`: the root of the tree of commands, and how a command line ends."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from cumulog._command.frame import exits
from cumulog._command.frame.session import Session
from cumulog._command.frame.tree import Closed, Nouns, no_color
from cumulog._http.calls import Transport
from cumulog._http.errors import CumulogError
from cumulog._http.version import VERSION

HELP = """Cumulog on the command line.

MLFLOW_TRACKING_URI names the server, and MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME with
MLFLOW_TRACKING_PASSWORD, who you are, as with MLflow's client; or else `cumulog login` does. Results go to stdout,
errors to stderr.
"""

# Each noun with the module that has it, and what it is for: the help needs none of the modules.
NOUNS = {
    "experiments": ("nouns.experiments", "Experiments: list, show, create, rename, delete, restore."),
    "runs": ("nouns.runs", "Runs: list, show, compare, watch, export, delete, restore."),
    "run": ("jobs.run", "Run a project, tracked, in an environment of its own."),
    "sweep": ("jobs.sweep", "Run a project many times, with parameters from a space."),
    "reproduce": ("jobs.reproduce", "Run a run again, and compare what comes out."),
    "lock": ("jobs.lock", "Write a run to an archive that can be run anywhere."),
    "lineage": ("jobs.lineage", "Show what something came from, and what came from it."),
    "cancel": ("jobs.cancel", "End a run that is a job of AWS Batch."),
    "series": ("nouns.series", "Plot a metric of runs."),
    "artifacts": ("nouns.artifacts", "Files of runs: ls, get, put, du, rm."),
    "models": ("nouns.models", "Registered models: versions, stages, aliases, approvals and history."),
    "catalogue": ("nouns.catalogue", "The models that lie in the bucket, whatever tool put them there."),
    "sync": ("nouns.sync", "Send what journals on this machine still hold."),
    "login": ("nouns.login", "Sign in to a server."),
    "logout": ("nouns.logout", "Forget the token for a server."),
    "open": ("nouns.open", "Show a run, an experiment or the server in the browser."),
    "doctor": ("nouns.doctor", "Find out why something does not work."),
    "admin": ("nouns.admin", "Users, tokens and grants."),
}


@click.group("cumulog", cls=Nouns, nouns=NOUNS, help=HELP, invoke_without_command=True, params=[no_color()])
@click.option("--version", is_flag=True, help="Show the version and exit.")
@click.pass_context
def root(ctx: click.Context, version: bool) -> None:
    if version:
        click.echo(f"cumulog {VERSION}")
        raise SystemExit(0)
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def main(arguments: Sequence[str] | None = None, transport: Transport | None = None) -> int:
    """Run a command line; returns the exit code (`frame/exits.py`). A command line that is wrong raises SystemExit.

    Without a `transport`, the environment names the server.
    """
    session = Session(transport)
    if sys.stdout is None:
        # Whoever started the process has closed it.
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - as long as the process lives
    try:
        code = root.main(args=arguments, prog_name="cumulog", standalone_mode=False, obj=session)
        sys.stdout.flush()
    except click.UsageError as error:
        error.show()
        raise SystemExit(exits.USAGE) from None
    except (click.Abort, KeyboardInterrupt):
        return exits.INTERRUPTED
    except (Closed, BrokenPipeError):
        # Whoever read has enough. Python would complain when it flushes at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return exits.OK
    except (CumulogError, OSError) as error:
        click.echo(f"cumulog: {exits.told(error)}", err=True)
        return exits.FAILED if session.fails_by_one else exits.code(error)
    finally:
        session.close()
    return code if isinstance(code, int) else exits.OK
