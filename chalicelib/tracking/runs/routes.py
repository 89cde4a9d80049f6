"""The endpoints of MLflow's REST protocol for runs and their params, tags, inputs and outputs."""

from typing import Any

from chalice.app import Blueprint

from chalicelib.access.levels import EDIT, MANAGE, READ
from chalicelib.access.requires import requires
from chalicelib.edge import mounts
from chalicelib.tracking.experiments.resources import EXPERIMENT
from chalicelib.tracking.runs import chosen, leases, params_and_tags, reading, replies, runs, schemas
from chalicelib.tracking.runs.resources import RUN

Reply = dict[str, Any] | None

blueprint = Blueprint(__name__)
mlflow = mounts.mlflow(blueprint)
cumulog = mounts.cumulog(blueprint, "/runs")


@mlflow.endpoint("POST", "/runs/create")
@requires(EDIT, EXPERIMENT)
def create_run(request: schemas.CreateRun) -> Reply:
    """Create a run in an active experiment: one, however often it is sent with the same `run_id` or Idempotency-Key."""
    return {"run": replies.created(chosen.create(request))}


@mlflow.endpoint("GET", "/runs/get")
@requires(READ, RUN)
def get_run(request: schemas.GetRun) -> Reply:
    """Get a run with its params, tags, inputs and latest metrics."""
    run = reading.read(request.run_id)
    return {"run": replies.whole(run)}


@mlflow.endpoint("POST", "/runs/update")
@requires(EDIT, RUN)
def update_run(request: schemas.UpdateRun) -> Reply:
    """Set a run's status, end time or name."""
    return {"run_info": replies.run_info(leases.update(request))}


@mlflow.endpoint("POST", "/runs/delete")
@requires(MANAGE, RUN)
def delete_run(request: schemas.DeleteRun) -> Reply:
    """Delete a run."""
    runs.delete(request.run_id)
    return None


@mlflow.endpoint("POST", "/runs/restore")
@requires(MANAGE, RUN)
def restore_run(request: schemas.RestoreRun) -> Reply:
    """Restore a deleted run."""
    runs.restore(request.run_id)
    return None


@mlflow.endpoint("POST", "/runs/set-tag")
@requires(EDIT, RUN, remembered=True)
def set_tag(request: schemas.SetTag) -> Reply:
    """Set a tag of a run."""
    params_and_tags.log(request.run_id, {}, {request.key: request.value or ""})
    return None


@mlflow.endpoint("POST", "/runs/delete-tag")
@requires(EDIT, RUN)
def delete_tag(request: schemas.DeleteTag) -> Reply:
    """Delete a tag of a run."""
    params_and_tags.delete_tag(request.run_id, request.key)
    return None


@mlflow.endpoint("POST", "/runs/log-parameter")
@requires(EDIT, RUN, remembered=True)
def log_parameter(request: schemas.LogParameter) -> Reply:
    """Log a param of a run. It is written once: another value for the same key is refused."""
    params_and_tags.log(request.run_id, {request.key: request.value or ""}, {})
    return None


@cumulog.endpoint("POST", "/lease")
@requires(EDIT, RUN, remembered=True)
def lease_run(request: schemas.LeaseRun) -> Reply:
    """Say that a run's process is alive. If it says so no more for that many seconds, the sweeper ends the run."""
    return replies.lease(leases.renew(request))
