"""The API's document in OpenAPI 3.1, made from what the endpoints declare: paths, models, and who may call.

It has every route, twins too: one under `/ajax-api` that answers like one under `/api` names that in `x-twin-of`.
`x-requires` is what an endpoint requires of its caller, in the words of `access/requires.py`.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Protocol

from chalicelib.access.requires import Rule
from chalicelib.edge.wire import Request
from chalicelib.service import documented_replies, json_schema, reply_messages
from chalicelib.service.json_schema import Schema

_DESCRIPTION = (
    "Serverless experiment tracking, by MLflow's REST protocol and some endpoints of our own. Fields are named in "
    "snake_case here; camelCase is accepted too, except for required fields. Unknown fields are ignored, null is the "
    "same as absent, and numbers may be sent as text. Paths under `/ajax-api` with an `x-twin-of` answer exactly like "
    "that operation. `x-requires` lists what the caller needs, all of it. Long replies are compressed for "
    "clients that accept gzip."
)
# Relative to this document's own path, so that it holds under any prefix that the API is deployed at.
_ROOT = "../../.."
_TWIN = "/ajax-api/"
_PARAMETER = re.compile(r"\{(\w+)(\+?)\}")
_PREFIX = re.compile(r"/((ajax-)?api/\d\.\d/)?(mlflow/|cumulog/)?")
# The features of the paths that do not begin with a feature's noun.
_TAGS = {
    "get-artifact": "artifacts",
    "health": "service",
    "mlflow-artifacts": "artifacts",
    "openapi.json": "service",
    "server-info": "service",
    "upload-artifact": "artifacts",
    "version": "service",
}
_BINARY = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
_SECURITY = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "A token, `cml_…`."},
    "basic": {"type": "http", "scheme": "basic", "description": "User name `token`, the token as the password."},
}


class Endpoint(Protocol):
    """What the document needs of an endpoint, as `http.Endpoint` has it."""

    @property
    def method(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def view(self) -> str: ...
    @property
    def model(self) -> type[Request] | None: ...
    @property
    def rules(self) -> tuple[Rule, ...]: ...
    @property
    def kind(self) -> str: ...
    @property
    def summary(self) -> str: ...
    @property
    def is_public(self) -> bool: ...


def document(endpoints: Sequence[Endpoint], version: str) -> Schema:
    """The document of these endpoints, which speak this version of MLflow's protocol."""
    shapes = json_schema.shapes(endpoint.model for endpoint in endpoints if endpoint.model)
    paths = _paths(endpoints, shapes)
    named = {**shapes.named, **reply_messages.named()}
    reached = json_schema.reached(paths, named)
    tags = sorted({_tag(endpoint.path) for endpoint in endpoints})
    return {
        "openapi": "3.1.0",
        "info": {"title": "Cumulog", "version": version, "description": _DESCRIPTION},
        "servers": [{"url": _ROOT}],
        "security": [{name: []} for name in _SECURITY],
        "tags": [{"name": tag} for tag in tags],
        "paths": paths,
        "components": {
            "schemas": {name: schema for name, schema in named.items() if name in reached},
            "responses": documented_replies.errors(),
            "securitySchemes": _SECURITY,
        },
    }


def templated(path: str) -> str:
    """A route in OpenAPI's notation, which has no greedy parameters."""
    return path.replace("+}", "}")


def operation_id(endpoint: Endpoint) -> str:
    """An operation's unique name: one view may answer several methods, and under two prefixes."""
    return f"{endpoint.view}_{endpoint.method.lower()}" + ("_ajax" if endpoint.path.startswith(_TWIN) else "")


def _paths(endpoints: Sequence[Endpoint], shapes: json_schema.Shapes) -> dict[str, Schema]:
    known = {(each.path, each.method): each for each in endpoints}
    paths: dict[str, Schema] = {}
    for (path, method), endpoint in sorted(known.items()):
        twin = known.get((path.replace(_TWIN, "/api/", 1), method))
        is_second = twin is not None and twin is not endpoint and twin.view == endpoint.view
        twins = {"x-twin-of": operation_id(twin)} if twin and is_second else {}
        paths.setdefault(templated(path), {})[method.lower()] = _operation(endpoint, shapes) | twins
    return paths


def _operation(endpoint: Endpoint, shapes: json_schema.Shapes) -> Schema:
    return {
        "operationId": operation_id(endpoint),
        "summary": endpoint.summary or endpoint.view.replace("_", " ").capitalize() + ".",
        "tags": [_tag(endpoint.path)],
        "x-requires": [rule.name for rule in endpoint.rules],
        **({"security": []} if endpoint.is_public else {}),
        **_request(endpoint, shapes),
        "responses": documented_replies.of_endpoint(endpoint.view, endpoint.kind, endpoint.is_public),
    }


def _tag(path: str) -> str:
    noun = _PREFIX.sub("", path, count=1).partition("/")[0]
    return _TAGS.get(noun, noun)


def _request(endpoint: Endpoint, shapes: json_schema.Shapes) -> Schema:
    """Parameters and body of an operation, whichever it has."""
    name = shapes.names[endpoint.model] if endpoint.model else None
    shape = shapes.named[name] if name else {}
    parameters = list(_in_path(endpoint.path, shape))
    in_path = {parameter["name"] for parameter in parameters}
    if endpoint.method == "GET" or endpoint.kind == "upload":
        parameters += _in_query(shape, in_path)
    request: Schema = {"parameters": parameters} if parameters else {}
    if endpoint.kind == "upload":
        return request | {"requestBody": {"content": _BINARY}}
    if endpoint.method == "GET" or not shape.get("properties", {}).keys() - in_path:
        return request
    return request | {"requestBody": _body({"$ref": f"{json_schema.REFERENCE}{name}"}, shape, in_path)}


def _in_path(path: str, shape: Schema) -> Iterator[Schema]:
    for name, greedy in _PARAMETER.findall(path):
        note = {"description": "A path, which may contain slashes."} if greedy else {}
        yield {"name": name, "in": "path", "required": True, "schema": shape["properties"][name], **note}


def _in_query(shape: Schema, in_path: set[str]) -> list[Schema]:
    required = shape.get("required", ())
    return [
        {"name": name, "in": "query", "required": name in required, "schema": json_schema.without_null(field)}
        for name, field in shape.get("properties", {}).items()
        if name not in in_path
    ]


def _body(reference: Schema, shape: Schema, in_path: set[str]) -> Schema:
    """A JSON body: the schema by its name, or written out if the path has some of its fields."""
    required = [name for name in shape.get("required", ()) if name not in in_path]
    fields = {name: field for name, field in shape["properties"].items() if name not in in_path}
    schema = {"type": "object", "properties": fields, "required": required} if in_path else reference
    # If no field is required, the body may also be missing, or null.
    accepted = schema if required else json_schema.or_null(schema)
    return {"required": bool(required), "content": {"application/json": {"schema": accepted}}}
