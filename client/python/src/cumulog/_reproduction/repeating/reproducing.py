"""Running a run again: rebuilt from its record, as a new run that is linked to the old, and compared with it."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from cumulog._fluent import environment
from cumulog._fluent.runs import new_id, now
from cumulog._http.errors import ApiError, CumulogError
from cumulog._projects.children import Stop
from cumulog._projects.running.order import Order, Target
from cumulog._projects.running.output import Terminal
from cumulog._projects.running.running import Ended, launch
from cumulog._record import machine
from cumulog._reproduction.comparing import files, metrics, predictions
from cumulog._reproduction.comparing.metrics import Tolerance
from cumulog._reproduction.errors import NotReproducible
from cumulog._reproduction.rebuilding import order, packages, places, stored, tree
from cumulog._reproduction.rebuilding.order import Changes
from cumulog._reproduction.rebuilding.packages import Chosen, Wanted
from cumulog._reproduction.rebuilding.placing import Place
from cumulog._reproduction.rebuilding.tree import Where
from cumulog._reproduction.recorded import reading
from cumulog._reproduction.recorded.reading import Server
from cumulog._reproduction.recorded.run import REPRODUCES, Missing, Recorded
from cumulog._reproduction.repeating import causes
from cumulog._reproduction.repeating.outcome import FILE, Outcome
from cumulog._transfer.transfer import Options, upload


class Wishes(NamedTuple):
    """What was typed: where the code is, which packages, what is to differ, what may differ, how strict to be."""

    where: Where = Where()
    packages: Wanted = Wanted()
    changes: Changes = Changes()
    allowed: Tolerance = Tolerance()
    is_strict: bool = False
    trust: bool = False


class Work(NamedTuple):
    """A run that is to be run again; `scratch` is a folder for everything that this needs."""

    server: Server
    recorded: Recorded
    wishes: Wishes
    scratch: Path


class Rebuilt(NamedTuple):
    """What is ready to be run, and what only the rebuilding has found out."""

    order: Order
    chosen: Chosen
    data: places.Data
    origin: str
    missing: tuple[Missing, ...]


class Goal(NamedTuple):
    """Where the new run goes: the server's URL, and an experiment (empty: that of the old run)."""

    url: str
    experiment_id: str = ""
    run_name: str = ""


def rebuild(work: Work) -> Rebuilt:
    """Everything that the run needs. Raises NotReproducible, and ProjectError."""
    server, recorded, wishes, scratch = work
    reading.required(recorded)
    order.require_command(recorded)
    rebuilt = tree.rebuilt(recorded, scratch / "tree", wishes.where)
    copied = tuple(places.fill(recorded, rebuilt.folder))
    data = stored.checked(server, recorded, places.checked(recorded, rebuilt.folder))
    if wishes.is_strict and not data.is_whole:
        raise NotReproducible(f"The data are not what they were: {'; '.join((*data.changed, *data.missing))}.")
    (scratch / "environment").mkdir()
    chosen = packages.chosen(recorded, wishes.packages, scratch / "environment")
    place = Place(rebuilt.folder, scratch)
    found = order.ordered(recorded, place, chosen, wishes.changes)
    return Rebuilt(found, chosen, data, rebuilt.origin, (*rebuilt.missing, *copied, *chosen.missing))


def run_again(work: Work, rebuilt: Rebuilt, goal: Goal, stop: Stop, terminal: Terminal) -> Ended:
    """Run it as a new run, which names the old one from its beginning on."""
    server, recorded, *_ = work
    experiment_id = goal.experiment_id or recorded.experiment_id
    run_id = new_id()
    server.client.runs.create(
        run_id=run_id,
        experiment_id=experiment_id,
        start_time=now(),
        user_id=environment.user(),
        run_name=goal.run_name or f"{recorded.name or recorded.run_id[:8]} again",
        tags=[{"key": REPRODUCES, "value": recorded.run_id}],
    )
    with _as_it_was(order.unset(recorded)):
        return launch(rebuilt.order, Target(goal.url, experiment_id, "", run_id), stop, terminal)


@contextmanager
def _as_it_was(unset: list[str]) -> Iterator[None]:
    """An environment without some variables, for what is started in the block."""
    before = {name: os.environ.pop(name) for name in unset if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(before)


def compared(work: Work, rebuilt: Rebuilt, ended: Ended) -> Outcome:
    """The two runs side by side."""
    server, recorded, wishes, scratch = work
    new = _again(work, rebuilt, ended)
    runs = [server.client.runs.get(run_id)["run"] for run_id in (recorded.run_id, ended.run_id)]
    histories = [metrics.histories(server.client, run) for run in runs]
    kept = [files.of_run(server, run) for run in runs]
    (scratch / "files").mkdir()
    pair = causes.Pair(recorded, new, rebuilt.data, rebuilt.missing)
    return Outcome(
        recorded.run_id,
        ended.run_id,
        ended.status,
        ended.why,
        rebuilt.origin,
        forced(recorded, wishes),
        wishes.allowed,
        metrics.compared(histories[0], histories[1], wishes.allowed),
        files.compared(server, kept[0], kept[1], scratch / "files"),
        _predictions(server, rebuilt, (runs[0], runs[1]), wishes),
        causes.found(pair),
        (*recorded.missing, *rebuilt.missing),
    )


def _again(work: Work, rebuilt: Rebuilt, ended: Ended) -> Recorded:
    """The new run, with what is known of it beside its record."""
    new = reading.read(work.server, ended.run_id, work.scratch / "new")
    variables = {name: value for name, value in os.environ.items() if name not in order.unset(work.recorded)}
    told = machine.environment({**variables, **rebuilt.order.command.variables})
    told.update(work.wishes.changes.variables)
    requirements = new.requirements or rebuilt.chosen.requirements
    return new._replace(
        invocation=order.invoked(work.recorded, work.wishes.changes),
        document={**new.document, "environment": told} if new.document else {},
        requirements=requirements,
        python=new.python or rebuilt.chosen.version,
    )


def _predictions(
    server: Server, rebuilt: Rebuilt, runs: tuple[Mapping[str, Any], Mapping[str, Any]], wishes: Wishes
) -> list[predictions.Predictions]:
    one, two = (files.models(server.client, run) for run in runs)
    names = sorted({*one} & {*two})
    if not names:
        return []
    variables = {**rebuilt.order.command.variables, **_python_path(rebuilt)}
    ids = (runs[0]["info"]["run_id"], runs[1]["info"]["run_id"])
    python = _python(server, ids[1], rebuilt)
    where = predictions.Where(python, variables, wishes.trust)
    return [predictions.compared(server, ids, name, where, wishes.allowed) for name in names]


def _python(server: Server, run_id: str, rebuilt: Rebuilt) -> str:
    """The Python of the environment that was built, as the new run says."""
    if Path(rebuilt.chosen.python).is_absolute():
        return rebuilt.chosen.python
    with suppress(CumulogError, ValueError, KeyError):
        told = json.loads(server.client.artifacts.get_artifact(run_id, reading.PROJECT_FILE))
        return str(told["environment"]["python"]["executable"])
    return rebuilt.chosen.python


def _python_path(rebuilt: Rebuilt) -> dict[str, str]:
    """This client, behind whatever the environment has."""
    known = rebuilt.order.command.variables.get("PYTHONPATH", "")
    ours = packages.client_path(rebuilt.order.source.folder.parent)
    return {"PYTHONPATH": os.pathsep.join([*([known] if known else []), ours])}


def forced(recorded: Recorded, wishes: Wishes) -> tuple[str, ...]:
    """What was asked to differ from the record, in words. Of MLflow's runs it has no arguments."""
    changes, wanted = wishes.changes, wishes.packages
    return (
        *(["the code as it is now"] if wishes.where.is_current else []),
        *([f"Python {wanted.python}"] if wanted.python else []),
        *wanted.packages,
        *(f"{name}={value}" for name, value in changes.parameters.items()),
        *(f"{name}={value} as a variable" for name, value in changes.variables.items()),
        *(["other arguments"] if changes.arguments is not None and recorded.document else []),
    )


def keep(server: Server, outcome: Outcome, experiment_id: str, scratch: Path) -> str:
    """Keep the report with the new run, and have the server note it. Why not; empty if all went well."""
    place = scratch / "reproduction.json"
    place.write_text(json.dumps(outcome.fields(), indent=2), encoding="utf-8")
    try:
        upload({f"{experiment_id}/{outcome.new}/artifacts/{FILE}": place}, server.api, Options(progress=False))
        _note(server, outcome)
    except CumulogError as error:
        return f"The report is not kept: {error}"
    return ""


def _note(server: Server, outcome: Outcome) -> None:
    """Have a server note it that keeps records of reproductions, unless something was told to differ.

    Raises ApiError, but not of an older server, which keeps none.
    """
    reproductions = getattr(server.client, "reproductions", None)
    if reproductions is None or outcome.forced:
        return
    try:
        reproductions.create(
            run_id=outcome.old,
            reproduced_run_id=outcome.new,
            verdict=outcome.verdict,
            tolerance=max(outcome.allowed),
            differences=outcome.differences(),
            report=FILE,
        )
    except ApiError as error:
        if error.error_code != "ENDPOINT_NOT_FOUND":
            raise
