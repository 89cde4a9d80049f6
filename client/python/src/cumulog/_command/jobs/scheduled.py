"""`cumulog run --run-id ID` in a job's container: does what was submitted from elsewhere."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from cumulog._cloud import array, container
from cumulog._cloud.array import Trial
from cumulog._cloud.cancelling import is_wanted
from cumulog._cloud.checkpoints import Checkpoints
from cumulog._cloud.scheduled import Scheduled
from cumulog._cloud.submitting import failed
from cumulog._command.frame.session import Session
from cumulog._command.jobs import outcome, typed
from cumulog._command.shown.results import Done
from cumulog._command.shown.text import printable
from cumulog._http.errors import CumulogError
from cumulog._projects.children import Stop
from cumulog._projects.running.order import Target
from cumulog._projects.running.output import Terminal
from cumulog._projects.running.running import Ended, launch


def work(session: Session, run_id: str) -> Done:
    """Raises CumulogError; the run has ended then, if the server could be told."""
    info = session.client.runs.get(run_id)["run"]["info"]
    experiment_id, url = info["experiment_id"], typed.connected()
    root = f"{experiment_id}/{run_id}/artifacts"
    with Stop() as stop, tempfile.TemporaryDirectory(prefix="cumulog-job-") as made:
        scratch = Path(made)
        own = _own(session, Trial(run_id, Scheduled(""), info["status"]), root, scratch)
        if own.is_over:
            # Batch may start a job again whose end it has not seen.
            return outcome.shown(Ended(own.run_id, experiment_id, own.status, int(own.status == "FAILED")))
        with _failing(session, own.run_id):
            place = f"{experiment_id}/{own.run_id}/artifacts"
            kept = Checkpoints(scratch / "checkpoints", place, session.api, _tell)
            attempt = container.attempt(own.document, kept, lambda: _is_wanted(session, run_id))
            order = container.order(own.document, root, session.api, scratch)
        target = Target(url, experiment_id, run_id=own.run_id, attempt=attempt)
        return outcome.shown(launch(order, target, stop, Terminal(to_stderr=session.looks.as_json)))


def _own(session: Session, submitted: Trial, root: str, scratch: Path) -> Trial:
    """What this container does of what was submitted: the trial of its number if that is a sweep, else all."""
    if submitted.is_over:
        return submitted
    run_id = submitted.run_id
    with _failing(session, run_id):
        document = container.told(root, session.api, scratch)
    if not document.sweep:
        return submitted._replace(document=document)
    return array.trial(session.client, run_id, document, container.index(), container.job_id())


def _is_wanted(session: Session, run_id: str) -> bool:
    try:
        return is_wanted(session.client, run_id)
    except CumulogError as error:
        _tell(f"Whether the run is still wanted cannot be asked, so it waits for its next attempt: {error}")
        return True


@contextmanager
def _failing(session: Session, run_id: str) -> Iterator[None]:
    """A block whose failure ends the run."""
    try:
        yield
    except (CumulogError, OSError) as error:
        failed(session.client, run_id, str(error))
        raise


def _tell(text: str) -> None:
    click.echo(printable(text), err=True)
