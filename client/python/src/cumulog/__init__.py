"""The client of Cumulog: artifacts of any size, straight to S3 and back.

    api = cumulog.Api("https://tracking.example")
    cumulog.upload({f"{experiment_id}/{run_id}/artifacts/model.bin": "model.bin"}, api)
    cumulog.download([f"{experiment_id}/{run_id}/artifacts/model.bin"], "here", api)

    client = cumulog.Client("https://tracking.example")      # every endpoint of the server, as a method
    client.runs.get(run_id)

Importing it loads only the standard library. The first transfer imports requests, for S3; MLflow is imported only when
MLflow itself loads the plugin (`_mlflow`).
"""

import typing as _typing

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
    "TransferFailed",
    "UnsafePath",
    "__version__",
    "download",
    "upload",
]


def __getattr__(name: str) -> object:
    """`Client`, when it is asked for: its methods are as many modules as all the rest."""
    if name != "Client":
        raise AttributeError(f"module 'cumulog' has no attribute {name!r}")
    # Most jobs only log.
    from cumulog._client.client import Client  # noqa: PLC0415

    return Client
