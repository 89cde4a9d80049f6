"""Health, version, capabilities and the API's document: none of them reads the store."""

from functools import cache
from typing import Any

from chalice.app import Blueprint

from chalicelib.access.requires import authenticated, public
from chalicelib.edge import mounts
from chalicelib.edge.http import endpoints

# The version of MLflow whose protocol this is. MLflow's client compares it before it sends spans.
MLFLOW_VERSION = "3.17.2"

blueprint = Blueprint(__name__)
root = mounts.root(blueprint)
mlflow = mounts.mlflow(blueprint, version="3.0")
ours = mounts.cumulog(blueprint)


@root.text("GET", "/health")
@public
def health() -> str:
    """Answer OK."""
    return "OK"


@root.text("GET", "/version")
@public
def version() -> str:
    """Get the version of MLflow whose protocol this is."""
    return MLFLOW_VERSION


@mlflow.endpoint("GET", "/server-info")
@authenticated
def server_info() -> dict[str, Any]:
    """Get the features that the client may use."""
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


@ours.endpoint("GET", "/openapi.json")
@authenticated
def get_openapi() -> dict[str, Any]:
    """Get this document."""
    return document()


@cache
def document() -> dict[str, Any]:
    """The app's document, built on first use."""
    # Imported here: no other request needs it, and it would cost each cold start some milliseconds.
    from chalicelib.service import openapi  # noqa: PLC0415

    return openapi.document(endpoints(blueprint.current_app), MLFLOW_VERSION)
