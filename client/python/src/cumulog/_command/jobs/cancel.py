"""`cumulog cancel`: ends a run that is a job of AWS Batch."""

import click

from cumulog._cloud import batch, cancelling, submitting
from cumulog._command.frame import completing, finding
from cumulog._command.frame.session import Session
from cumulog._command.frame.tree import Command
from cumulog._command.shown.results import Done

HELP = """End a run that was submitted by `cumulog run --backend batch`, and its job.

The run is KILLED, and of a sweep also each trial that goes on. Checkpoints and what was logged stay.
"""


@click.command(cls=Command, help=HELP)
@click.argument("run", shell_complete=completing.runs)
@click.pass_obj
def command(session: Session, run: str) -> Done:
    run_id = finding.run(session.client, run)["info"]["run_id"]
    # A run that is no job is told so, also where boto3 is missing.
    submitting.job_of(session.client, run_id)
    ended = cancelling.cancel(session.client, batch.service(), run_id)
    return Done({"run_ids": ended}, "\n".join(ended), notes=() if ended else ["The run had ended already."])


COMMAND = command
