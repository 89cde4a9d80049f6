"""The functions of the package, in MLflow's names. They journal and return; with `synchronous=True` they wait.

What cannot be logged is said once and left out: training sees no exception for it. Starting and ending runs wrongly
raises CumulogError, as it does in MLflow.
"""

import os
from collections.abc import Mapping
from typing import Any

from cumulog._delivery.deliverer import say
from cumulog._fluent import environment
from cumulog._fluent.environment import PARENT_RUN
from cumulog._fluent.names import key_flaw
from cumulog._fluent.process import process
from cumulog._fluent.quiet import quiet, refuse
from cumulog._fluent.runs import Run, new_id
from cumulog._fluent.starting import Wanted, checked, created, is_run_id, joining, of_job, resumed
from cumulog._fluent.waiting import Operations, waited
from cumulog._http.errors import CumulogError
from cumulog._http.forks import importing

STATUSES = ("FINISHED", "FAILED", "KILLED", "RUNNING", "SCHEDULED")


def set_tracking_uri(uri: str | os.PathLike[str] | None) -> None:
    """Name the server for the runs that start from now on: its URL, or an empty text for none."""
    process.server = environment.usable(str(uri or ""))
    run = process.active()
    if run is not None and run.server != process.server:
        say(f"Run {run.info.run_id} goes on with {run.server or 'no server'}: it keeps the server it began with.")


def get_tracking_uri() -> str:
    """The server's URL; empty if none is set."""
    return process.server_now()


def is_tracking_uri_set() -> bool:
    """Whether there is a server to send to."""
    return bool(process.server_now())


def start_run(  # noqa: PLR0913 - MLflow's signature
    run_id: str | None = None,
    experiment_id: str | None = None,
    run_name: str | None = None,
    nested: bool = False,
    parent_run_id: str | None = None,
    tags: Mapping[str, Any] | None = None,
    description: str | None = None,
    log_system_metrics: bool | None = None,
    *,
    job: str | int | None = None,
) -> Run:
    """Start a run, or go on with one by its id, and make it the active run.

    `job` is anything that identifies a job, such as the number that its scheduler gave it. Whoever starts a run with it
    in the same experiment creates it, or goes on with it: every rank, and the next attempt after the job was stopped.

    `log_system_metrics` samples the machine every ten seconds while the run goes on; it needs psutil. Without it,
    MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING decides.
    """
    stack = process.stack()
    if stack and not nested:
        raise CumulogError(
            f"Run {stack[-1].info.run_id} is active. End it by cumulog.end_run(), or pass nested=True for a run in it."
        )
    parent = parent_run_id or (stack[-1].info.run_id if stack else "")
    note = {"mlflow.note.content": description} if description else {}
    given = {str(key): str(value) for key, value in {**(tags or {}), **note}.items()}
    wanted = Wanted("" if experiment_id is None else str(experiment_id), run_name or "", given, parent)
    run = of_job(str(job), wanted) if job is not None else resumed(run_id, wanted) or created(new_id(), wanted)
    process.begin(run)
    if run.is_new and not parent:
        process.record(run)
    os.environ[PARENT_RUN] = run.info.run_id
    if log_system_metrics or (log_system_metrics is None and environment.wants_system_metrics()):
        process.measure(run)
    return run


def active_run() -> Run | None:
    """The run that lines go to; None if there is none."""
    return process.active()


def last_active_run() -> Run | None:
    """The active run, or the one that this process started last; None if it started none."""
    return process.active() or process.last


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


def flush_async_logging() -> None:
    """MLflow's name of `flush`."""
    process.flush()


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
    model_id: str | None = None,
    dataset: Any = None,
) -> Operations | None:
    """Log a point of a metric. Two points with the same key, value, step and time are one, as in MLflow.

    It may be a metric of a logged model, or on a dataset, which becomes an input of the run (see `log_input`).
    """
    try:
        run = run_to_log_to(run_id) if run_id else process.active() or _first()
        if model_id is None and dataset is None:
            run.metric(key, value, 0 if step is None else step, timestamp)
        else:
            _log_measured(run, {key: value}, (step, timestamp), model_id, dataset)
    except Exception as error:  # noqa: BLE001 - as `quiet` does, at no cost
        refuse("log_metric", error)
    return None if synchronous is None else waited(synchronous)


def log_metrics(  # noqa: PLR0913 - MLflow's signature
    metrics: Mapping[str, float],
    step: int | None = None,
    synchronous: bool | None = None,
    run_id: str | None = None,
    timestamp: int | None = None,
    model_id: str | None = None,
    dataset: Any = None,
) -> Operations | None:
    """Log points of several metrics at one step; see `log_metric`."""
    try:
        run = run_to_log_to(run_id)
        if model_id is None and dataset is None:
            run.metrics(metrics, 0 if step is None else step, timestamp)
        else:
            _log_measured(run, metrics, (step, timestamp), model_id, dataset)
    except Exception as error:  # noqa: BLE001 - as `quiet` does, at no cost
        refuse("log_metrics", error)
    return None if synchronous is None else waited(synchronous)


def log_param(key: str, value: Any, synchronous: bool | None = None) -> Any:
    """Log a param, and return its value. A param keeps its first value."""
    try:
        run_to_log_to().params({key: value})
    except Exception as error:  # noqa: BLE001 - as `quiet` does, and the value is returned
        refuse("log_param", error)
    waited(synchronous)
    return value


def log_params(
    params: Mapping[str, Any], synchronous: bool | None = None, run_id: str | None = None
) -> Operations | None:
    """Log several params."""
    try:
        run_to_log_to(run_id).params(params)
    except Exception as error:  # noqa: BLE001 - as `quiet` does, and there is something to wait for
        refuse("log_params", error)
    return waited(synchronous)


def set_tag(key: str, value: Any, synchronous: bool | None = None) -> Operations | None:
    """Set a tag of the active run; the last value wins."""
    try:
        run_to_log_to().tags({key: value})
    except Exception as error:  # noqa: BLE001 - as `quiet` does, and there is something to wait for
        refuse("set_tag", error)
    return waited(synchronous)


def set_tags(tags: Mapping[str, Any], synchronous: bool | None = None) -> Operations | None:
    """Set several tags of the active run."""
    try:
        run_to_log_to().tags(tags)
    except Exception as error:  # noqa: BLE001 - as `quiet` does, and there is something to wait for
        refuse("set_tags", error)
    return waited(synchronous)


@quiet
def delete_tag(key: str) -> None:
    """Delete a tag of the active run."""
    if why := key_flaw(key):
        raise CumulogError(f"no tag has this name: {why}")
    run = run_to_log_to()
    run.call("/runs/delete-tag", {"run_id": run.info.run_id, "key": key})


def _log_measured(
    run: Run,
    values: Mapping[str, float],
    at: tuple[int | None, int | None],
    model_id: str | None,
    dataset: Any,
) -> None:
    with importing:
        # Rare.
        from cumulog._fluent.measured import log_measured  # noqa: PLC0415

    log_measured(run, values, at, model_id, dataset)


def run_to_log_to(run_id: str | None = None) -> Run:
    """The run to log to: the active one, or a new one if there is none, as in MLflow."""
    run = process.active()
    if run_id and not (run and run.info.run_id == run_id):
        return _other(run_id)
    return run or _first()


def _first() -> Run:
    with process.lock:
        parent = os.environ.get(PARENT_RUN, "")
        if environment.is_child_of_multiprocessing() and is_run_id(parent):
            # A spawned worker logs to the run of the process that started it, which alone ends it.
            process.shared.append(joining(parent))
        return process.active() or start_run()


def _other(run_id: str) -> Run:
    """A run that is not active, to log to by its id."""
    with process.lock:
        if run_id not in process.others:
            process.others[run_id] = joining(checked(run_id))
        return process.others[run_id]
