"""The experiment endpoints of MLflow's REST protocol, under `/api` and its twin `/ajax-api`."""

from typing import Any

from chalice.app import Blueprint

from chalicelib.access import levels
from chalicelib.access.levels import EDIT, MANAGE, READ
from chalicelib.access.requires import creates, filtered, requires
from chalicelib.edge import mounts
from chalicelib.tracking.experiments import changes, experiments, replies, schemas, search
from chalicelib.tracking.experiments.resources import EXPERIMENT, EXPERIMENT_BY_NAME

Reply = dict[str, Any] | None

blueprint = Blueprint(__name__)
mlflow = mounts.mlflow(blueprint)


@mlflow.endpoint("POST", "/experiments/create")
@creates(levels.EXPERIMENT)
def create_experiment(request: schemas.CreateExperiment) -> Reply:
    """Create an experiment. Its name is unique among active and deleted experiments. Takes an Idempotency-Key."""
    return {"experiment_id": experiments.create(request)}


@mlflow.endpoint("GET", "/experiments/get")
@requires(READ, EXPERIMENT)
def get_experiment(request: schemas.GetExperiment) -> Reply:
    """Get an experiment, deleted or not."""
    return {"experiment": replies.experiment(experiments.load(request.experiment_id))}


@mlflow.endpoint("GET", "/experiments/get-by-name")
@requires(READ, EXPERIMENT_BY_NAME)
def get_experiment_by_name(request: schemas.GetExperimentByName) -> Reply:
    """Get an experiment by its name, deleted or not."""
    return {"experiment": replies.experiment(experiments.load_by_name(request.experiment_name))}


@mlflow.endpoint("POST", "/experiments/search")
@mlflow.endpoint("GET", "/experiments/search")
@filtered
def search_experiments(request: schemas.SearchExperiments) -> Reply:
    """Search experiments: filter, order_by, view_type, pages."""
    return search.search(request)


@mlflow.endpoint("POST", "/experiments/update")
@requires(EDIT, EXPERIMENT)
def update_experiment(request: schemas.UpdateExperiment) -> Reply:
    """Rename an experiment."""
    changes.rename(request.experiment_id, request.new_name)
    return None


@mlflow.endpoint("POST", "/experiments/delete")
@requires(MANAGE, EXPERIMENT)
def delete_experiment(request: schemas.DeleteExperiment) -> Reply:
    """Delete an experiment with all its runs, in one write."""
    changes.delete(request.experiment_id)
    return None


@mlflow.endpoint("POST", "/experiments/restore")
@requires(MANAGE, EXPERIMENT)
def restore_experiment(request: schemas.RestoreExperiment) -> Reply:
    """Restore an experiment with all its runs, in one write."""
    changes.restore(request.experiment_id)
    return None


@mlflow.endpoint("POST", "/experiments/set-experiment-tag")
@requires(EDIT, EXPERIMENT)
def set_experiment_tag(request: schemas.SetExperimentTag) -> Reply:
    """Set a tag of an experiment."""
    changes.set_tag(request.experiment_id, request.key, request.value)
    return None


@mlflow.endpoint("POST", "/experiments/delete-experiment-tag")
@requires(EDIT, EXPERIMENT)
def delete_experiment_tag(request: schemas.DeleteExperimentTag) -> Reply:
    """Delete a tag of an experiment."""
    changes.delete_tag(request.experiment_id, request.key)
    return None
