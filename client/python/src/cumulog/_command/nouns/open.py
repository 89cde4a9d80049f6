"""`cumulog open`: shows the server's page in the browser."""

import re
import webbrowser
from urllib.parse import quote

import click

from cumulog._command.frame import completing, finding
from cumulog._command.frame.exits import NotFound
from cumulog._command.frame.session import Session
from cumulog._command.frame.tree import Command
from cumulog._command.shown.results import Done

_RUN = re.compile(r"[0-9a-f]{32}")
_LOGGED_MODEL = re.compile(r"m-[0-9a-f]{32}")
_VERSION = re.compile(r"models:/([^/@]+)(?:/([0-9]+))?")


@click.command(cls=Command)
@click.argument("what", default="", shell_complete=completing.experiments)
@click.option("--print", "only_print", is_flag=True, help="Print the URL instead.")
@click.pass_obj
def command(session: Session, what: str, only_print: bool) -> Done:
    """Show a run, an experiment or the server in the browser.

    WHAT is an experiment or a run as in other commands, the id of a logged model, models:/NAME or models:/NAME/VERSION;
    without it, the server's first page is shown.
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
    try:
        return f"#/experiments/{finding.experiment(session.client, what)['experiment_id']}"
    except NotFound as no_experiment:
        return _of_run(session, what, no_experiment)


def _of_run(session: Session, what: str, otherwise: NotFound) -> str:
    """Where a run is that is named as in other commands; without one `otherwise` is raised."""
    try:
        info = finding.run(session.client, what)["info"]
    except NotFound:
        raise otherwise from None
    return f"#/experiments/{info['experiment_id']}/runs/{info['run_id']}"


COMMAND = command
