"""The messages in replies, for the API's document; `view_replies.py` has the replies.

A `?` behind a name: the field is left out where it is unset or an empty list. `[Run]` is a list of messages.
"""

from collections.abc import Mapping
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
    "object": {"type": "object"},
    "text": {"type": "string"},
    "texts": {"type": "object", "additionalProperties": {"type": "string"}},
}

_CATALOGUE_ENTRY = {
    "path": "text",
    "experiment_id": "text",
    "run_id?": "text",
    "model_id?": "text",
    "status": "text",
    "reason?": "text",
    "notes?": "[text]",
    "flavors": "[Flavor]",
    "mlflow_version?": "text",
    "utc_time_created?": "text",
    "last_modified": "integer",
    "size_bytes": "integer",
    "contains_pickle": "boolean",
}
_POLICY = {
    "needed": "integer",
    "approvers": "[text]",
    "requester_may_approve": "boolean",
    "expires_in_seconds": "integer",
    "reproduced?": "text",
}
_REQUEST = {
    "request_id": "text",
    "name": "text",
    "version": "text",
    "from_stage": "text",
    "to_stage": "text",
    "archive_existing_versions": "boolean",
    "requester": "text",
    "comment": "text",
    "created": "integer",
    "expires": "integer",
    "needed": "integer",
    "decided": "[text]",
    "files?": "text",
    "status": "text",
    "waits_for?": "[text]",
    "run_id?": "text",
    "reproduction?": "CountedReproduction",
    "ended?": "integer",
    "reason?": "text",
    "audit_sequence?": "integer",
}
_SELF = {"id": "text", "username": "text", "is_admin": "boolean"}
_USER = {**_SELF, "kind": "text"}
_VIEW = {
    "view_id": "text",
    "experiment_id": "text",
    "name": "text",
    "format": "integer",
    "version": "integer",
    "created": "integer",
    "updated": "integer",
    "updated_by?": "text",
}
_POINT = {"key": "text", "value": "number", "timestamp": "integer", "step": "integer"}
_MESSAGES: dict[str, dict[str, str]] = {
    "Alias": {"alias": "text", "version": "text"},
    "ArrivedPart": {"part_number": "integer", "size": "integer", "etag": "text", "sha256?": "text"},
    "ArtifactEntry": {"path": "text", "is_dir": "boolean", "file_size?": "integer"},
    "CatalogueEntry": _CATALOGUE_ENTRY,
    "CatalogueFile": {"path": "text", "size": "integer", "sha256?": "text", "pickle": "boolean"},
    "CatalogueModel": {
        **_CATALOGUE_ENTRY,
        "flavors": "[ConfiguredFlavor]",
        "signature": "object",
        "signature_cut": "boolean",
        "input_example": "object",
        "files": "[CatalogueFile]",
        "files_cut": "boolean",
        "environment": "[text]",
    },
    "ConfiguredFlavor": {"name": "text", "version": "text", "configuration": "object"},
    "CountedReproduction": {"run_id": "text", "who": "text", "verdict": "text", "at": "integer"},
    "Curve": {
        "run": "integer",
        "key": "integer",
        "size": "integer",
        "exact": "boolean",
        "origin?": "integer",
        "x?": "[integer]",
        "value?": "[number]",
        "start?": "[integer]",
        "end?": "[integer]",
        "count?": "[integer]",
        "first?": "[number]",
        "last?": "[number]",
        "min?": "[number]",
        "max?": "[number]",
    },
    "CurvesMissing": {"runs": "[text]", "keys": "[text]"},
    "Dataset": {
        "name": "text",
        "digest": "text",
        "source_type?": "text",
        "source?": "text",
        "schema?": "text",
        "profile?": "text",
    },
    "DatasetInput": {"tags?": "[KeyValue]", "dataset": "Dataset"},
    "Decision": {"who": "text", "decision": "text", "comment": "text", "at": "integer"},
    "Download": {"path": "text", "url": "text", "size": "integer", "sha256?": "text"},
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
    "Flavor": {"name": "text", "version": "text"},
    "GrantOnThing": {"username": "text", "permission": "text"},
    "KeyValue": {"key": "text", "value": "text"},
    "LeaseHolder": {"holder": "text", "since": "integer", "until": "integer"},
    "ListedUser": {**_USER, "roles": "[object]"},
    "LineageEdge": {"source": "LineageEnd", "target": "LineageEnd", "how": "text"},
    "LineageEnd": {"kind": "text", "id": "text"},
    "LineageNode": {
        "kind": "text",
        "id": "text",
        "name?": "text",
        "digest?": "text",
        "version?": "text",
        "stage?": "text",
        "aliases?": "[text]",
        "experiment_id?": "text",
        "status?": "text",
        "deleted?": "boolean",
    },
    "LoggedModel": {"info": "LoggedModelInfo", "data": "LoggedModelData", "cut?": "counts"},
    "LoggedModelData": {"params?": "[KeyValue]", "metrics?": "[MeasuredPoint]"},
    "LoggedModelInfo": {
        "model_id": "text",
        "experiment_id": "text",
        "name": "text",
        "creation_timestamp_ms": "integer",
        "last_updated_timestamp_ms": "integer",
        "artifact_uri": "text",
        "status": "text",
        "model_type": "text",
        "source_run_id": "text",
        "tags?": "[KeyValue]",
    },
    "MeasuredPoint": {
        **_POINT,
        "model_id": "text",
        "run_id?": "text",
        "dataset_name?": "text",
        "dataset_digest?": "text",
    },
    "MlflowPartTarget": {"url": "text", "part_number": "integer", "headers": "texts"},
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
    "PartTarget": {"part_number": "integer", "url": "text", "headers": "texts"},
    "Permission": {
        "role_id": "integer",
        "role_name": "text",
        "workspace": "text",
        "resource_type": "text",
        "resource_pattern": "text",
        "permission": "text",
    },
    "Point": _POINT,
    "PointOfRun": {**_POINT, "run_id": "text"},
    "Policy": _POLICY,
    "RegisteredModel": {
        "name": "text",
        "creation_timestamp": "integer",
        "last_updated_timestamp": "integer",
        "description?": "text",
        "latest_versions?": "[ModelVersion]",
        "tags?": "[KeyValue]",
        "aliases?": "[Alias]",
    },
    "Reproduction": {
        "run_id": "text",
        "reproduced_run_id": "text",
        "verdict": "text",
        "tolerance?": "number",
        "differences": "counts",
        "report?": "text",
        "who?": "text",
        "at": "integer",
        "deleted_runs?": "[text]",
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
    "StagePolicy": {
        "stage": "text",
        "policy": "text",
        **{f"{name.rstrip('?')}?": kind for name, kind in _POLICY.items()},
    },
    "Token": {
        "token_id": "text",
        "owner": "text",
        "label": "text",
        "scopes": "[text]",
        "created": "integer",
        "created_by": "text",
        "created_with?": "text",
        "parents": "[text]",
        "expires": "integer",
        "revoked?": "integer",
    },
    "SavedView": _VIEW,
    "TransitionRequest": _REQUEST,
    "UploadTarget": {"path": "text", "url": "text", "headers": "texts"},
    "User": _USER,
    "UserSelf": _SELF,
    "WholeSavedView": {**_VIEW, "state": "text"},
    "WholeTransitionRequest": {**_REQUEST, "policy": "Policy", "decisions": "[Decision]"},
}


def named() -> dict[str, Schema]:
    """The schemas of all messages that replies hold, by name."""
    return {PREFIX + name: object_of(fields) for name, fields in _MESSAGES.items()}


def object_of(fields: Mapping[str, str]) -> Schema:
    """The schema of an object with these fields."""
    properties = {name.removesuffix("?"): _type(kind) for name, kind in fields.items()}
    required = [name for name in fields if not name.endswith("?")]
    return {"type": "object", "properties": properties, **({"required": required} if required else {})}


def _type(kind: str) -> Schema:
    if kind.startswith("["):
        return {"type": "array", "items": _type(kind[1:-1])}
    return _TYPES.get(kind) or {"$ref": f"{_REFERENCE}{PREFIX}{kind}"}
