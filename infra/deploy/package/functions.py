"""The properties of every function: name, log group, code, runtime, settings."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from infra.deploy.package.target import Target

Template = dict[str, Any]

# Composed, not referenced: the machine in turn needs the functions.
_MACHINE = "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:stateMachine:cumulog-${Stage}-transition"

_SETTINGS: Template = {
    "CUMULOG_RUNS_TABLE": {"Ref": "RunsTable"},
    "CUMULOG_LEDGER_TABLE": {"Ref": "LedgerTable"},
    "CUMULOG_BUCKET": {"Ref": "Bucket"},
    "CUMULOG_TRANSITION_MACHINE": {"Fn::Sub": _MACHINE},
    "CUMULOG_EVENT_BUS": "default",
    "CUMULOG_DEFAULT_PERMISSION": {"Ref": "DefaultPermission"},
    "CUMULOG_DASHBOARD_ORIGIN": {"Ref": "DashboardOrigin"},
    # Otherwise pydantic looks for plugins among all installed packages, which costs every cold start 10 ms.
    "PYDANTIC_DISABLE_PLUGINS": "__all__",
    # The namespace of the sweeper's metric in CloudWatch, so that two stages have two.
    "POWERTOOLS_METRICS_NAMESPACE": {"Fn::Sub": "cumulog-${Stage}"},
}

_LEDGER = ("CUMULOG_LEDGER_TABLE",)
_DATA = (*_LEDGER, "CUMULOG_RUNS_TABLE", "CUMULOG_BUCKET")
_REGISTRY = (*_DATA, "CUMULOG_TRANSITION_MACHINE", "CUMULOG_EVENT_BUS")

# The settings of each function; tasks of the state machine that are not listed need only the ledger.
_USED: Mapping[str, tuple[str, ...]] = {
    "APIHandler": (*_REGISTRY, "CUMULOG_DEFAULT_PERMISSION", "CUMULOG_DASHBOARD_ORIGIN", "PYDANTIC_DISABLE_PLUGINS"),
    "Sweep": (*_REGISTRY, "POWERTOOLS_METRICS_NAMESPACE"),
    "Catalogue": ("CUMULOG_RUNS_TABLE", "CUMULOG_BUCKET"),
    "TransitionApply": (*_LEDGER, "CUMULOG_BUCKET"),
    "TransitionAnnounce": (*_LEDGER, "CUMULOG_EVENT_BUS"),
    "TransitionWaitForDecision": (*_LEDGER, "CUMULOG_TRANSITION_MACHINE"),
}

TYPE = "AWS::Serverless::Function"


def named(template: Mapping[str, Any]) -> Iterator[tuple[str, Template]]:
    """The functions of a template by their logical ids."""
    yield from ((name, made) for name, made in template["Resources"].items() if made["Type"] == TYPE)


def completed(template: Mapping[str, Any], target: Target) -> Template:
    """The template with its functions complete, and with a log group for each."""
    functions = {name: {**made, "Properties": _properties(name, made, target)} for name, made in named(template)}
    groups = {f"{name}Log": _log_group(name) for name in functions}
    return {**template, "Resources": {**template["Resources"], **functions, **groups}}


def function_name(logical_id: str) -> str:
    """The function's name after `cumulog-<stage>-`: `api`, `transition-wait-for-decision`."""
    return "-".join(re.findall("[A-Z][a-z]+", logical_id)).lower() if logical_id != "APIHandler" else "api"


def _properties(logical_id: str, made: Mapping[str, Any], target: Target) -> Template:
    return {
        **made["Properties"],
        "FunctionName": {"Fn::Sub": f"cumulog-${{Stage}}-{function_name(logical_id)}"},
        "CodeUri": {"Bucket": {"Ref": "CodeBucket"}, "Key": {"Ref": "CodeKey"}},
        "Runtime": target.runtime,
        "Architectures": [target.architecture],
        "Environment": {"Variables": {name: _SETTINGS[name] for name in _USED.get(logical_id, _LEDGER)}},
        # JSON: each log line has the request id in a field, and a traceback stays in one piece.
        "LoggingConfig": {"LogFormat": "JSON", "LogGroup": {"Ref": f"{logical_id}Log"}},
        # Chalice's own tag names the stage of its configuration file.
        "Tags": {"cumulog-stage": {"Ref": "Stage"}},
    }


def _log_group(logical_id: str) -> Template:
    name = f"/aws/lambda/cumulog-${{Stage}}-{function_name(logical_id)}"
    return {
        "Type": "AWS::Logs::LogGroup",
        "Properties": {"LogGroupName": {"Fn::Sub": name}, "RetentionInDays": {"Ref": "LogDays"}},
    }
