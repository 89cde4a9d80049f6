"""A sweep as an array of jobs: the number of a child says which trial it is, so nobody hands out trials."""

import hashlib
import time
from typing import Any, NamedTuple

from cumulog._client.client import Client
from cumulog._cloud.scheduled import Scheduled
from cumulog._cloud.submitting import JOB, Plan, entries
from cumulog._http.errors import ApiError
from cumulog._projects.errors import ProjectError
from cumulog._sweeps import choosing, declared
from cumulog._sweeps.declared import Sweep
from cumulog._sweeps.method import Method
from cumulog._sweeps.trials import ATTEMPT, TRIAL

# Batch's limit.
MOST_TRIALS = 10_000
METHOD = "cumulog.sweep.method"
# What a trial has of its sweep's run.
_INHERITED = ("mlflow.user", "mlflow.source.", "mlflow.project.", "cumulog.batch.queue")


class Trial(NamedTuple):
    """A trial's own run, and what it is to do. `is_over` if an earlier attempt has ended it, with `status`."""

    run_id: str
    document: Scheduled
    status: str

    @property
    def is_over(self) -> bool:
        return self.status in ("FINISHED", "FAILED")


def method(sweep: Sweep) -> Method:
    """How the trials get their parameters. Raises ProjectError if that depends on how others have ended."""
    if sweep.method not in ("grid", "random") or sweep.stopping:
        raise ProjectError(
            "The trials of an array of jobs know nothing of each other: use the method grid or random, without early "
            "stopping; or `cumulog sweep`."
        )
    found = choosing.method(sweep)
    if found.trials > MOST_TRIALS:
        raise ProjectError(f"An array has at most {MOST_TRIALS} jobs, and the sweep {found.trials} trials.")
    return found


def spread(plan: Plan, sweep: Sweep) -> Plan:
    """A plan for all trials, from one that was made with the parameters of the first."""
    names = {each.name for each in sweep.space}
    values = plan.order.values
    given = {name: value for name, value in values.given.items() if name not in names}
    extra = {name: value for name, value in values.extra.items() if name not in names}
    parameters = {name: value for name, value in plan.document.parameters.items() if name not in names}
    order = plan.order._replace(values=values._replace(given=given, extra=extra))
    return plan._replace(
        order=order, document=plan.document._replace(parameters=parameters, sweep=declared.written(sweep))
    )


def trial(client: Client, sweep_id: str, document: Scheduled, number: int, job_id: str) -> Trial:
    """The run of a trial, which the first attempt creates. Raises ApiError."""
    chosen = method(declared.read(document.sweep)).suggested(number)
    run_id = hashlib.sha256(f"cumulog trial\n{sweep_id}\n{number}".encode()).hexdigest()[:32]
    own = document._replace(parameters={**document.parameters, **chosen}, sweep="")
    found = _found(client, run_id)
    if found:
        return Trial(run_id, own, found["status"])
    _create(client, sweep_id, run_id, {TRIAL: str(number), ATTEMPT: "1", JOB: job_id})
    client.runs.log_batch(run_id, params=entries(own.parameters))
    client.runs.update(run_id, status="SCHEDULED")
    # It runs as long as one of its trials does; whoever waits for the job ends it.
    client.runs.update(sweep_id, status="RUNNING")
    return Trial(run_id, own, "SCHEDULED")


def _found(client: Client, run_id: str) -> Any:
    try:
        return client.runs.get(run_id)["run"]["info"]
    except ApiError as error:
        if error.error_code != "RESOURCE_DOES_NOT_EXIST":
            raise
        return None


def _create(client: Client, sweep_id: str, run_id: str, own: dict[str, str]) -> None:
    sweep = client.runs.get(sweep_id)["run"]
    info, tags = sweep["info"], {each["key"]: each["value"] for each in sweep["data"].get("tags", [])}
    inherited = {name: value for name, value in tags.items() if name.startswith(_INHERITED)}
    client.runs.create(
        experiment_id=info["experiment_id"],
        run_id=run_id,
        run_name=f"{info.get('run_name') or 'trial'}-{own[TRIAL]}",
        user_id=info.get("user_id"),
        start_time=int(time.time() * 1000),
        tags=entries({**inherited, "mlflow.parentRunId": sweep_id, **own}),
    )
