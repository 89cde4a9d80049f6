"""`cumulog open`: shows the server's page in the browser."""

import re
import webbrowser
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import click

from cumulog._command.frame.exits import NotFound
from cumulog._command.frame.session import Session
from cumulog._command.frame.tree import Command
from cumulog._command.shown.results import Done
from cumulog._http.errors import ApiError

_RUN = re.compile(r"[0-9a-f]{32}")
_LOGGED_MODEL = re.compile(r"m-[0-9a-f]{32}")
_VERSION = re.compile(r"models:/([^/@]+)(?:/([0-9]+))?")


@click.command(cls=Command)
@click.argument("what", default="")
@click.option("--print", "only_print", is_flag=True, help="Print the URL instead.")
@click.pass_obj
def command(session: Session, what: str, only_print: bool) -> Done:
    """Show a run, an experiment or the server in the browser.

    WHAT is the id of a run, the id or the name of an experiment, the id of a logged model, models:/NAME or
    models:/NAME/VERSION; without it, the server's first page is shown.
    """
    url = f"{session.transport.url}/{_fragment(session, what.strip())}"
    if only_print or session.looks.as_json:
        return Done({"url": url}, url)
    if not webbrowser.open(url):
        return Done({"url": url}, url, notes=["No browser could be started here; this is the URL."], code=1)
    return Done({"url": url}, f"Opened {url}")


def _fragment(session: Session, what: str) -> str:
    """Where a thing is on the page, as in MLflow. Raises ApiError, NotFound."""
    if not what:
        return ""
    if found := _VERSION.fullmatch(what):
        version = f"/versions/{found[2]}" if found[2] else ""
        return f"#/models/{quote(found[1], safe='')}{version}"
    if _RUN.fullmatch(what):
        run = session.client.runs.get(what)["run"]
        return f"#/experiments/{run['info']['experiment_id']}/runs/{what}"
    if _LOGGED_MODEL.fullmatch(what):
        model = session.client.logged_models.get(what)["model"]
        return f"#/experiments/{model['info']['experiment_id']}/models/{what}"
    return f"#/experiments/{_experiment(session, what)}"


def _experiment(session: Session, what: str) -> str:
    """The id of an experiment, by its id or its name. Raises ApiError, NotFound."""
    known = session.client.experiments
    # A name may be a number too; then the id is meant.
    found = _id(lambda: known.get(what)) if what.isdigit() else ""
    found = found or _id(lambda: known.get_by_name(what))
    if not found:
        raise NotFound(f"There is no experiment whose id or name is {what!r}, or you may not read it.")
    return found


def _id(ask: Callable[[], Any]) -> str:
    """The id of an experiment; empty if there is none."""
    try:
        return str(ask()["experiment"]["experiment_id"])
    except ApiError as error:
        if error.error_code != "RESOURCE_DOES_NOT_EXIST":
            raise
        return ""


COMMAND = command
