"""Which method of which namespace calls an operation. `client.runs.get` is GET runs/get, whose view is `get_run`."""

import re
from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]

# By the tag of an operation.
NAMESPACES = {
    "access": "access",
    "artifacts": "artifacts",
    "catalogue": "catalogue",
    "experiments": "experiments",
    "index": "index",
    "lineage": "lineage",
    "logged-models": "logged_models",
    "metrics": "metrics",
    "model-versions": "models",
    "registered-models": "models",
    "registry": "registry",
    "reproductions": "reproductions",
    "runs": "runs",
    "service": "service",
    "users": "users",
    "views": "views",
}
TITLES = {
    "access": "Users' tokens and grants.",
    "artifacts": "Files: presigned URLs, uploads in parts, lists. To move files, use `cumulog.upload` and `download`.",
    "catalogue": "The models that lie in the bucket, whatever tool put them there.",
    "experiments": "Experiments.",
    "index": "The search index.",
    "lineage": "What came from what: data, runs, logged models, versions.",
    "logged_models": "The models that runs log.",
    "metrics": "Points of metrics: histories, and curves for charts.",
    "models": "Registered models and their versions, stages, aliases and tags.",
    "registry": "What a registered model's history tells, and the approvals of stage changes.",
    "reproductions": "What came out when runs were run again from their records.",
    "runs": "Runs: what is logged to them, and the search for them.",
    "service": "The server itself.",
    "users": "Users and their permissions.",
    "views": "Saved views of experiments.",
}
# What the name of a namespace says already, so that the name of a method need not.
_NOUNS = {
    "catalogue": "catalogue",
    "experiments": "experiments?",
    "index": "index",
    "lineage": "lineage(?=_graph)",
    "logged_models": "logged_models?",
    "metrics": "metric",
    "models": "registered_models?",
    "registry": "transition(?=_request)",
    "reproductions": "reproductions?",
    "runs": "runs?",
    "users": "users?",
    "views": "views?",
}
_NAMES = {
    "get_me": "me",
    "get_metric_series": "series",
    "get_model_artifact": "get_artifact",
    "get_openapi": "openapi",
    "list_model_artifacts": "list_artifacts",
    "transition_model_version_stage": "transition",
}
_ENDING = re.compile("_(get|post|put|patch|delete)(_ajax)?$")


def namespace(operation: Schema) -> str:
    """The namespace of an operation."""
    return NAMESPACES[operation["tags"][0]]


def method(operation: Schema) -> str:
    """The name of the method that calls an operation."""
    view = view_of(operation)
    noun = _NOUNS.get(namespace(operation))
    bare = re.sub(rf"_{noun}(?=_|$)", "", view) if noun else view
    return _NAMES.get(view, bare.replace("_model_version", "_version"))


def view_of(operation: Schema) -> str:
    """The name of the view that answers an operation: an operation's id has the HTTP method at its end."""
    return _ENDING.sub("", operation["operationId"])
