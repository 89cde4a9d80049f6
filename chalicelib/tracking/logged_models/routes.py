"""The endpoints of MLflow's REST protocol for logged models, and those that link them to runs."""

from typing import Any

from chalice.app import Blueprint

from chalicelib.access.levels import EDIT, MANAGE, READ
from chalicelib.access.requires import filtered, requires
from chalicelib.edge import mounts
from chalicelib.storage.items import LoggedModel
from chalicelib.tracking.experiments.resources import EXPERIMENT
from chalicelib.tracking.logged_models import logged_models, model_metrics, replies, schemas, search
from chalicelib.tracking.logged_models.resources import LOGGED_MODEL, NAMED_MODELS
from chalicelib.tracking.runs import inputs, model_summaries
from chalicelib.tracking.runs import schemas as run_schemas
from chalicelib.tracking.runs.resources import RUN, SOURCE_RUN

Reply = dict[str, Any] | None

blueprint = Blueprint(__name__)
mlflow = mounts.mlflow(blueprint)


@mlflow.endpoint("POST", "/runs/log-inputs")
@requires(EDIT, RUN)
@requires(READ, NAMED_MODELS)
def log_inputs(request: run_schemas.LogInputs) -> Reply:
    """Log the datasets and logged models that a run uses."""
    inputs.log(request)
    return None


@mlflow.endpoint("POST", "/runs/outputs")
@requires(EDIT, RUN)
@requires(EDIT, NAMED_MODELS)
def log_outputs(request: run_schemas.LogOutputs) -> Reply:
    """Log the logged models that a run produces."""
    inputs.log_outputs(request)
    return None


@mlflow.endpoint("POST", "/runs/log-model")
@requires(EDIT, RUN)
def log_model(request: run_schemas.LogModel) -> Reply:
    """Log an MLmodel in the tags of a run, as MLflow 2 does."""
    model_summaries.append(request.run_id, request.model)
    return None


@mlflow.endpoint("POST", "/logged-models")
@requires(EDIT, EXPERIMENT)
@requires(READ, SOURCE_RUN)
def create_logged_model(request: schemas.CreateLoggedModel) -> Reply:
    """Create a logged model. Its name need not be unique."""
    return {"model": replies.logged_model(logged_models.create(request))}


@mlflow.endpoint("POST", "/logged-models/search")
@filtered
def search_logged_models(request: schemas.SearchLoggedModels) -> Reply:
    """Search logged models; any logged value of a metric matches, not the latest alone."""
    return search.search(request)


@mlflow.endpoint("GET", "/logged-models/{model_id}")
@requires(READ, LOGGED_MODEL)
def get_logged_model(request: schemas.GetLoggedModel) -> Reply:
    """Get a logged model; a deleted one with `allow_deleted`."""
    return _logged_model(logged_models.load(request.model_id, request.allow_deleted))


@mlflow.endpoint("PATCH", "/logged-models/{model_id}")
@requires(EDIT, LOGGED_MODEL)
def finalize_logged_model(request: schemas.FinalizeLoggedModel) -> Reply:
    """Set the status of a logged model: LOGGED_MODEL_READY or LOGGED_MODEL_UPLOAD_FAILED."""
    return _logged_model(logged_models.finalize(request.model_id, request.status))


@mlflow.endpoint("DELETE", "/logged-models/{model_id}")
@requires(MANAGE, LOGGED_MODEL)
def delete_logged_model(request: schemas.DeleteLoggedModel) -> Reply:
    """Delete a logged model."""
    logged_models.delete(request.model_id)
    return None


@mlflow.endpoint("PATCH", "/logged-models/{model_id}/tags")
@requires(EDIT, LOGGED_MODEL)
def set_logged_model_tags(request: schemas.SetLoggedModelTags) -> Reply:
    """Set tags of a logged model."""
    logged_models.set_tags(request.model_id, request.tags)
    return None


@mlflow.endpoint("DELETE", "/logged-models/{model_id}/tags/{tag_key}")
@requires(MANAGE, LOGGED_MODEL)
def delete_logged_model_tag(request: schemas.DeleteLoggedModelTag) -> Reply:
    """Delete a tag of a logged model."""
    logged_models.delete_tag(request.model_id, request.tag_key)
    return None


@mlflow.endpoint("POST", "/logged-models/{model_id}/params")
@requires(EDIT, LOGGED_MODEL)
def log_logged_model_params(request: schemas.LogLoggedModelParams) -> Reply:
    """Log params of a logged model. A key that exists is refused, even with the same value."""
    logged_models.log_params(request.model_id, request.params)
    return None


def _logged_model(item: LoggedModel) -> Reply:
    return {"model": replies.logged_model(item, model_metrics.read(item))}
