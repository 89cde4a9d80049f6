"""The tracking endpoints of MLflow's REST protocol, under `/api` and its twin `/ajax-api`."""

from typing import Any

from chalice.app import Blueprint

from chalicelib.access import levels
from chalicelib.access.levels import EDIT, MANAGE, READ
from chalicelib.access.requires import creates, filtered, requires
from chalicelib.http import Mount
from chalicelib.storage.items import LoggedModel
from chalicelib.tracking import (
    experiment_changes,
    experiment_search,
    experiments,
    histories,
    inputs,
    logged_model_metrics,
    logged_model_replies,
    logged_model_search,
    logged_models,
    metric_log,
    model_history,
    reading,
    rebuilding,
    replies,
    run_search,
    runs,
    schemas,
    texts,
)
from chalicelib.tracking import logged_model_schemas as model_schemas
from chalicelib.tracking.guarded import (
    ALL_RUNS,
    EACH_RUN,
    EXPERIMENT,
    EXPERIMENT_BY_NAME,
    LOGGED_MODEL,
    MEASURED_MODELS,
    NAMED_MODELS,
    RUN,
    SOURCE_RUN,
)

Reply = dict[str, Any] | None

blueprint = Blueprint(__name__)
mlflow = Mount(blueprint, "/api/2.0/mlflow", "/ajax-api/2.0/mlflow")
ajax = Mount(blueprint, "/ajax-api/2.0/mlflow")
ours = Mount(blueprint, "/api/2.0/cumulog")


@ours.endpoint("POST", "/index/rebuild")
@requires(MANAGE, EXPERIMENT)
def rebuild_index(request: schemas.RebuildIndex) -> Reply:
    return rebuilding.rebuild(request)


@mlflow.endpoint("POST", "/experiments/create")
@creates(levels.EXPERIMENT)
def create_experiment(request: schemas.CreateExperiment) -> Reply:
    return {"experiment_id": experiments.create(request)}


@mlflow.endpoint("GET", "/experiments/get")
@requires(READ, EXPERIMENT)
def get_experiment(request: schemas.GetExperiment) -> Reply:
    return {"experiment": replies.experiment(experiments.load(request.experiment_id))}


@mlflow.endpoint("GET", "/experiments/get-by-name")
@requires(READ, EXPERIMENT_BY_NAME)
def get_experiment_by_name(request: schemas.GetExperimentByName) -> Reply:
    return {"experiment": replies.experiment(experiments.load_by_name(request.experiment_name))}


@mlflow.endpoint("POST", "/experiments/search")
@mlflow.endpoint("GET", "/experiments/search")
@filtered
def search_experiments(request: schemas.SearchExperiments) -> Reply:
    return experiment_search.search(request)


@mlflow.endpoint("POST", "/experiments/update")
@requires(EDIT, EXPERIMENT)
def update_experiment(request: schemas.UpdateExperiment) -> Reply:
    experiment_changes.rename(request.experiment_id, request.new_name)
    return None


@mlflow.endpoint("POST", "/experiments/delete")
@requires(MANAGE, EXPERIMENT)
def delete_experiment(request: schemas.DeleteExperiment) -> Reply:
    experiment_changes.delete(request.experiment_id)
    return None


@mlflow.endpoint("POST", "/experiments/restore")
@requires(MANAGE, EXPERIMENT)
def restore_experiment(request: schemas.RestoreExperiment) -> Reply:
    experiment_changes.restore(request.experiment_id)
    return None


@mlflow.endpoint("POST", "/experiments/set-experiment-tag")
@requires(EDIT, EXPERIMENT)
def set_experiment_tag(request: schemas.SetExperimentTag) -> Reply:
    experiment_changes.set_tag(request.experiment_id, request.key, request.value)
    return None


@mlflow.endpoint("POST", "/experiments/delete-experiment-tag")
@requires(EDIT, EXPERIMENT)
def delete_experiment_tag(request: schemas.DeleteExperimentTag) -> Reply:
    experiment_changes.delete_tag(request.experiment_id, request.key)
    return None


@mlflow.endpoint("POST", "/runs/create")
@requires(EDIT, EXPERIMENT)
def create_run(request: schemas.CreateRun) -> Reply:
    return {"run": replies.new_run(runs.create(request))}


@mlflow.endpoint("GET", "/runs/get")
@requires(READ, RUN)
def get_run(request: schemas.GetRun) -> Reply:
    run = reading.read(request.run_id)
    return {"run": replies.run(run, inputs.datasets_of(run.info.experiment_id, run.inputs))}


@mlflow.endpoint("POST", "/runs/update")
@requires(EDIT, RUN)
def update_run(request: schemas.UpdateRun) -> Reply:
    return {"run_info": replies.run_info(runs.update(request))}


@mlflow.endpoint("POST", "/runs/delete")
@requires(MANAGE, RUN)
def delete_run(request: schemas.DeleteRun) -> Reply:
    runs.delete(request.run_id)
    return None


@mlflow.endpoint("POST", "/runs/restore")
@requires(MANAGE, RUN)
def restore_run(request: schemas.RestoreRun) -> Reply:
    runs.restore(request.run_id)
    return None


@mlflow.endpoint("POST", "/runs/search")
@filtered
def search_runs(request: schemas.SearchRuns) -> Reply:
    return run_search.search(request)


@mlflow.endpoint("POST", "/runs/set-tag")
@requires(EDIT, RUN, remembered=True)
def set_tag(request: schemas.SetTag) -> Reply:
    texts.log(request.run_id, {}, {request.key: request.value or ""})
    return None


@mlflow.endpoint("POST", "/runs/delete-tag")
@requires(EDIT, RUN)
def delete_tag(request: schemas.DeleteTag) -> Reply:
    texts.delete_tag(request.run_id, request.key)
    return None


@mlflow.endpoint("POST", "/runs/log-parameter")
@requires(EDIT, RUN, remembered=True)
def log_parameter(request: schemas.LogParameter) -> Reply:
    texts.log(request.run_id, {request.key: request.value or ""}, {})
    return None


@mlflow.endpoint("POST", "/runs/log-metric")
@requires(EDIT, RUN, remembered=True)
@requires(EDIT, MEASURED_MODELS, remembered=True)
def log_metric(request: schemas.LogMetric) -> Reply:
    metric_log.log(request.run_id, [request])
    return None


@mlflow.endpoint("POST", "/runs/log-batch")
@requires(EDIT, RUN, remembered=True)
@requires(EDIT, MEASURED_MODELS, remembered=True)
def log_batch(request: schemas.LogBatch) -> Reply:
    metric_log.log_batch(request)
    return None


@mlflow.endpoint("POST", "/runs/log-inputs")
@requires(EDIT, RUN)
@requires(READ, NAMED_MODELS)
def log_inputs(request: schemas.LogInputs) -> Reply:
    inputs.log(request)
    return None


@mlflow.endpoint("POST", "/runs/outputs")
@requires(EDIT, RUN)
@requires(EDIT, NAMED_MODELS)
def log_outputs(request: schemas.LogOutputs) -> Reply:
    inputs.log_outputs(request)
    return None


@mlflow.endpoint("POST", "/runs/log-model")
@requires(EDIT, RUN)
def log_model(request: schemas.LogModel) -> Reply:
    model_history.append(request.run_id, request.model)
    return None


@mlflow.endpoint("GET", "/metrics/get-history")
@requires(READ, RUN)
def get_metric_history(request: schemas.GetMetricHistory) -> Reply:
    return histories.of_one(request)


@ajax.endpoint("GET", "/metrics/get-history-bulk")
@requires(READ, EACH_RUN)
def get_metric_history_bulk(request: schemas.GetMetricHistoryBulk) -> Reply:
    return histories.of_several(request)


@mlflow.endpoint("GET", "/metrics/get-history-bulk-interval")
@requires(READ, ALL_RUNS)
def get_metric_history_bulk_interval(request: schemas.GetMetricHistoryBulkInterval) -> Reply:
    return histories.sampled(request)


@mlflow.endpoint("POST", "/logged-models")
@requires(EDIT, EXPERIMENT)
@requires(READ, SOURCE_RUN)
def create_logged_model(request: model_schemas.CreateLoggedModel) -> Reply:
    return {"model": logged_model_replies.logged_model(logged_models.create(request))}


@mlflow.endpoint("POST", "/logged-models/search")
@filtered
def search_logged_models(request: model_schemas.SearchLoggedModels) -> Reply:
    return logged_model_search.search(request)


@mlflow.endpoint("GET", "/logged-models/{model_id}")
@requires(READ, LOGGED_MODEL)
def get_logged_model(request: model_schemas.GetLoggedModel) -> Reply:
    return _logged_model(logged_models.load(request.model_id, request.allow_deleted))


@mlflow.endpoint("PATCH", "/logged-models/{model_id}")
@requires(EDIT, LOGGED_MODEL)
def finalize_logged_model(request: model_schemas.FinalizeLoggedModel) -> Reply:
    return _logged_model(logged_models.finalize(request.model_id, request.status))


@mlflow.endpoint("DELETE", "/logged-models/{model_id}")
@requires(MANAGE, LOGGED_MODEL)
def delete_logged_model(request: model_schemas.DeleteLoggedModel) -> Reply:
    logged_models.delete(request.model_id)
    return None


@mlflow.endpoint("PATCH", "/logged-models/{model_id}/tags")
@requires(EDIT, LOGGED_MODEL)
def set_logged_model_tags(request: model_schemas.SetLoggedModelTags) -> Reply:
    logged_models.set_tags(request.model_id, request.tags)
    return None


@mlflow.endpoint("DELETE", "/logged-models/{model_id}/tags/{tag_key}")
@requires(MANAGE, LOGGED_MODEL)
def delete_logged_model_tag(request: model_schemas.DeleteLoggedModelTag) -> Reply:
    logged_models.delete_tag(request.model_id, request.tag_key)
    return None


@mlflow.endpoint("POST", "/logged-models/{model_id}/params")
@requires(EDIT, LOGGED_MODEL)
def log_logged_model_params(request: model_schemas.LogLoggedModelParams) -> Reply:
    logged_models.log_params(request.model_id, request.params)
    return None


def _logged_model(item: LoggedModel) -> Reply:
    return {"model": logged_model_replies.logged_model(item, logged_model_metrics.read(item))}
