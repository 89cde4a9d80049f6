"""How a run comes to be: created with an id that this process chose, joined, or gone on with."""

import os
import re
from typing import Any, NamedTuple

from cumulog._fluent import environment
from cumulog._fluent.info import RunInfo
from cumulog._fluent.process import process
from cumulog._fluent.runs import Run, now, once
from cumulog._http.errors import CumulogError
from cumulog._http.forks import importing

_RUN_ID = re.compile("[0-9a-f]{32}")


class Wanted(NamedTuple):
    """What was said about a run. Empty: the experiment that new runs go to, a name of the server's, no parent."""

    experiment_id: str
    run_name: str
    tags: dict[str, str]
    parent: str

    def experiment(self) -> tuple[str, str]:
        """Id and name of the run's experiment, of which one is empty."""
        return (self.experiment_id, "") if self.experiment_id else process.experiment()


def of_job(job: str, wanted: Wanted) -> Run:
    """The run of a job. Its id comes from the job and the experiment, so every process of the job knows it.

    Raises CumulogError for an empty text: runs that have nothing to do with each other would be one.
    """
    if not job.strip():
        raise CumulogError("`job` is empty: pass what identifies the job, or leave it out.")
    named = "\n".join(("cumulog job", *wanted.experiment(), job))
    run_id = _digest(named)[:32]
    run = created(run_id, wanted._replace(run_name=wanted.run_name or job), join=True)
    if environment.rank():
        run.is_guest = True
    else:
        # An earlier attempt may have ended it.
        run.call("/runs/update", {"run_id": run_id, "status": "RUNNING"})
    return run


def resumed(run_id: str | None, wanted: Wanted) -> Run | None:
    """The run that was asked for, by argument or by MLFLOW_RUN_ID; None if a new one is wanted."""
    known = run_id or os.environ.pop("MLFLOW_RUN_ID", "")
    if known and not run_id and not is_run_id(known):
        once(f"MLFLOW_RUN_ID is no id of a run, which has 32 hexadecimal digits: '{known[:100]}'. A new run begins.")
        return None
    if not known:
        return None
    rank = environment.rank()
    if not run_id and rank == 0:
        # The first of several processes creates the run that all of them are to log to.
        return created(checked(known), wanted, join=True)
    run = joining(checked(known))
    run.is_guest = bool(rank)
    if not rank:
        named = {"run_name": wanted.run_name} if wanted.run_name else {}
        run.call("/runs/update", {"run_id": known, "status": "RUNNING", **named})
    if wanted.tags:
        run.tags(wanted.tags)
    return run


def created(run_id: str, wanted: Wanted, *, join: bool = False) -> Run:
    """A run that is created with its first delivery; or joined, if `join`, where another process was first."""
    name = wanted.run_name or os.environ.get("MLFLOW_RUN_NAME", "")
    experiment_id, experiment_name = wanted.experiment()
    tags = environment.tags() | ({"mlflow.parentRunId": wanted.parent} if wanted.parent else {}) | wanted.tags
    body = {
        "run_id": run_id,
        "user_id": environment.user(),
        "start_time": now(),
        "tags": [{"key": key, "value": value} for key, value in tags.items()],
        **({"run_name": name} if name else {}),
    }
    create = {"body": body, "experiment_id": experiment_id, "experiment_name": experiment_name, "join": join}
    run = Run(RunInfo(run_id, name, experiment_id), process.server_now(), create, process)
    # It exists from now on, even if nothing is ever logged to it.
    run.writer()
    return run


def joining(run_id: str) -> Run:
    """A run that another process creates and ends."""
    run = Run(RunInfo(run_id, "", ""), process.server_now(), None, process)
    run.is_guest = True
    return run


def checked(run_id: Any) -> str:
    """The id. Raises CumulogError if it is none."""
    if not is_run_id(run_id):
        raise CumulogError(f"{run_id!r:.100} is no id of a run, which is a text of 32 hexadecimal digits.")
    return str(run_id)


def is_run_id(given: Any) -> bool:
    return isinstance(given, str) and bool(_RUN_ID.fullmatch(given))


def _digest(text: str) -> str:
    with importing:
        # Few jobs need it.
        from hashlib import sha256  # noqa: PLC0415

    return sha256(text.encode(errors="surrogatepass")).hexdigest()
