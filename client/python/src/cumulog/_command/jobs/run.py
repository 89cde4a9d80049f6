"""`cumulog run`: runs a project, tracked, in an environment of its own."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from cumulog._command.frame import completing
from cumulog._command.frame.session import Session, server
from cumulog._command.frame.tree import Command
from cumulog._command.shown.results import Done
from cumulog._fluent.asking import experiment_by_id, experiment_to_log_to
from cumulog._fluent.environment import PARENT_RUN, address
from cumulog._fluent.process import process
from cumulog._fluent.starting import checked, is_run_id
from cumulog._projects.children import Stop
from cumulog._projects.environments.choosing import Choice
from cumulog._projects.environments.prepared import MANAGERS
from cumulog._projects.running.order import Target
from cumulog._projects.running.ordering import Typed, ordered
from cumulog._projects.running.output import Terminal
from cumulog._projects.running.running import Ended, launch

HELP = """Run a project: a folder, an archive or a git repository with an MLproject file, or with a script.

SOURCE is a path or a URL, with #SUBFOLDER and @REVISION where they are needed. The environment that the project asks
for is built by uv, conda or docker, and kept for the next time. Code, parameters, environment and output are recorded.

The exit code is that of the project's command; 128 and the number of a signal if one ended it; 1 if the project could
not be started.
"""


@click.command(cls=Command, help=HELP)
@click.argument("source")
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
@click.pass_obj
def command(session: Session, /, source: str, version: str, entry_point: str, **given: Any) -> Done:
    typed = Typed(source, version, entry_point, _pairs(given["params"], "-P"), given["storage_dir"])
    choice = Choice(given["env_manager"] or "", _options(given["options"]), given["build_image"])
    if given["experiment_name"] and given["experiment_id"]:
        raise _wrong("Name the experiment by --experiment-name or by --experiment-id, not by both.")
    with Stop() as stop, tempfile.TemporaryDirectory(prefix="cumulog-project-") as scratch:
        order = ordered(typed, choice, Path(scratch))
        ended = launch(order, _target(session, **given), stop, Terminal(to_stderr=session.looks.as_json))
    told = f"Run {ended.run_id}: {ended.status}"
    return Done(_fields(ended), "", notes=[told], code=ended.code)


def _fields(ended: Ended) -> dict[str, Any]:
    return {
        "run_id": ended.run_id,
        "experiment_id": ended.experiment_id,
        "status": ended.status,
        "exit_code": ended.code,
        "failure": ended.why,
    }


def _target(
    session: Session, *, experiment_name: str, experiment_id: str, run_id: str, run_name: str, **_: Any
) -> Target:
    """Where the run goes, as the server knows it. Raises ApiError."""
    url = server()
    process.server = address(url)
    if run_id:
        experiment_id = session.client.runs.get(checked(run_id))["run"]["info"]["experiment_id"]
    else:
        known = (experiment_id, experiment_name) if experiment_id or experiment_name else process.experiment()
        found = (
            experiment_by_id(process.server, known[0]) if known[0] else experiment_to_log_to(process.server, known[1])
        )
        experiment_id = found.experiment_id
    outer = os.environ.get(PARENT_RUN, "") or os.environ.get("MLFLOW_RUN_ID", "")
    return Target(url, experiment_id, run_name, run_id, outer if is_run_id(outer) and outer != run_id else "")


def _pairs(given: Sequence[str], option: str) -> dict[str, str]:
    """Names and values, each name once."""
    return dict(_parted(given, option))


def _parted(given: Sequence[str], option: str) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for each in given:
        name, mark, value = each.partition("=")
        if not mark or not name:
            raise _wrong(f"'{each}' is no parameter: write {option} NAME=VALUE.")
        if name in seen:
            raise _wrong(f"'{name}' is given twice by {option}.")
        seen.add(name)
        yield name, value


def _options(given: Sequence[str]) -> dict[str, str | bool]:
    """Options of docker; one without a value is on."""
    named = _pairs([each for each in given if "=" in each], "-A")
    return named | {each: True for each in given if "=" not in each}


def _wrong(text: str) -> click.UsageError:
    return click.UsageError(text, click.get_current_context())


COMMAND = command
