"""`cumulog run --backend batch`: submits a run as a job of AWS Batch, and waits for it."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import click

from cumulog._cloud import array, batch, submitting
from cumulog._cloud.following import followed
from cumulog._cloud.submitting import Desk
from cumulog._command.frame.session import Session
from cumulog._command.jobs import outcome
from cumulog._command.shown.results import Done
from cumulog._command.shown.text import printable
from cumulog._projects import trees
from cumulog._projects.children import Stop, Stopped
from cumulog._projects.environments.choosing import Choice
from cumulog._projects.running.order import Target
from cumulog._projects.running.ordering import Typed
from cumulog._projects.running.running import Ended
from cumulog._sweeps import declared

_BACKENDS = ("local", "batch")
_LEAST_SECONDS = 60


class Asked(NamedTuple):
    """What was typed about where a project runs."""

    backend: str
    queue: str
    definition: str
    vcpus: str
    memory: int
    timeout: int
    attempts: int
    wait: bool
    sweep: Path | None

    def check(self) -> None:
        """Raises click.UsageError for what only jobs have."""
        only = (self.queue, self.definition, self.vcpus, self.memory, self.timeout, self.sweep)
        if self.backend != "batch" and any(only):
            raise click.UsageError(
                "--queue, --definition, --vcpus, --memory, --timeout and --sweep are of jobs: add --backend batch.",
                click.get_current_context(),
            )


def options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say where a project runs."""
    for each in (
        click.option(
            "--sweep",
            type=click.Path(dir_okay=False, exists=True, path_type=Path),
            help="Of a job: a file with a sweep, each trial of which is a job.",
        ),
        click.option("--wait/--no-wait", default=True, help="Of a job: wait for its end.", show_default=True),
        click.option(
            "--attempts",
            type=click.IntRange(1, batch.MOST_ATTEMPTS),
            default=3,
            show_default=True,
            help="Of a job: how often it starts, if its machine is taken away.",
        ),
        click.option("--timeout", type=click.IntRange(_LEAST_SECONDS), default=None, help="Of a job: seconds."),
        click.option("--memory", type=click.IntRange(512), default=None, help="Of a job: MiB."),
        click.option("--vcpus", default="", metavar="NUMBER", help="Of a job: processors, 0.25 to 16."),
        click.option("--definition", default="", metavar="NAME", help=f"The job definition. Else {batch.DEFINITION}."),
        click.option("--queue", default="", metavar="NAME", help=f"The job queue. Else {batch.QUEUE}."),
        click.option(
            "--backend",
            type=click.Choice(_BACKENDS),
            default="local",
            show_default=True,
            help="Here, or as a job of AWS Batch.",
        ),
    ):
        command = each(command)
    return command


def submit(session: Session, asked: Asked, typed: Typed, choice: Choice, target: Target) -> Done:
    if target.run_id:
        raise click.UsageError("A job makes a run of its own: leave out --run-id.", click.get_current_context())
    sweep = declared.of_tree(trees.read(asked.sweep)) if asked.sweep else None
    method = array.method(sweep) if sweep else None
    job = batch.wanted(
        asked.queue,
        asked.definition,
        vcpus=asked.vcpus,
        memory=asked.memory or 0,
        seconds=asked.timeout or 0,
        attempts=asked.attempts,
        # An array has two jobs at least.
        size=method.trials if method and method.trials > 1 else 0,
    )
    if method:
        typed = typed._replace(parameters={**typed.parameters, **method.suggested(0)})
    desk = Desk(session.client, session.api, batch.service())
    with tempfile.TemporaryDirectory(prefix="cumulog-project-") as scratch:
        plan = submitting.planned(typed, choice, Path(scratch))
        plan = array.spread(plan, sweep) if sweep else plan
        for each in plan.left_out:
            _tell(f"Left out: {each}")
        run_id = submitting.submit(plan, target, job, desk)
    job_id = submitting.job_of(session.client, run_id)
    _tell(f"Run {run_id} is submitted as job {job_id}.")
    if not asked.wait:
        return outcome.shown(Ended(run_id, target.experiment_id, "SCHEDULED", 0))
    return _followed(desk, run_id, job_id)


def follow(session: Session, run_id: str) -> Done:
    """Wait for the job of a run that was submitted before."""
    desk = Desk(session.client, session.api, batch.service())
    return _followed(desk, run_id, submitting.job_of(session.client, run_id))


def _followed(desk: Desk, run_id: str, job_id: str) -> Done:
    experiment_id = desk.client.runs.get(run_id)["run"]["info"]["experiment_id"]
    try:
        with Stop() as stop:
            ended = followed(run_id, job_id, desk, stop, _tell)
    except Stopped as stopped:
        _tell(f"The job goes on. To wait for it again: cumulog run --backend batch --run-id {run_id}")
        _tell(f"To end it: cumulog cancel {run_id}")
        return outcome.shown(Ended(run_id, experiment_id, "SCHEDULED", 128 + stopped.number))
    if ended.why:
        _tell(ended.why)
    return outcome.shown(Ended(run_id, experiment_id, ended.status, ended.code, ended.why))


def _tell(text: str) -> None:
    click.echo(printable(text), err=True)
