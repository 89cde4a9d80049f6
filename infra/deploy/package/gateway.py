"""The API's definition beyond what Chalice writes: errors in MLflow's shape, the dashboard's preflight requests, and
the pattern of Authorization headers that reach the authorizer.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib.edge import greedy

Template = dict[str, Any]

# A token of ours (chalicelib/access/tokens.py), alone or as the password of user `token`. API Gateway refuses anything
# else with a 401 by itself: no Lambda runs, nothing is read.
TOKEN_PATTERN = "^(Bearer cml_[ps]_[0-9A-Za-z]{71}|Basic [A-Za-z0-9+/]{100,200}={0,2})$"  # noqa: S105 - a pattern

# API Gateway's limit, of each API.
MOST_RESOURCES = 300

_RESPONSES = "x-amazon-apigateway-gateway-responses"
_MISSING = "MISSING_AUTHENTICATION_TOKEN"
_ANY_PATH = "/{proxy+}"
_ALLOWED_HEADERS = "Authorization,Content-Type"
# Browsers keep the answer for two hours at most.
_PREFLIGHT_SECONDS = 7200


def completed(template: Mapping[str, Any]) -> Template:
    """The template with a complete API definition. The gateway's responses are given as rows (`gateway.yaml`)."""
    return _with_body(template, _body(template["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]))


def for_dashboard(template: Mapping[str, Any], origin: str) -> Template:
    """The template to upload when the parameter DashboardOrigin is `origin`.

    SAM deploys an API again only if the text of its definition has changed, before parameters are filled in. Without
    this, a changed origin would reach the definition but no client.
    """
    body = template["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]
    description = f"Web pages that may call: {origin or 'none'}"
    return _with_body(template, {**body, "info": {**body["info"], "description": description}})


def resources_left(template: Mapping[str, Any]) -> int:
    """How many resources the API may still get. Each step of each path is one, and so is the root."""
    paths = template["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]["paths"]
    used = {tuple(parts[:size]) for path in paths for parts in [path.split("/")] for size in range(1, len(parts) + 1)}
    return MOST_RESOURCES - len(used)


def _with_body(template: Mapping[str, Any], body: Template) -> Template:
    resources = template["Resources"]
    api = {**resources["RestAPI"], "Properties": {**resources["RestAPI"]["Properties"], "DefinitionBody": body}}
    return {**template, "Resources": {**resources, "RestAPI": api}}


def _body(body: Mapping[str, Any]) -> Template:
    return {
        **body,
        # The API's name in CloudWatch.
        "info": {**body["info"], "title": {"Fn::Sub": "cumulog-${Stage}"}},
        "paths": {
            **{path: {**methods, "options": _preflight(methods)} for path, methods in _resources(body["paths"])},
            _ANY_PATH: {"x-amazon-apigateway-any-method": _nothing_there(**body[_RESPONSES][_MISSING])},
        },
        "securityDefinitions": {name: _filtered(made) for name, made in body.get("securityDefinitions", {}).items()},
        _RESPONSES: {kind: _response(**row) for kind, row in body[_RESPONSES].items()},
    }


def _resources(paths: Mapping[str, Any]) -> Iterator[tuple[str, Template]]:
    """The paths of the API: those of the routes, but one where a greedy resource takes all below a prefix."""
    for path, methods in greedy.resources(paths, lambda method: "security" not in method).items():
        yield path, ({name: _any_tail(made) for name, made in methods.items()} if greedy.prefix_of(path) else methods)


def _any_tail(method: Mapping[str, Any]) -> Template:
    """A method of a greedy resource, from that of any route below it."""
    return {**method, "parameters": [{"name": "proxy", "in": "path", "required": True, "type": "string"}]}


def _filtered(definition: Mapping[str, Any]) -> Template:
    authorizer = definition["x-amazon-apigateway-authorizer"]
    filtered = {**authorizer, "identityValidationExpression": TOKEN_PATTERN}
    return {**definition, "x-amazon-apigateway-authorizer": filtered}


def _response(error_code: str, message: str, status: int | None = None, retry_after: int | None = None) -> Template:
    """A gateway response. Its message is fixed: API Gateway's own may repeat the Authorization header."""
    headers = {"X-Content-Type-Options": "'nosniff'", "Access-Control-Allow-Origin": _for_dashboard(_ORIGIN)}
    if retry_after is not None:
        headers["Retry-After"] = f"'{retry_after}'"
    response: Template = {
        "responseParameters": {f"gatewayresponse.header.{name}": value for name, value in headers.items()},
        "responseTemplates": {"application/json": json.dumps({"error_code": error_code, "message": message})},
    }
    return response if status is None else {**response, "statusCode": str(status)}


def _preflight(methods: Mapping[str, Any]) -> Template:
    """A path's OPTIONS method, for a browser that asks whether the dashboard may call; omitted without a dashboard.

    The gateway itself answers. One greedy path would not work: a request goes to the path that matches best, even if
    that path lacks the method.
    """
    headers = {
        "Access-Control-Allow-Origin": _ORIGIN,
        "Access-Control-Allow-Methods": f"'{','.join(sorted(method.upper() for method in methods))}'",
        "Access-Control-Allow-Headers": f"'{_ALLOWED_HEADERS}'",
        "Access-Control-Max-Age": f"'{_PREFLIGHT_SECONDS}'",
    }
    answer = {f"method.response.header.{name}": value for name, value in headers.items()}
    integration = {
        "type": "mock",
        # All bodies are binary to this API (decision 7), and a mapping template needs text.
        "contentHandling": "CONVERT_TO_TEXT",
        "requestTemplates": {"application/json": '{"statusCode": 204}'},
        "responses": {"default": {"statusCode": "204", "responseParameters": answer}},
    }
    declared = {name: {"type": "string"} for name in headers}
    return _for_dashboard(
        {
            "responses": {"204": {"description": "Allowed.", "headers": declared}},
            "x-amazon-apigateway-integration": integration,
        }
    )


def _nothing_there(error_code: str, message: str, status: int) -> Template:
    """The gateway's own answer to paths without an endpoint: after a 404, MLflow's client tries another way.

    There is a gateway response for this too. But if a request has an Authorization header, as ours do, API Gateway
    takes the header for an AWS signature that it cannot read, and its name for that error is not documented.
    """
    answer = json.dumps({"error_code": error_code, "message": message})
    integration = {
        "type": "mock",
        "contentHandling": "CONVERT_TO_TEXT",
        "requestTemplates": {"application/json": json.dumps({"statusCode": status})},
        "responses": {"default": {"statusCode": str(status), "responseTemplates": {"application/json": answer}}},
    }
    return {
        "responses": {str(status): {"description": "There is no such endpoint."}},
        "x-amazon-apigateway-integration": integration,
    }


_ORIGIN = {"Fn::Sub": "'${DashboardOrigin}'"}


def _for_dashboard(value: Any) -> Template:
    return {"Fn::If": ["HasDashboard", value, {"Ref": "AWS::NoValue"}]}
