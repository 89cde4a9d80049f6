"""The client of Cumulog: a journal first, the network second.

    import cumulog
    cumulog.log_param("lr", 0.1)
    cumulog.log_metric("loss", 0.5, step=1)

Artifacts of any size go straight to S3 and back:

    api = cumulog.Api("https://tracking.example")
    cumulog.upload({f"{experiment_id}/{run_id}/artifacts/model.bin": "model.bin"}, api)
    cumulog.download([f"{experiment_id}/{run_id}/artifacts/model.bin"], "here", api)

    client = cumulog.Client("https://tracking.example")      # every endpoint of the server, as a method
    client.runs.get(run_id)

Importing it loads only the standard library, and neither http.client nor ssl. The first transfer imports requests, for
S3; MLflow is imported only when MLflow itself loads the plugin (`_mlflow`).
"""

import typing as _typing
from importlib import import_module as _import_module

from cumulog._fluent.face import (
    active_run,
    delete_tag,
    end_run,
    finish,
    flush,
    flush_async_logging,
    get_tracking_uri,
    is_tracking_uri_set,
    last_active_run,
    log_metric,
    log_metrics,
    log_param,
    log_params,
    set_tag,
    set_tags,
    set_tracking_uri,
    start_run,
)
from cumulog._fluent.process import process as _process
from cumulog._fluent.runs import Run
from cumulog._http.errors import ApiError, ContentMismatch, CumulogError, NotCumulog, TransferFailed, UnsafePath
from cumulog._http.forks import importing as _importing
from cumulog._http.version import VERSION as _VERSION
from cumulog._record.beginning import begin as _begin

if _typing.TYPE_CHECKING:
    from cumulog._client.client import Client as Client
    from cumulog._fluent.artifacts import log_artifact as log_artifact
    from cumulog._fluent.artifacts import log_artifacts as log_artifacts
    from cumulog._fluent.artifacts import log_dict as log_dict
    from cumulog._fluent.artifacts import log_figure as log_figure
    from cumulog._fluent.artifacts import log_text as log_text
    from cumulog._fluent.entities import Experiment as Experiment
    from cumulog._fluent.entities import StoredRun as StoredRun
    from cumulog._fluent.experiments import create_experiment as create_experiment
    from cumulog._fluent.experiments import delete_experiment as delete_experiment
    from cumulog._fluent.experiments import get_experiment as get_experiment
    from cumulog._fluent.experiments import get_experiment_by_name as get_experiment_by_name
    from cumulog._fluent.experiments import search_experiments as search_experiments
    from cumulog._fluent.experiments import set_experiment as set_experiment
    from cumulog._fluent.experiments import set_experiment_tag as set_experiment_tag
    from cumulog._fluent.experiments import set_experiment_tags as set_experiment_tags
    from cumulog._fluent.images import log_image as log_image
    from cumulog._fluent.inputs import log_input as log_input
    from cumulog._fluent.inputs import log_inputs as log_inputs
    from cumulog._fluent.reading import delete_run as delete_run
    from cumulog._fluent.reading import get_artifact_uri as get_artifact_uri
    from cumulog._fluent.reading import get_parent_run as get_parent_run
    from cumulog._fluent.reading import get_run as get_run
    from cumulog._fluent.reading import search_runs as search_runs
    from cumulog._fluent.tables import log_table as log_table
    from cumulog._http.retry import Retry as Retry
    from cumulog._models.loading import LoadedModel as LoadedModel
    from cumulog._models.loading import load_model as load_model
    from cumulog._models.logging import ModelInfo as ModelInfo
    from cumulog._models.logging import log_model as log_model
    from cumulog._models.registering import register_model as register_model
    from cumulog._models.saving import save_model as save_model
    from cumulog._models.signature import Signature as Signature
    from cumulog._models.signature import infer_signature as infer_signature
    from cumulog._record.output import log_output as log_output
    from cumulog._record.seeds import declare_seeds as declare_seeds
    from cumulog._transfer.api import Api as Api
    from cumulog._transfer.transfer import Options as Options
    from cumulog._transfer.transfer import download as download
    from cumulog._transfer.transfer import upload as upload
    from cumulog.integrations.faces import lightgbm as lightgbm
    from cumulog.integrations.faces import models as models
    from cumulog.integrations.faces import onnx as onnx
    from cumulog.integrations.faces import pyfunc as pyfunc
    from cumulog.integrations.faces import pytorch as pytorch
    from cumulog.integrations.faces import sklearn as sklearn
    from cumulog.integrations.faces import xgboost as xgboost

__version__ = _VERSION


def _measure(run: Run) -> None:
    """Sample the machine while a run goes on."""
    with _importing:
        from cumulog._record.system import begin  # noqa: PLC0415 - few jobs want it

    begin(run)


_process.record = _begin
_process.measure = _measure

# What is loaded when it is asked for, with its module: most jobs only log lines.
_LATER = {
    "Api": "_transfer.api",
    "Client": "_client.client",
    "Experiment": "_fluent.entities",
    "LoadedModel": "_models.loading",
    "ModelInfo": "_models.logging",
    "Options": "_transfer.transfer",
    "Retry": "_http.retry",
    "Signature": "_models.signature",
    "StoredRun": "_fluent.entities",
    "create_experiment": "_fluent.experiments",
    "declare_seeds": "_record.seeds",
    "delete_experiment": "_fluent.experiments",
    "delete_run": "_fluent.reading",
    "download": "_transfer.transfer",
    "get_artifact_uri": "_fluent.reading",
    "get_experiment": "_fluent.experiments",
    "get_experiment_by_name": "_fluent.experiments",
    "get_parent_run": "_fluent.reading",
    "get_run": "_fluent.reading",
    "infer_signature": "_models.signature",
    "lightgbm": "integrations.faces",
    "load_model": "_models.loading",
    "log_artifact": "_fluent.artifacts",
    "log_artifacts": "_fluent.artifacts",
    "log_dict": "_fluent.artifacts",
    "log_figure": "_fluent.artifacts",
    "log_image": "_fluent.images",
    "log_input": "_fluent.inputs",
    "log_inputs": "_fluent.inputs",
    "log_model": "_models.logging",
    "log_output": "_record.output",
    "log_table": "_fluent.tables",
    "log_text": "_fluent.artifacts",
    "models": "integrations.faces",
    "onnx": "integrations.faces",
    "pyfunc": "integrations.faces",
    "pytorch": "integrations.faces",
    "register_model": "_models.registering",
    "save_model": "_models.saving",
    "search_experiments": "_fluent.experiments",
    "search_runs": "_fluent.reading",
    "set_experiment": "_fluent.experiments",
    "set_experiment_tag": "_fluent.experiments",
    "set_experiment_tags": "_fluent.experiments",
    "sklearn": "integrations.faces",
    "upload": "_transfer.transfer",
    "xgboost": "integrations.faces",
}

__all__ = [
    "Api",
    "ApiError",
    "Client",
    "ContentMismatch",
    "CumulogError",
    "Experiment",
    "LoadedModel",
    "ModelInfo",
    "NotCumulog",
    "Options",
    "Retry",
    "Run",
    "Signature",
    "StoredRun",
    "TransferFailed",
    "UnsafePath",
    "__version__",
    "active_run",
    "create_experiment",
    "declare_seeds",
    "delete_experiment",
    "delete_run",
    "delete_tag",
    "download",
    "end_run",
    "finish",
    "flush",
    "flush_async_logging",
    "get_artifact_uri",
    "get_experiment",
    "get_experiment_by_name",
    "get_parent_run",
    "get_run",
    "get_tracking_uri",
    "infer_signature",
    "is_tracking_uri_set",
    "last_active_run",
    "lightgbm",
    "load_model",
    "log_artifact",
    "log_artifacts",
    "log_dict",
    "log_figure",
    "log_image",
    "log_input",
    "log_inputs",
    "log_metric",
    "log_metrics",
    "log_model",
    "log_output",
    "log_param",
    "log_params",
    "log_table",
    "log_text",
    "models",
    "onnx",
    "pyfunc",
    "pytorch",
    "register_model",
    "save_model",
    "search_experiments",
    "search_runs",
    "set_experiment",
    "set_experiment_tag",
    "set_experiment_tags",
    "set_tag",
    "set_tags",
    "set_tracking_uri",
    "sklearn",
    "start_run",
    "upload",
    "xgboost",
]


def __dir__() -> list[str]:
    return sorted(__all__)


def __getattr__(name: str) -> object:
    """What is loaded later, or for a name of MLflow's that is missing here, where it is to be had."""
    if name in _LATER:
        with _importing:
            value: object = getattr(_import_module(f"cumulog.{_LATER[name]}"), name)
        globals()[name] = value
        return value
    remedy = "" if name.startswith("_") else f" {_remedy(name)}"
    raise AttributeError(f"module 'cumulog' has no attribute {name!r}.{remedy}")


def _remedy(name: str) -> str:
    """What to do about a name that is missing here."""
    if name == "MlflowClient":
        return "cumulog.Client has every endpoint of the server as a method, for example client.runs.get(run_id)."
    from difflib import get_close_matches  # noqa: PLC0415 - nobody else needs it

    if meant := get_close_matches(name, __all__, 1):
        return f"Did you mean {meant[0]}?"
    return (
        f"If mlflow.{name} is meant: install mlflow, and call that. With the same MLFLOW_TRACKING_URI it writes to the "
        "same server, and to the same run after cumulog.flush() and mlflow.start_run(run_id=run.info.run_id)."
    )
