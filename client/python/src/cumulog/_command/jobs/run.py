"""`cumulog run`: runs a project, tracked, in an environment of its own."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from cumulog._command.frame import completing
from cumulog._command.frame.session import Session
from cumulog._command.frame.tree import Command
from cumulog._command.jobs import again, batch, outcome, scheduled, typed
from cumulog._command.shown.results import Done
from cumulog._fluent.starting import checked
from cumulog._projects.children import Stop
from cumulog._projects.environments.choosing import Choice
from cumulog._projects.environments.prepared import MANAGERS
from cumulog._projects.running.ordering import Typed, ordered
from cumulog._projects.running.output import Terminal
from cumulog._projects.running.running import launch

HELP = """Run a project: a folder, an archive or a git repository with an MLproject file or a script; or a run again.

SOURCE is a path or a URL, with #SUBFOLDER and @REVISION where they are needed; or the id of a run, which is rebuilt
from its record, and runs as a new one with the parameters that -P changes. The environment that the project asks
for is built by uv, conda or docker, and kept for the next time. Code, parameters, environment and output are recorded.
A project, or a run that is run again, has your rights: run those of people whose code you would run.

With --backend batch it runs as a job of AWS Batch. In the job's container `cumulog run --run-id ID`, without SOURCE,
does what was submitted.

The exit code is that of the project's command; 128 and the number of a signal if one ended it; 1 if the project could
not be started.
"""


@click.command(cls=Command, help=HELP)
@click.argument("source", default="")
@click.option("-e", "--entry-point", default="main", show_default=True, metavar="NAME", help="Or a script: train.py.")
@click.option("-P", "--param", "params", multiple=True, metavar="NAME=VALUE", help="A parameter. May be repeated.")
@click.option("-v", "--version", default="", metavar="REVISION", help="A branch, tag or commit of a git repository.")
@click.option("--experiment-name", default="", shell_complete=completing.experiments, help="Created if it is missing.")
@click.option("--experiment-id", default="", help="Instead of a name.")
@click.option("--run-name", default="", help="Else the server gives it one.")
@click.option("--run-id", default="", help="Go on with this run instead of a new one.")
@click.option("--env-manager", type=click.Choice(MANAGERS), help="Else what the project asks for. local: no new one.")
@click.option("--storage-dir", type=click.Path(file_okay=False, path_type=Path), help="Where downloads are kept.")
@click.option("-A", "--docker-args", "options", multiple=True, metavar="NAME=VALUE", help="For `docker run`.")
@click.option("--build-image", is_flag=True, help="Build an image with the project's files in it.")
@batch.options
@click.pass_obj
def command(session: Session, /, source: str, version: str, entry_point: str, **given: Any) -> Done:
    if not source and not given["run_id"]:
        raise typed.wrong("Name the SOURCE of a project; or by --run-id a run that was submitted.")
    job = batch.Asked(**{name: given.pop(name) for name in batch.Asked._fields})
    job.check()
    if not source:
        run_id = checked(given["run_id"])
        return batch.follow(session, run_id) if job.backend == "batch" else scheduled.work(session, run_id)
    wanted = Typed(source, version, entry_point, typed.pairs(given["params"], "-P"), given["storage_dir"])
    choice = Choice(given["env_manager"] or "", _options(given["options"]), given["build_image"])
    where = {name: given[name] for name in ("experiment_name", "experiment_id", "run_id", "run_name")}
    if again.is_meant(source) and job.backend != "batch":
        return again.work(session, source, wanted.parameters, choice.manager, where)
    if job.backend == "batch":
        return batch.submit(session, job, wanted, choice, typed.target(session, **where))
    with Stop() as stop, tempfile.TemporaryDirectory(prefix="cumulog-project-") as scratch:
        order = ordered(wanted, choice, Path(scratch))
        ended = launch(order, typed.target(session, **where), stop, Terminal(to_stderr=session.looks.as_json))
    return outcome.shown(ended)


def _options(given: Sequence[str]) -> dict[str, str | bool]:
    """Options of docker; one without a value is on."""
    named = typed.pairs([each for each in given if "=" in each], "-A")
    return named | {each: True for each in given if "=" not in each}


COMMAND = command
