"""`cumulog reproduce`: runs a run again, and says metric by metric what came out."""

import tempfile
from pathlib import Path
from typing import Any

import click

from cumulog._command.frame import completing, finding
from cumulog._command.frame.session import Session
from cumulog._command.frame.tree import Command
from cumulog._command.jobs import typed
from cumulog._command.jobs.reproduced import Reproduced
from cumulog._fluent.asking import experiment_to_log_to
from cumulog._fluent.process import process
from cumulog._projects.children import Stop
from cumulog._projects.running.output import Terminal
from cumulog._reproduction.comparing.metrics import Tolerance
from cumulog._reproduction.rebuilding.order import Changes
from cumulog._reproduction.rebuilding.packages import Wanted
from cumulog._reproduction.rebuilding.tree import Where
from cumulog._reproduction.recorded import reading
from cumulog._reproduction.repeating import reproducing

HELP = """Run a run again as it was, and compare what comes out.

Code, packages, arguments, variables and data are rebuilt from the run's record in a folder of their own; nothing else
is written to. It becomes a new run of the same experiment. Metrics are compared at each step, files by their digests,
models by what they predict; where they differ, what differs between the two records is named, the likeliest first.

It runs what the record says with your rights: do it with runs of people whose code you would run.

To try an explanation, have one thing differ: -P, --set, --with, --with-python, --current-code, or arguments after --.

The exit code is 0, also if something differs: with --verify it is 1 then. It is that of the program if that failed.
"""


@click.command(cls=Command, help=HELP)
@click.argument("run", shell_complete=completing.runs)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.option("--experiment-name", default="", shell_complete=completing.experiments, help="For the new run.")
@click.option("--run-name", default="", help="Of the new run.")
@click.option("-P", "--param", "params", multiple=True, metavar="NAME=VALUE", help="Another parameter, or option.")
@click.option("--set", "variables", multiple=True, metavar="NAME=VALUE", help="Another variable of the environment.")
@click.option("--with", "packages", multiple=True, metavar="PACKAGE==VERSION", help="Another version of a package.")
@click.option("--with-python", default="", metavar="VERSION", help="Another Python.")
@click.option("--current-code", is_flag=True, help="The code of the working folder as it is now.")
@click.option("--repository", default="", metavar="FOLDER|URL", help="Where the commit is to be had.")
@click.option(
    "--env-manager",
    type=click.Choice(("same", "uv", "local")),
    help="same: the run's own Python if its packages are as they were, else as uv. That is what you get without it. "
    "uv: build them from the run's lock. local: this Python.",
)
@click.option("--rtol", default=0.0, type=click.FloatRange(0), help="How far numbers may differ, as a part of the old.")
@click.option("--atol", default=0.0, type=click.FloatRange(0), help="The same as a number.")
@click.option("--strict", is_flag=True, help="Do not run if data changed or are gone.")
@click.option("--trust", is_flag=True, help="Load models that may run code, such as pickles, to compare predictions.")
@click.option("--verify", is_flag=True, help="Exit with 1 if anything is different or missing.")
@click.pass_obj
def command(session: Session, /, run: str, **given: Any) -> Reproduced:
    url = typed.connected()
    wishes = _wishes(**given)
    asked = reading.Server(session.client, session.api)
    run_id = finding.run(session.client, run)["info"]["run_id"]
    name = given["experiment_name"]
    experiment = experiment_to_log_to(process.server_now(), name).experiment_id if name else ""
    with Stop() as stop, tempfile.TemporaryDirectory(prefix="cumulog-reproduce-") as scratch:
        recorded = reading.read(asked, run_id, Path(scratch, "old"))
        work = reproducing.Work(asked, recorded, wishes, Path(scratch).resolve())
        rebuilt = reproducing.rebuild(work)
        stop.check()
        typed.tell_whose(recorded)
        goal = reproducing.Goal(url, experiment, given["run_name"])
        terminal = Terminal(to_stderr=True)
        ended = reproducing.run_again(work, rebuilt, goal, stop, terminal)
        if ended.status == "KILLED":
            raise click.Abort
        outcome = reproducing.compared(work, rebuilt, ended)
        why = reproducing.keep(asked, outcome, ended.experiment_id, Path(scratch))
    code = ended.code or (1 if given["verify"] and outcome.verdict not in ("equal", "within_tolerance") else 0)
    return Reproduced(outcome.fields(), outcome, notes=[why] if why else [], code=code)


def _wishes(**given: Any) -> reproducing.Wishes:
    arguments = given["arguments"] or None
    changes = Changes(typed.pairs(given["params"], "-P"), typed.pairs(given["variables"], "--set"), arguments)
    return reproducing.Wishes(
        Where(given["repository"], given["current_code"]),
        Wanted(given["env_manager"] or "", given["with_python"], given["packages"]),
        changes,
        Tolerance(given["rtol"], given["atol"]),
        given["strict"],
        given["trust"],
    )


COMMAND = command
