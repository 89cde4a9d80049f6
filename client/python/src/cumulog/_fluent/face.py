# ruff: noqa: ARG001 - MLflow's `synchronous` is taken, and means nothing: no call waits for the server.
"""The functions of the package, in MLflow's names. They journal and return; none waits for the server.

What cannot be logged is said once and left out: training sees no exception for it. Starting and ending runs wrongly
raises CumulogError, as it does in MLflow.
"""

import os
import re
from collections.abc import Mapping
from typing import Any

from cumulog._delivery.deliverer import say
from cumulog._fluent import environment
from cumulog._fluent.environment import PARENT_RUN
from cumulog._fluent.process import process
from cumulog._fluent.runs import Run, RunInfo, new_id, now
from cumulog._http.errors import CumulogError

STATUSES = ("FINISHED", "FAILED", "KILLED", "RUNNING", "SCHEDULED")
_RUN_ID = re.compile("[0-9a-f]{32}")


def set_tracking_uri(uri: str) -> None:
    """Name the server for the runs that start from now on: its URL, or an empty text for none."""
    if uri and not uri.startswith(("http://", "https://")):
        say(f"'{uri}' is no URL of a server, so lines stay in the journal. A URL begins with https://")
        uri = ""
    process.server = uri.rstrip("/")


def get_tracking_uri() -> str:
    """The server's URL; empty if none is set."""
    return process.server_now()


def set_experiment(experiment_name: str | None = None, experiment_id: str | None = None) -> None:
    """Choose the experiment of the runs that start from now on. One that is missing is created with its first run."""
    if bool(experiment_name) == bool(experiment_id):
        raise CumulogError("Name an experiment, or give its id, but not both.")
    process.experiment_name, process.experiment_id = experiment_name or "", experiment_id or ""


def start_run(  # noqa: PLR0913 - MLflow's signature
    run_id: str | None = None,
    experiment_id: str | None = None,
    run_name: str | None = None,
    nested: bool = False,
    parent_run_id: str | None = None,
    tags: Mapping[str, Any] | None = None,
    description: str | None = None,
) -> Run:
    """Start a run, or go on with one by its id, and make it the active run."""
    stack = process.stack()
    if stack and not nested:
        raise CumulogError(
            f"Run {stack[-1].info.run_id} is active. End it by cumulog.end_run(), or pass nested=True for a run in it."
        )
    parent = parent_run_id or (stack[-1].info.run_id if stack else None)
    given = {str(key): str(value) for key, value in (tags or {}).items()}
    if description:
        given["mlflow.note.content"] = description
    run = _resumed(run_id, given) or _created(new_id(), experiment_id, run_name, given, parent)
    stack.append(run)
    os.environ[PARENT_RUN] = run.info.run_id
    return run


def active_run() -> Run | None:
    """The run that lines go to; None if there is none."""
    return process.active()


def end_run(status: str = "FINISHED") -> None:
    """End the active run. Does not wait: see `flush`."""
    if status not in STATUSES:
        raise CumulogError(f"'{status}' is no status of a run: use one of {', '.join(STATUSES)}.")
    stack = process.stack()
    if stack:
        stack.pop().end(status)


def flush(seconds: float = 10.0) -> bool:
    """Wait until the server has everything that this process logged; False if it has not after so many seconds."""
    return process.flush(seconds)


def finish() -> bool:
    """End all runs of this process, and wait up to ten seconds until the server has everything."""
    return process.finish()


def log_metric(  # noqa: PLR0913 - MLflow's signature
    key: str,
    value: float,
    step: int | None = None,
    synchronous: bool | None = None,
    timestamp: int | None = None,
    run_id: str | None = None,
) -> None:
    """Log a point of a metric. Two points with the same key, value, step and time are one, as in MLflow."""
    run = run_to_log_to(run_id) if run_id else process.active() or _first()
    run.metric(key, value, 0 if step is None else step, timestamp)


def log_metrics(
    metrics: Mapping[str, float],
    step: int | None = None,
    synchronous: bool | None = None,
    run_id: str | None = None,
    timestamp: int | None = None,
) -> None:
    """Log points of several metrics at one step."""
    run_to_log_to(run_id).metrics(metrics, 0 if step is None else step, timestamp)


def log_param(key: str, value: Any, synchronous: bool | None = None) -> Any:
    """Log a param, and return its value. A param keeps its first value."""
    run_to_log_to().params({key: value})
    return value


def log_params(params: Mapping[str, Any], synchronous: bool | None = None, run_id: str | None = None) -> None:
    """Log several params."""
    run_to_log_to(run_id).params(params)


def set_tag(key: str, value: Any, synchronous: bool | None = None) -> None:
    """Set a tag of the active run; the last value wins."""
    run_to_log_to().tags({key: value})


def set_tags(tags: Mapping[str, Any], synchronous: bool | None = None) -> None:
    """Set several tags of the active run."""
    run_to_log_to().tags(tags)


def delete_tag(key: str) -> None:
    """Delete a tag of the active run."""
    run = run_to_log_to()
    run.call("/runs/delete-tag", {"run_id": run.info.run_id, "key": key})


def run_to_log_to(run_id: str | None = None) -> Run:
    """The run to log to: the active one, or a new one if there is none, as in MLflow."""
    run = process.active()
    if run_id and not (run and run.info.run_id == run_id):
        return _other(run_id)
    return run or _first()


def _first() -> Run:
    with process.lock:
        parent = os.environ.get(PARENT_RUN, "")
        if environment.is_child_of_multiprocessing() and _RUN_ID.fullmatch(parent):
            # A spawned worker logs to the run of the process that started it, which alone ends it.
            process.shared.append(_joining(parent))
        return process.active() or start_run()


def _other(run_id: str) -> Run:
    """A run that is not active, to log to by its id."""
    with process.lock:
        if run_id not in process.others:
            process.others[run_id] = _joining(_checked(run_id))
        return process.others[run_id]


def _joining(run_id: str) -> Run:
    run = Run(RunInfo(run_id, "", ""), process.server_now(), None, process)
    run.is_guest = True
    return run


def _resumed(run_id: str | None, tags: dict[str, str]) -> Run | None:
    """The run that was asked for, by argument or by MLFLOW_RUN_ID; None if a new one is wanted."""
    wanted = run_id or os.environ.pop("MLFLOW_RUN_ID", "")
    if not wanted:
        return None
    rank = environment.rank()
    if not run_id and rank == 0:
        # The first of several processes creates the run that all of them are to log to.
        return _created(_checked(wanted), None, None, tags, None, join=True)
    run = Run(RunInfo(_checked(wanted), "", ""), process.server_now(), None, process)
    if rank:
        run.is_guest = True
    else:
        run.call("/runs/update", {"run_id": wanted, "status": "RUNNING"})
    if tags:
        run.tags(tags)
    return run


def _created(  # noqa: PLR0913 - what start_run takes
    run_id: str,
    experiment_id: str | None,
    run_name: str | None,
    tags: dict[str, str],
    parent: str | None,
    *,
    join: bool = False,
) -> Run:
    run_name = run_name or os.environ.get("MLFLOW_RUN_NAME")
    experiment, name = (experiment_id, "") if experiment_id else _experiment()
    all_tags = environment.tags() | ({"mlflow.parentRunId": parent} if parent else {}) | tags
    body = {
        "run_id": run_id,
        "user_id": environment.user(),
        "start_time": now(),
        "tags": [{"key": key, "value": value} for key, value in all_tags.items()],
        **({"run_name": run_name} if run_name else {}),
    }
    create = {"body": body, "experiment_id": experiment, "experiment_name": name, "join": join}
    run = Run(RunInfo(run_id, run_name or "", experiment), process.server_now(), create, process)
    # It exists from now on, even if nothing is ever logged to it.
    run.writer()
    return run


def _experiment() -> tuple[str, str]:
    """Id and name of the experiment for new runs, of which one is empty; the default experiment has the id 0."""
    env = os.environ.get
    if process.experiment_id or process.experiment_name:
        return process.experiment_id, process.experiment_name
    chosen = env("MLFLOW_EXPERIMENT_ID", ""), env("MLFLOW_EXPERIMENT_NAME", "")
    return chosen if any(chosen) else ("0", "")


def _checked(run_id: str) -> str:
    if not _RUN_ID.fullmatch(run_id):
        raise CumulogError(f"'{run_id[:100]}' is no id of a run: it has 32 hexadecimal digits.")
    return run_id
