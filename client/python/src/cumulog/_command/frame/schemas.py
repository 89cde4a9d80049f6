"""The JSON of each command, in short: a field's name, with `?` if it may be missing, and its type.

A list in brackets is a list of such objects. `…` stands for fields whose names are the user's.
"""

from collections.abc import Mapping
from typing import Any

_EXPERIMENT = {
    "experiment_id": "text",
    "name": "text",
    "lifecycle_stage": "text",
    "artifact_location": "text",
    "creation_time": "integer",
    "last_update_time": "integer",
    "tags": {"…": "text"},
}
_RUN = {
    "run_id": "text",
    "run_name": "text",
    "experiment_id": "text",
    "status": "text",
    "lifecycle_stage": "text",
    "user_id": "text",
    "start_time?": "integer",
    "end_time?": "integer",
    "artifact_uri": "text",
    "params": {"…": "text"},
    "metrics": {"…": {"value": "number", "step": "integer", "timestamp": "integer"}},
    "tags": {"…": "text"},
}
_DIFFERENCE = {"kind": "text", "key": "text", "values": ["any"]}
_FILE = {"path": "text", "is_dir": "boolean", "size?": "integer"}
_MODEL = {
    "name": "text",
    "description": "text",
    "creation_timestamp": "integer",
    "last_updated_timestamp": "integer",
    "latest_versions": [{"version": "text", "current_stage": "text"}],
    "aliases": {"…": "text"},
    "tags": {"…": "text"},
}
_VERSION = {
    "name": "text",
    "version": "text",
    "current_stage": "text",
    "status": "text",
    "run_id": "text",
    "source": "text",
    "description": "text",
    "creation_timestamp": "integer",
    "aliases": ["text"],
    "tags": {"…": "text"},
}
_REPRODUCTION = {
    "format": "integer",
    "run_id": "text",
    "reproduced_run_id": "text",
    "verdict": "text",
    "status": "text",
    "failure": "text",
    "code": "text",
    "forced": ["text"],
    "tolerance": {"relative": "number", "absolute": "number"},
    "counts": {"…": {"…": "integer"}},
    "metrics": [{"name": "text", "verdict": "text", "…": "any"}],
    "files": [{"name": "text", "verdict": "text", "why?": "text"}],
    "predictions": [{"model": "text", "…": "any"}],
    "causes": [{"kind": "text", "likelihood": "text", "sentence": "text", "is_change": "boolean"}],
    "missing": [{"kind": "text", "sentence": "text"}],
}
_REQUEST = {"request_id": "text", "name": "text", "version": "text", "to_stage": "text", "status": "text", "…": "any"}
_ENTRY = {"path": "text", "experiment_id": "text", "status": "text", "flavors": ["any"], "…": "any"}
_CURVE = {"run_id": "text", "key": "text", "x": ["integer"], "value": ["number"], "exact": "boolean"}
_CHECK = {"check": "text", "state": "text", "told": "text", "remedy": "text"}
_USER = {"username": "text", "kind": "text", "is_admin": "boolean", "…": "any"}
_TOKEN = {
    "token_id": "text",
    "owner": "text",
    "label": "text",
    "scopes": ["text"],
    "created": "integer",
    "expires": "integer",
    "…": "any",
}
_NEW_TOKEN = {"text": "text", "token": _TOKEN}
_EDGE = {"source": {"kind": "text", "id": "text"}, "target": {"kind": "text", "id": "text"}, "how": "text"}
_TRIAL = {
    "sweep": "text",
    "trial": "integer",
    "run_id": "text",
    "status": "text",
    "value": "number",
    "params": {"…": "text"},
}
_NOTHING: Mapping[str, Any] = {}

SCHEMAS: Mapping[str, Any] = {
    "experiments list": [_EXPERIMENT],
    "experiments show": _EXPERIMENT,
    "experiments create": {"experiment_id": "text"},
    "experiments rename": {"experiment_id": "text", "name": "text"},
    "experiments delete": {"experiment_id": "text"},
    "experiments restore": {"experiment_id": "text"},
    "run": {"run_id": "text", "experiment_id": "text", "status": "text", "exit_code": "integer", "failure": "text"},
    "sweep": [_TRIAL],
    "reproduce": _REPRODUCTION,
    "lock": {"path": "text", "files": "integer", "size": "integer", "left_out": ["text"], "run_id": "text"},
    "cancel": {"run_ids": ["text"]},
    "lineage": {
        "nodes": [{"kind": "text", "id": "text", "…": "any"}],
        "edges": [_EDGE],
        "hidden": "integer",
        "cut": "boolean",
    },
    "runs list": [{"run_id": "text", "…": "any"}],
    "runs show": _RUN,
    "runs compare": {"runs": ["text"], "differences": [_DIFFERENCE]},
    "runs delete": [{"run_id": "text"}],
    "runs restore": [{"run_id": "text"}],
    "series": [_CURVE],
    "artifacts ls": [_FILE],
    "artifacts du": [{"path": "text", "files": "integer", "size": "integer"}],
    "artifacts get": {"files": ["text"]},
    "artifacts put": {"files": ["text"]},
    "artifacts rm": {"path": "text"},
    "models list": [_MODEL],
    "models show": {**_MODEL, "versions": [_VERSION]},
    "models register": {"name": "text", "version": "text"},
    "models transition": {"name": "text", "version": "text", "stage": "text", "request_id?": "text"},
    "models alias set": {"name": "text", "alias": "text", "version": "text"},
    "models alias delete": {"name": "text", "alias": "text", "version": "text"},
    "models requests": [_REQUEST],
    "models approve": _REQUEST,
    "models reject": _REQUEST,
    "models cancel": _REQUEST,
    "models policy": [{"stage": "text", "policy": "text", "…": "any"}],
    "models audit": [{"sequence": "integer", "…": "any"}],
    "models verify": {"valid": "boolean", "…": "any"},
    "models state": {"…": "any"},
    "models lineage": {"…": "any"},
    "catalogue list": [_ENTRY],
    "catalogue show": _ENTRY,
    "doctor": {"ok": "boolean", "checks": [_CHECK]},
    "login": {"server": "text", "username": "text", "kept_in": "text", "is_default": "boolean", "expires?": "integer"},
    "logout": {"server": "text"},
    "open": {"url": "text"},
    "admin whoami": {"username": "text", "may_administer": "boolean", "scopes": ["text"], "token?": _TOKEN, "…": "any"},
    "admin users list": [_USER],
    "admin users add": _USER,
    "admin users remove": _NOTHING,
    "admin users restore": _USER,
    "admin users make-admin": _NOTHING,
    "admin users revoke-admin": _NOTHING,
    "admin tokens list": [_TOKEN],
    "admin tokens create": _NEW_TOKEN,
    "admin tokens revoke": _NOTHING,
    "admin tokens rotate": _NEW_TOKEN,
    "admin grants list": [{"permission": "text", "…": "any"}],
    "admin grants set": _NOTHING,
    "admin grants remove": _NOTHING,
}

# JSON has no number for what is not finite.
_NUMBER = {"anyOf": [{"type": "number"}, {"enum": ["NaN", "Infinity", "-Infinity"]}, {"type": "null"}]}
_TYPES: Mapping[str, Any] = {
    "text": {"type": "string"},
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "number": _NUMBER,
    "any": {},
}


def schema(short: Any) -> dict[str, Any]:
    """The JSON Schema of a short form."""
    if isinstance(short, str):
        return dict(_TYPES[short])
    if isinstance(short, list):
        return {"type": "array", "items": schema(short[0])}
    named = {name: each for name, each in short.items() if name != "…"}
    return {
        "type": "object",
        "properties": {name.rstrip("?"): schema(each) for name, each in named.items()},
        "required": [name for name in named if not name.endswith("?")],
        "additionalProperties": schema(short["…"]) if "…" in short else False,
    }
