"""What endpoints answer, for the API's document: the fields of replies by the views that make them, and their messages.

A `?` behind a name: the field is left out where it is unset or an empty list. `[Run]` is a list of messages. Of a view
that is not here the document says only that it answers an object. tests/api/test_schemathesis.py compares real answers.
"""

from typing import Any

Schema = dict[str, Any]

# Behind the names of their schemas, as requests have messages of the same names.
PREFIX = "replies."
_REFERENCE = "#/components/schemas/"
# JSON has no word for what is not finite.
_NUMBER = {"anyOf": [{"type": "number"}, {"type": "string", "enum": ["NaN", "Infinity", "-Infinity"]}]}
_TYPES: dict[str, Schema] = {
    "boolean": {"type": "boolean"},
    "counts": {"type": "object", "additionalProperties": {"type": "integer"}},
    "integer": {"type": "integer"},
    "number": _NUMBER,
    "text": {"type": "string"},
}

_POINT = {"key": "text", "value": "number", "timestamp": "integer", "step": "integer"}
_MESSAGES: dict[str, dict[str, str]] = {
    "Alias": {"alias": "text", "version": "text"},
    "Dataset": {
        "name": "text",
        "digest": "text",
        "source_type?": "text",
        "source?": "text",
        "schema?": "text",
        "profile?": "text",
    },
    "DatasetInput": {"tags?": "[KeyValue]", "dataset": "Dataset"},
    "Experiment": {
        "experiment_id": "text",
        "name": "text",
        "artifact_location": "text",
        "lifecycle_stage": "text",
        "creation_time": "integer",
        "last_update_time": "integer",
        "workspace": "text",
        "tags?": "[KeyValue]",
    },
    "KeyValue": {"key": "text", "value": "text"},
    "ModelInput": {"model_id": "text"},
    "ModelOutput": {"model_id": "text", "step": "integer"},
    "ModelVersion": {
        "name": "text",
        "version": "text",
        "creation_timestamp": "integer",
        "last_updated_timestamp": "integer",
        "description?": "text",
        "current_stage": "text",
        "source?": "text",
        "run_id": "text",
        "run_link": "text",
        "status": "text",
        "tags?": "[KeyValue]",
        "aliases?": "[text]",
        "external?": "boolean",
        "cut?": "[text]",
    },
    "Point": _POINT,
    "PointOfRun": {**_POINT, "run_id": "text"},
    "RegisteredModel": {
        "name": "text",
        "creation_timestamp": "integer",
        "last_updated_timestamp": "integer",
        "description?": "text",
        "latest_versions?": "[ModelVersion]",
        "tags?": "[KeyValue]",
        "aliases?": "[Alias]",
    },
    "Run": {"info": "RunInfo", "data": "RunData", "inputs": "RunInputs", "outputs?": "RunOutputs", "cut?": "counts"},
    "RunData": {"metrics?": "[Point]", "params?": "[KeyValue]", "tags?": "[KeyValue]"},
    "RunInfo": {
        "run_uuid": "text",
        "run_id": "text",
        "run_name?": "text",
        "experiment_id": "text",
        "user_id": "text",
        "status": "text",
        "start_time?": "integer",
        "end_time?": "integer",
        "artifact_uri": "text",
        "lifecycle_stage": "text",
    },
    "RunInputs": {"dataset_inputs?": "[DatasetInput]", "model_inputs?": "[ModelInput]"},
    "RunOutputs": {"model_outputs?": "[ModelOutput]"},
}
_TOKEN = {"next_page_token?": "text"}
_MODEL = {"registered_model": "RegisteredModel"}
_VERSION = {"model_version": "ModelVersion"}
_RUN = {"run": "Run"}
_EXPERIMENT = {"experiment": "Experiment"}
_REPLIES: dict[str, dict[str, str]] = {
    "create_experiment": {"experiment_id": "text"},
    "create_model_version": _VERSION,
    "create_registered_model": _MODEL,
    "create_run": _RUN,
    "get_experiment": _EXPERIMENT,
    "get_experiment_by_name": _EXPERIMENT,
    "get_latest_versions": {"model_versions?": "[ModelVersion]"},
    "get_metric_history": {"metrics?": "[Point]", **_TOKEN},
    "get_metric_history_bulk": {"metrics": "[PointOfRun]"},
    "get_metric_history_bulk_interval": {"metrics?": "[PointOfRun]"},
    "get_model_version": _VERSION,
    "get_model_version_by_alias": _VERSION,
    "get_model_version_download_uri": {"artifact_uri": "text"},
    "get_registered_model": _MODEL,
    "get_run": _RUN,
    "rename_registered_model": _MODEL,
    "search_experiments": {"experiments?": "[Experiment]", **_TOKEN},
    "search_model_versions": {"model_versions?": "[ModelVersion]", **_TOKEN},
    "search_registered_models": {"registered_models?": "[RegisteredModel]", **_TOKEN},
    "search_runs": {"runs?": "[Run]", **_TOKEN},
    "update_model_version": _VERSION,
    "update_registered_model": _MODEL,
    "update_run": {"run_info": "RunInfo"},
}


def of_view(view: str) -> Schema:
    """The schema of what a view answers."""
    return _object(_REPLIES[view]) if view in _REPLIES else {"type": "object"}


def named() -> dict[str, Schema]:
    """The schemas of all messages that replies hold, by name."""
    return {PREFIX + name: _object(fields) for name, fields in _MESSAGES.items()}


def _object(fields: dict[str, str]) -> Schema:
    properties = {name.removesuffix("?"): _type(kind) for name, kind in fields.items()}
    required = [name for name in fields if not name.endswith("?")]
    return {"type": "object", "properties": properties, **({"required": required} if required else {})}


def _type(kind: str) -> Schema:
    if kind.startswith("["):
        return {"type": "array", "items": _type(kind[1:-1])}
    return _TYPES.get(kind) or {"$ref": f"{_REFERENCE}{PREFIX}{kind}"}
