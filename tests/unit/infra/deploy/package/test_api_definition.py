"""The API as the template defines it: who is asked for a token, what the gateway answers by itself, what it logs."""

import base64
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from app import app
from chalicelib import errors
from chalicelib.access import tokens
from chalicelib.artifacts import limits
from chalicelib.edge import greedy
from infra.deploy.package import gateway
from infra.local import authorizing
from infra.local.gateway import call
from tests.unit.infra.deploy.package.this_template import resources as resources
from tests.unit.infra.deploy.package.this_template import template as template

Template = dict[str, Any]

ANY_PATH = "/{proxy+}"
ERRORS = {
    error.error_code: error
    for error in (
        *(errors.EndpointNotFound, errors.Unauthenticated, errors.PermissionDenied, errors.RequestLimitExceeded),
        *(errors.RequestTooLarge, errors.TemporarilyUnavailable),
    )
}


@pytest.fixture(scope="module")
def body(resources: Template) -> Template:
    return dict(resources["RestAPI"]["Properties"]["DefinitionBody"])


def methods(body: Template) -> Iterator[tuple[str, str, Template]]:
    """Every method that reaches a function."""
    for path, found in routes(body).items():
        yield from ((path, method, made) for method, made in found.items() if method != "options")


def routes(body: Template) -> dict[str, Template]:
    """The paths that endpoints have."""
    return {path: found for path, found in body["paths"].items() if path != ANY_PATH}


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield from (text for each in value.values() for text in texts(each))
    elif isinstance(value, list):
        yield from (text for each in value for text in texts(each))
    elif isinstance(value, str):
        yield value


def test_every_route_but_two_asks_the_authorizer(body):
    unasked = {path for path, _, made in methods(body) if made.get("security") != [{"token_authorizer": []}]}

    assert unasked == {"/health", "/version"}


def test_a_greedy_resource_takes_every_method_of_the_routes_below(body):
    for prefix in greedy.PREFIXES:
        made = body["paths"][f"{prefix}{{proxy+}}"]
        below = {method.lower() for path, found in app.routes.items() if path.startswith(prefix) for method in found}

        assert set(made) - {"options"} == below
        assert [path for path in body["paths"] if path.startswith(prefix)] == [f"{prefix}{{proxy+}}"]
        tails = [method["parameters"] for name, method in made.items() if name != "options"]
        assert tails == [[{"name": "proxy", "in": "path", "required": True, "type": "string"}]] * len(below)


def test_every_other_route_has_a_resource_of_its_own(body):
    own = {path for path in app.routes if not path.startswith(greedy.PREFIXES)}

    assert own == {path for path in routes(body) if not path.startswith(greedy.PREFIXES)}


def test_the_gateway_lets_pass_what_can_be_a_token(body):
    ((definition),) = body["securityDefinitions"].values()
    pattern = definition["x-amazon-apigateway-authorizer"]["identityValidationExpression"]
    token = tokens.new(tokens.PERSON).text
    basic = base64.b64encode(f"token:{token}".encode()).decode()

    assert re.search(pattern, f"Bearer {token}")
    assert re.search(pattern, f"Basic {basic}")
    junk = ("", "Bearer x", f"Bearer {token}x", f"bearer {token}", token, "Basic dG9rZW46eA==", f"Bearer {token}\nX: y")
    assert [text for text in junk if re.search(pattern, text)] == []


def test_the_local_gateway_lets_pass_the_same():
    assert f"^{authorizing.IDENTITY.pattern}$" == gateway.TOKEN_PATTERN


def responses(body: Template) -> dict[str, tuple[str | None, Template]]:
    """What the gateway answers by itself, as (status, fields) by kind."""
    found = body["x-amazon-apigateway-gateway-responses"]
    return {
        kind: (made.get("statusCode"), json.loads(made["responseTemplates"]["application/json"]))
        for kind, made in found.items()
    }


def test_the_gateway_fails_in_the_shape_of_all_errors(body):
    found = responses(body)

    assert {"DEFAULT_4XX", "DEFAULT_5XX"} <= found.keys()
    for kind, (status, fields) in found.items():
        assert set(fields) == {"error_code", "message"}
        error = ERRORS.get(fields["error_code"])
        # A timeout at the gateway is its own.
        assert error is None or kind == "INTEGRATION_TIMEOUT" or status == str(error.status), kind


@pytest.mark.parametrize(
    ("kind", "status", "error_code"),
    [
        ("MISSING_AUTHENTICATION_TOKEN", "404", "ENDPOINT_NOT_FOUND"),
        ("INVALID_SIGNATURE", "404", "ENDPOINT_NOT_FOUND"),
        ("UNAUTHORIZED", "401", "UNAUTHENTICATED"),
        ("ACCESS_DENIED", "403", "PERMISSION_DENIED"),
        ("THROTTLED", "429", "REQUEST_LIMIT_EXCEEDED"),
        ("QUOTA_EXCEEDED", "429", "REQUEST_LIMIT_EXCEEDED"),
        ("REQUEST_TOO_LARGE", "413", "INVALID_PARAMETER_VALUE"),
        ("INTEGRATION_TIMEOUT", "504", "TEMPORARILY_UNAVAILABLE"),
    ],
)
def test_the_gateway_answers_as_mlflow_expects(body, kind, status, error_code):
    found, fields = responses(body)[kind]

    assert (found, fields["error_code"]) == (status, error_code)


def test_what_is_too_large_is_told_in_the_same_words(body):
    assert responses(body)["REQUEST_TOO_LARGE"][1]["message"] == limits.TOO_LARGE


def test_who_sends_no_token_is_told_in_the_same_words(body):
    assert responses(body)["UNAUTHORIZED"][1]["message"] == errors.Unauthenticated().message


def test_the_gateways_own_answers_repeat_nothing_of_a_request(body):
    found = body["x-amazon-apigateway-gateway-responses"]
    templates = [text for made in found.values() for text in texts(made["responseTemplates"])]

    assert [text for text in templates if "$" in text] == []


def test_nothing_logs_an_authorization_header(resources):
    properties = resources["RestAPI"]["Properties"]

    assert [text for text in texts(properties["AccessLogSetting"]) if "header" in text.lower()] == []
    (settings,) = properties["MethodSettings"]
    assert (settings["LoggingLevel"], settings["DataTraceEnabled"]) == ("OFF", False)


def test_a_line_of_the_access_log_is_json(resources):
    line = resources["RestAPI"]["Properties"]["AccessLogSetting"]["Fn::If"][1]["Format"]

    assert json.loads(line)["route"] == "$context.resourcePath"


def test_browsers_are_answered_only_where_there_is_a_dashboard(body):
    for found in routes(body).values():
        condition, preflight, nothing = found["options"]["Fn::If"]
        answer = preflight["x-amazon-apigateway-integration"]["responses"]["default"]["responseParameters"]
        allowed = answer["method.response.header.Access-Control-Allow-Methods"].strip("'").split(",")

        assert (condition, nothing) == ("HasDashboard", {"Ref": "AWS::NoValue"})
        assert sorted(allowed) == sorted(method.upper() for method in found if method != "options")
        assert answer["method.response.header.Access-Control-Allow-Origin"] == {"Fn::Sub": "'${DashboardOrigin}'"}


def test_a_path_that_no_endpoint_has_is_answered_as_locally_without_a_function(body):
    made = body["paths"][ANY_PATH]["x-amazon-apigateway-any-method"]
    integration = made["x-amazon-apigateway-integration"]
    answer = integration["responses"]["default"]

    locally = call(app, "GET", "/no/such/path")

    assert "security" not in made
    assert integration["type"] == "mock"
    assert json.loads(integration["requestTemplates"]["application/json"]) == {"statusCode": locally[0]}
    assert answer["statusCode"] == str(locally[0])
    told = json.loads(answer["responseTemplates"]["application/json"])
    assert told["error_code"] == json.loads(locally[2])["error_code"]


def test_another_dashboard_is_another_definition(template):
    one = gateway.for_dashboard(template, "")
    other = gateway.for_dashboard(template, "https://ml.example.org")

    body = ("Resources", "RestAPI", "Properties", "DefinitionBody")
    assert str(at(one, *body)) != str(at(other, *body))
    assert at(one, *body)["paths"] == at(template, *body)["paths"]


def at(tree: Any, *names: str) -> Any:
    for name in names:
        tree = tree[name]
    return tree
