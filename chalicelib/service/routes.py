"""Health, version and capabilities: open to everybody, and nothing is read for them."""

from typing import Any

from chalice.app import Blueprint

from chalicelib.http import Mount

# The version of MLflow whose protocol this is; its client compares it before it sends spans.
MLFLOW_VERSION = "3.17.2"

blueprint = Blueprint(__name__)
root = Mount(blueprint, "")
mlflow = Mount(blueprint, "/api/3.0/mlflow", "/ajax-api/3.0/mlflow")


@root.text("GET", "/health")
def health() -> str:
    return "OK"


@root.text("GET", "/version")
def version() -> str:
    return MLFLOW_VERSION


@mlflow.endpoint("GET", "/server-info")
def server_info() -> dict[str, Any]:
    """What the client may ask of us."""
    return {
        "store_type": "Cumulog",
        "workspaces_enabled": False,
        "trace_archival_enabled": False,
        "multipart_uploads_enabled": True,
        "multipart_downloads_enabled": True,
        "presigned_upload_run_id_supported": True,
        "presigned_upload_model_id_supported": True,
        "features_enabled": {"gateway": False},
    }
