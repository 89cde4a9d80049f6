"""The client of Cumulog: artifacts of any size, straight to S3 and back.

    api = cumulog.Api("https://tracking.example")
    cumulog.upload({f"{experiment_id}/{run_id}/artifacts/model.bin": "model.bin"}, api)
    cumulog.download([f"{experiment_id}/{run_id}/artifacts/model.bin"], "here", api)

Importing it loads only the standard library. The first transfer imports requests, for S3; MLflow is imported only when
MLflow itself loads the plugin (`_mlflow`).
"""

from cumulog._http.errors import ApiError, ContentMismatch, CumulogError, NotCumulog, TransferFailed, UnsafePath
from cumulog._http.retry import Retry
from cumulog._transfer.api import Api
from cumulog._transfer.transfer import Options, download, upload

__version__ = "0.1.0"

__all__ = [
    "Api",
    "ApiError",
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
