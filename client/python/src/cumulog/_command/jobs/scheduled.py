"""`cumulog run --run-id ID` in a job's container: does what was submitted from elsewhere."""

import tempfile
from pathlib import Path

import click

from cumulog._cloud import container
from cumulog._cloud.submitting import failed
from cumulog._command.frame.session import Session, server
from cumulog._command.jobs import outcome
from cumulog._command.shown.results import Done
from cumulog._command.shown.text import printable
from cumulog._fluent.environment import address
from cumulog._fluent.process import process
from cumulog._http.errors import CumulogError
from cumulog._projects.children import Stop
from cumulog._projects.running.order import Target
from cumulog._projects.running.output import Terminal
from cumulog._projects.running.running import Ended, launch


def work(session: Session, run_id: str) -> Done:
    """Raises CumulogError; the run has ended then, if the server could be told."""
    info = session.client.runs.get(run_id)["run"]["info"]
    if info["status"] in ("FINISHED", "FAILED"):
        # Batch may start a job again whose end it has not seen.
        return outcome.shown(Ended(run_id, info["experiment_id"], info["status"], int(info["status"] == "FAILED")))
    url = server()
    process.server = address(url)
    root = f"{info['experiment_id']}/{run_id}/artifacts"
    with Stop() as stop, tempfile.TemporaryDirectory(prefix="cumulog-job-") as made:
        scratch = Path(made)
        try:
            document = container.told(root, session.api, scratch)
            attempt = container.attempt(document, root, session.api, scratch, _tell)
            order = container.order(document, root, session.api, scratch)
        except (CumulogError, OSError) as error:
            failed(session.client, run_id, str(error))
            raise
        target = Target(url, info["experiment_id"], run_id=run_id, attempt=attempt)
        return outcome.shown(launch(order, target, stop, Terminal(to_stderr=session.looks.as_json)))


def _tell(text: str) -> None:
    click.echo(printable(text), err=True)
