"""`cumulog sweep`: runs a project many times, with parameters from a space."""

import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from cumulog._command.frame import completing
from cumulog._command.frame.session import Session
from cumulog._command.frame.tree import Command
from cumulog._command.jobs import typed
from cumulog._command.shown.looks import Column
from cumulog._command.shown.results import Rows
from cumulog._command.shown.text import printable
from cumulog._fluent.starting import Wanted, checked
from cumulog._http.errors import CumulogError
from cumulog._projects import trees
from cumulog._projects.children import Stop, Stopped
from cumulog._projects.environments.choosing import Choice
from cumulog._projects.environments.prepared import MANAGERS
from cumulog._projects.running.order import Target
from cumulog._projects.running.ordering import Typed, found
from cumulog._sweeps import choosing, declared, space, sweep_run
from cumulog._sweeps.declared import Sweep
from cumulog._sweeps.ledger import Ledger
from cumulog._sweeps.sweep_run import Plan
from cumulog._sweeps.sweeping import Sweeping
from cumulog._sweeps.trial_runs import Trials
from cumulog._sweeps.trials import Attempt

HELP = """Run a project many times, with parameters from a space.

A space is given by -S: `lr=log:1e-5..1e-1`, `depth=1..8`, `p=0..1/0.25` or `model=a,b`; or by a YAML file. Each trial
is a run, and a child of the sweep's own run. `--resume` goes on with a sweep that was interrupted.

The exit code is 0 if all trials have ended, however they did; 1 if the sweep gave up; 128 and the number of a signal.
"""
_MOST_JOBS = 256
_MOST_SHOWN = 10


@click.command(cls=Command, help=HELP)
@click.argument("source", required=False)
@click.option("-S", "--space", "spaces", multiple=True, metavar="NAME=VALUES", help="A parameter's values or range.")
@click.option("--file", "path", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The same as YAML.")
@click.option("--method", type=click.Choice(("grid", "random", "tpe")), help="random, unless the file says another.")
@click.option("--trials", type=click.IntRange(1, declared.MOST_TRIALS), help="How many; a grid knows by itself.")
@click.option("--metric", metavar="NAME[:max]", help="What tells how good a trial is. Minimized, unless :max.")
@click.option("--stop", "stopping", metavar="median[:WARMUP[,AFTER]]", help="Stop trials that are behind the median.")
@click.option("--seed", type=click.IntRange(0), help="The same seed draws the same values.")
@click.option("-j", "--jobs", type=click.IntRange(1, _MOST_JOBS), default=1, show_default=True, help="Trials at once.")
@click.option("-e", "--entry-point", default="main", show_default=True, metavar="NAME", help="Or a script: train.py.")
@click.option("-P", "--param", "params", multiple=True, metavar="NAME=VALUE", help="The same in all trials.")
@click.option("-v", "--version", default="", metavar="REVISION", help="A branch, tag or commit of a git repository.")
@click.option("--experiment-name", default="", shell_complete=completing.experiments, help="Created if it is missing.")
@click.option("--experiment-id", default="", help="Instead of a name.")
@click.option("--run-name", default="", help="Of the sweep's own run.")
@click.option("--env-manager", type=click.Choice(MANAGERS), help="Else what the project asks for. local: no new one.")
@click.option("--resume", metavar="RUN_ID", default="", help="Go on with this sweep.")
@click.pass_obj
def command(session: Session, /, source: str | None, resume: str, jobs: int, **given: Any) -> Rows:
    if bool(source) == bool(resume):
        raise typed.wrong("Name a project, or a sweep to go on with by --resume.")
    target = typed.target(session, run_id=resume, run_name=given["run_name"], **_experiment(given))
    if resume:
        plan = sweep_run.plan_on(session.api, target.experiment_id, checked(resume))
    else:
        plan = _plan(str(source), given)
    return _swept(session, plan, target, jobs)


def _swept(session: Session, plan: Plan, target: Target, jobs: int) -> Rows:
    method = choosing.method(plan.sweep)
    with Stop() as stop, tempfile.TemporaryDirectory(prefix="cumulog-sweep-") as scratch:
        opened = found(Typed(plan.source, plan.version, plan.entry), Path(scratch))
        wanted = Wanted(target.experiment_id, target.run_name, {}, target.parent)
        run = sweep_run.continued(target.run_id, wanted) if target.run_id else sweep_run.begun(plan, wanted)
        run_id = run.info.run_id
        ledger = Ledger(session.client, target.experiment_id, run_id, [each.name for each in plan.sweep.space])
        own = Target(target.server, target.experiment_id, parent=run_id)
        trials = Trials(opened, Choice(plan.manager), plan.fixed, own, Path(scratch, "parameters"))
        sweeping = Sweeping(plan.sweep, method, ledger, trials.begun, _tell)
        status, code, why = "FAILED", 1, ""
        try:
            _tell(f"Sweep {run_id}: {method.trials} trials, {jobs} at a time.")
            why = sweeping.run(jobs, stop.check).why
            status, code = ("FAILED", 1) if why else ("FINISHED", 0)
        except Stopped as stopped:
            status, code, why = "KILLED", 128 + stopped.number, f"The sweep was {stopped}."
        finally:
            best = _best(plan.sweep, sweeping.over)
            sweep_run.end(run, status, best[0].run_id if best else "")
    return _shown(run_id, plan, best or list(sweeping.over.values()), _notes(run_id, why), code)


def _notes(run_id: str, why: str) -> list[str]:
    return [f"{why} To go on with it: cumulog sweep --resume {run_id}"] if why else [f"Sweep {run_id} has ended."]


def _best(sweep: Sweep, over: Mapping[int, Attempt]) -> list[Attempt]:
    """The trials with a value, the best first."""
    if not sweep.objective:
        return []
    valued = [each for each in over.values() if each.value is not None]
    return sorted(valued, key=lambda each: each.value or 0.0, reverse=sweep.objective.is_maximized)


def _shown(run_id: str, plan: Plan, ranked: Sequence[Attempt], notes: Sequence[str], code: int) -> Rows:
    key = plan.sweep.objective.key if plan.sweep.objective else ""
    rows = [
        {"sweep": run_id, "trial": each.trial.number, "run_id": each.run_id, "status": each.status, "value": each.value}
        | {"params": each.trial.params}
        for each in ranked
    ]
    names = [each.name for each in plan.sweep.space]
    columns = [
        Column("trial", lambda row: str(row["trial"])),
        Column("run", lambda row: row["run_id"]),
        Column("status", lambda row: row["status"]),
        *([Column(key, lambda row: "" if row["value"] is None else f"{row['value']:.6g}")] if key else []),
        *map(_param, names),
    ]
    return Rows(rows, columns, rows=rows[:_MOST_SHOWN], notes=notes, code=code)


def _param(name: str) -> Column:
    return Column(name, lambda row: row["params"].get(name, ""))


def _experiment(given: Mapping[str, Any]) -> dict[str, str]:
    return {name: given[name] for name in ("experiment_name", "experiment_id")}


def _plan(source: str, given: Mapping[str, Any]) -> Plan:
    """What was typed, over what a file says. Raises ProjectError."""
    tree = dict(trees.read(given["path"])) if given["path"] else {}
    for name in ("method", "trials", "seed"):
        if given[name] is not None:
            tree[name] = given[name]
    if given["metric"]:
        name, _, goal = given["metric"].partition(":")
        tree["metric"] = {"name": name, "goal": {"max": "maximize", "min": "minimize", "": "minimize"}.get(goal, goal)}
    if given["stopping"]:
        tree["early_stopping"] = _rule(given["stopping"])
    sweep = declared.of_tree(tree, [space.of_option(each) for each in given["spaces"]])
    fixed = typed.pairs(given["params"], "-P")
    if both := sorted({*fixed} & {each.name for each in sweep.space}):
        raise CumulogError(f"{', '.join(both)} is in the space, and given by -P.")
    return Plan(sweep, _lasting(source), given["version"], given["entry_point"], given["env_manager"] or "", fixed)


def _rule(text: str) -> Any:
    """`median`, `median:10` or `median:10,20`."""
    name, mark, rest = text.partition(":")
    parts = [int(each) if each.strip().isdecimal() else each for each in rest.split(",")] if mark else []
    return {name: dict(zip(("warmup", "after"), parts, strict=False))} if len(parts) < 3 else text


def _lasting(source: str) -> str:
    """A folder by its whole path, so that a sweep goes on from anywhere on this machine."""
    return os.path.abspath(source) if Path(source).exists() else source  # noqa: PTH100 - links stay


def _tell(line: str) -> None:
    click.echo(printable(line), err=True)


COMMAND = command
