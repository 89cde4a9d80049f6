"""What endpoints answer, for the API's document, by their views. `reply_messages.py` has the messages in them.

Of a view that is not here the document says only that it answers an object. tests/api/test_schemathesis.py compares
real answers.
"""

from chalicelib.service.reply_messages import Schema, object_of

_TOKEN = {"next_page_token?": "text"}
_MODEL = {"registered_model": "RegisteredModel"}
_VERSION = {"model_version": "ModelVersion"}
_RUN = {"run": "Run"}
_EXPERIMENT = {"experiment": "Experiment"}
_LOGGED_MODEL = {"model": "LoggedModel"}
_USER = {"user": "User"}
_PERMISSIONS = {"is_admin": "boolean", "permissions": "[Permission]", "cut?": "integer"}
_NEW_TOKEN = {"text": "text", "token": "Token"}
_POLICIES = {"name": "text", "policies": "[StagePolicy]"}
_REQUEST = {"request": "WholeTransitionRequest"}
_ENTRIES = {"root_uri": "text", "files?": "[ArtifactEntry]", **_TOKEN}
_REPLIES: dict[str, dict[str, str]] = {
    "approve_transition_request": _REQUEST,
    "cancel_transition_request": _REQUEST,
    "create_download_url": {"presigned_url": "text", "headers": "texts", "file_size": "integer"},
    "create_downloads": {"downloads": "[Download]"},
    "create_experiment": {"experiment_id": "text"},
    "create_logged_model": _LOGGED_MODEL,
    "create_mlflow_upload": {"upload_id": "text", "credentials": "[MlflowPartTarget]"},
    "create_model_version": _VERSION,
    "create_registered_model": _MODEL,
    "create_reproduction": {"reproduction": "Reproduction"},
    "create_run": _RUN,
    "create_token": _NEW_TOKEN,
    "create_transition_request": _REQUEST,
    "create_upload": {"upload_id": "text", "part_size": "integer"},
    "create_upload_url": {"presigned_url": "text", "headers": "texts"},
    "create_uploads": {"uploads": "[UploadTarget]"},
    "create_user": _USER,
    "finalize_logged_model": _LOGGED_MODEL,
    "get_catalogue_entry": {"entry": "CatalogueModel"},
    "get_current_user": {"user": "UserSelf", "is_basic_auth": "boolean"},
    "get_experiment": _EXPERIMENT,
    "get_experiment_by_name": _EXPERIMENT,
    "get_latest_versions": {"model_versions?": "[ModelVersion]"},
    "get_lineage_graph": {
        "nodes": "[LineageNode]",
        "edges": "[LineageEdge]",
        "hidden": "integer",
        "cut": "boolean",
    },
    "get_logged_model": _LOGGED_MODEL,
    "get_me": {
        "username": "text",
        "is_admin": "boolean",
        "may_administer": "boolean",
        "scopes": "[text]",
        "everywhere": "texts",
        "token?": "Token",
    },
    "get_metric_history": {"metrics?": "[Point]", **_TOKEN},
    "get_metric_history_bulk": {"metrics": "[PointOfRun]"},
    "get_metric_history_bulk_interval": {"metrics?": "[PointOfRun]"},
    "get_metric_series": {
        "x": "text",
        "runs": "[text]",
        "keys": "[text]",
        "missing": "CurvesMissing",
        "left": "[text]",
        "since": "text",
        "series": "[Curve]",
    },
    "get_model_version": _VERSION,
    "get_model_version_by_alias": _VERSION,
    "get_model_version_download_uri": {"artifact_uri": "text"},
    "get_policies": _POLICIES,
    "get_registered_model": _MODEL,
    "get_run": _RUN,
    "get_transition_request": _REQUEST,
    "get_user": _USER,
    "get_user_permission": {"allowed": "boolean", "permission": "text"},
    "get_view": {"view": "WholeSavedView"},
    "lease_run": {"expires?": "integer", "other_holder?": "LeaseHolder", "ended?": "boolean"},
    "list_artifacts": _ENTRIES,
    "list_current_user_permissions": _PERMISSIONS,
    "list_folder": {"files": "[ArtifactEntry]", **_TOKEN},
    "list_grants": {"grants": "[GrantOnThing]", "cut?": "integer"},
    "list_model_artifacts": _ENTRIES,
    "list_parts": {"parts": "[ArrivedPart]", **_TOKEN},
    "list_proxied": {"files?": "[ArtifactEntry]"},
    "list_tokens": {"tokens": "[Token]", "cut?": "integer"},
    "list_transition_requests": {"requests": "[TransitionRequest]", **_TOKEN},
    "list_user_permissions": _PERMISSIONS,
    "list_users": {"users": "[ListedUser]", **_TOKEN},
    "list_views": {"views": "[SavedView]"},
    "presigned_download": {"url": "text", "headers": "texts", "file_size": "integer"},
    "reject_transition_request": _REQUEST,
    "rename_registered_model": _MODEL,
    "restore_user": _USER,
    "rotate_token": _NEW_TOKEN,
    "save_view": {"view": "SavedView"},
    "search_catalogue": {"entries": "[CatalogueEntry]", **_TOKEN},
    "search_experiments": {"experiments?": "[Experiment]", **_TOKEN},
    "search_logged_models": {"models?": "[LoggedModel]", **_TOKEN},
    "search_model_versions": {"model_versions?": "[ModelVersion]", **_TOKEN},
    "search_registered_models": {"registered_models?": "[RegisteredModel]", **_TOKEN},
    "search_reproductions": {"reproductions": "[Reproduction]", "hidden": "integer", **_TOKEN},
    "search_runs": {"runs?": "[Run]", **_TOKEN},
    "set_policy": _POLICIES,
    "sign_parts": {"parts": "[PartTarget]"},
    "transition_model_version_stage": _VERSION,
    "update_model_version": _VERSION,
    "update_registered_model": _MODEL,
    "update_run": {"run_info": "RunInfo"},
}


def of_view(view: str) -> Schema:
    """The schema of what a view answers."""
    return object_of(_REPLIES[view]) if view in _REPLIES else {"type": "object"}
