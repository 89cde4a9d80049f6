"""The run of a sweep itself: it holds what was declared, so that the sweep can be continued from it alone."""

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from cumulog._fluent import artifacts
from cumulog._fluent.process import process
from cumulog._fluent.runs import Run, new_id
from cumulog._fluent.starting import Wanted, created, resumed
from cumulog._http.errors import CumulogError
from cumulog._projects.errors import ProjectError
from cumulog._projects.running import settling
from cumulog._sweeps import declared
from cumulog._sweeps.declared import Sweep
from cumulog._transfer.api import Api
from cumulog._transfer.transfer import fetch_to

FILE = "cumulog/sweep.json"
METHOD, BEST = "cumulog.sweep.method", "cumulog.sweep.best"
_REFUSAL = "The server does not take the sweep's run, so nothing was started."


class Plan(NamedTuple):
    """A sweep, and the project that it runs: as it was typed, with the parameters that stay the same."""

    sweep: Sweep
    source: str
    version: str
    entry: str
    manager: str
    fixed: Mapping[str, str]

    def written(self) -> str:
        """The document of the sweep's run."""
        project = {**self._asdict(), "fixed": dict(self.fixed)}
        del project["sweep"]
        return json.dumps({"sweep": json.loads(declared.written(self.sweep)), "project": project}, indent=1)


def plan_of(text: str) -> Plan:
    """The plan in a document. Raises ProjectError."""
    try:
        tree: Any = json.loads(text)
        return Plan(declared.read(json.dumps(tree["sweep"])), **tree["project"])
    except (ValueError, TypeError, KeyError) as error:
        raise ProjectError(f"The sweep's own document is damaged: {error}") from None


def begun(plan: Plan, wanted: Wanted) -> Run:
    """The run of a new sweep, which the server has when this returns. Raises CumulogError if it does not take it."""
    source = {"mlflow.source.name": plan.source, "mlflow.source.type": "PROJECT", METHOD: plan.sweep.method}
    run = created(new_id(), wanted._replace(tags={**source, **wanted.tags}))
    process.begin(run)
    run.params(plan.fixed)
    artifacts.made(run, FILE, lambda place: place.write_text(plan.written(), encoding="utf-8"))
    return settling.taken(run, _REFUSAL)


def continued(run_id: str, wanted: Wanted) -> Run:
    """The run of a sweep that goes on. Raises CumulogError."""
    run = resumed(run_id, wanted)
    if run is None:
        raise CumulogError(f"There is no run {run_id}.")
    process.begin(run)
    return settling.taken(run, _REFUSAL)


def plan_on(api: Api, experiment_id: str, run_id: str) -> Plan:
    """The plan that a sweep's run keeps. Raises CumulogError if it has none."""
    with tempfile.TemporaryDirectory(prefix="cumulog-sweep-") as folder:
        place = Path(folder, "sweep.json")
        try:
            fetch_to({f"{experiment_id}/{run_id}/artifacts/{FILE}": place}, api)
        except CumulogError as error:
            raise CumulogError(f"The run {run_id} is no sweep that can be continued: {error}") from error
        return plan_of(place.read_text(encoding="utf-8"))


def end(run: Run, status: str, best: str) -> None:
    """End the sweep's run. `best` is the run of the best trial, if there is one."""
    if best:
        run.tags({BEST: best})
    settling.end(run, status)
