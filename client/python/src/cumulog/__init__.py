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

from cumulog._fluent.artifacts import log_artifact, log_artifacts, log_dict, log_figure, log_image, log_text
from cumulog._fluent.face import (
    active_run,
    delete_tag,
    end_run,
    finish,
    flush,
    get_tracking_uri,
    log_metric,
    log_metrics,
    log_param,
    log_params,
    set_experiment,
    set_tag,
    set_tags,
    set_tracking_uri,
    start_run,
)
from cumulog._fluent.inputs import log_input
from cumulog._fluent.runs import Run
from cumulog._http.errors import ApiError, ContentMismatch, CumulogError, NotCumulog, TransferFailed, UnsafePath
from cumulog._http.retry import Retry
from cumulog._transfer.api import Api
from cumulog._transfer.transfer import Options, download, upload

if _typing.TYPE_CHECKING:
    from cumulog._client.client import Client as Client

__version__ = "0.1.0"

__all__ = [
    "Api",
    "ApiError",
    "Client",
    "ContentMismatch",
    "CumulogError",
    "NotCumulog",
    "Options",
    "Retry",
    "Run",
    "TransferFailed",
    "UnsafePath",
    "__version__",
    "active_run",
    "delete_tag",
    "download",
    "end_run",
    "finish",
    "flush",
    "get_tracking_uri",
    "log_artifact",
    "log_artifacts",
    "log_dict",
    "log_figure",
    "log_image",
    "log_input",
    "log_metric",
    "log_metrics",
    "log_param",
    "log_params",
    "log_text",
    "set_experiment",
    "set_tag",
    "set_tags",
    "set_tracking_uri",
    "start_run",
    "upload",
]


def __getattr__(name: str) -> object:
    """`Client`, when it is asked for: its methods are as many modules as all the rest."""
    if name != "Client":
        raise AttributeError(f"module 'cumulog' has no attribute {name!r}")
    # Most jobs only log.
    from cumulog._client.client import Client  # noqa: PLC0415

    return Client
