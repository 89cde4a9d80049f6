"""The API's document: valid, complete, true to the types of the wire, and the same each time."""

import json
from typing import Any

import jsonschema
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from app import app
from chalicelib.edge.http import endpoints
from chalicelib.service import openapi
from chalicelib.service.routes import document
from infra.local import gateway

MOST_BYTES = 1_000_000
OPERATIONS = [
    (path, method, operation) for path, methods in document()["paths"].items() for method, operation in methods.items()
]
POINT = {"run_id": "r", "key": "loss", "value": 0.5, "timestamp": 1}


def operation(path: str, method: str) -> dict[str, Any]:
    return dict(document()["paths"][path][method])


def fits(name: str, value: Any) -> bool:
    """Whether a value fits the document's schema of that name."""
    schema = {"$ref": f"#/components/schemas/{name}", "components": document()["components"]}
    return bool(jsonschema.Draft202012Validator(schema).is_valid(value))


def parameters(path: str) -> dict[str, Any]:
    return {each["name"]: each for each in operation(path, "get")["parameters"]}


@pytest.mark.slow
def test_the_document_is_valid_openapi() -> None:
    OpenAPIV31SpecValidator(document()).validate()


def test_every_route_is_in_it_and_no_other() -> None:
    routes = {(path, method) for path, methods in app.routes.items() for method in methods}

    assert {(path, method.upper()) for path, method, _ in OPERATIONS} == {
        (openapi.templated(path), method) for path, method in routes
    }


def test_every_operation_has_a_name_of_its_own() -> None:
    names = [operation["operationId"] for _, _, operation in OPERATIONS]

    assert len(set(names)) == len(names)


def test_a_twin_names_the_operation_that_it_answers_as() -> None:
    twin = operation("/ajax-api/2.0/mlflow/runs/create", "post")
    first = operation("/api/2.0/mlflow/runs/create", "post")

    assert twin["x-twin-of"] == first["operationId"]
    assert "x-twin-of" not in first
    assert "x-twin-of" not in operation("/ajax-api/2.0/mlflow/metrics/get-history-bulk", "get")


@pytest.mark.slow
def test_it_is_the_same_whatever_the_order_of_imports() -> None:
    every = endpoints(app)

    one, other = (openapi.document(order, "1") for order in (every, every[::-1]))

    assert json.dumps(one) == json.dumps(other)


def test_it_is_served_in_one_reply() -> None:
    status, headers, body = gateway.call(app, "GET", "/api/2.0/cumulog/openapi.json")

    assert (status, headers["Content-Type"]) == (200, "application/json")
    assert json.loads(body)["paths"].keys() >= document()["paths"].keys()
    assert len(json.dumps(document())) < MOST_BYTES


def test_what_the_caller_must_be_allowed_is_told() -> None:
    log_metric = operation("/api/2.0/mlflow/runs/log-metric", "post")
    health = operation("/health", "get")

    assert log_metric["x-requires"] == ["EDIT run", "EDIT measured logged models"]
    assert {"401", "403"} <= set(log_metric["responses"])
    assert health["security"] == []
    assert not {"401", "403"} & set(health["responses"])


def test_the_fields_of_a_get_are_in_the_query_and_those_of_a_post_in_the_body() -> None:
    get, post = (operation("/api/2.0/mlflow/experiments/search", method) for method in ("get", "post"))

    assert {each["in"] for each in get["parameters"]} == {"query"}
    assert "requestBody" not in get
    assert "parameters" not in post
    assert post["requestBody"]["required"] is False


def test_a_list_in_a_query_is_repeated() -> None:
    run_ids = parameters("/api/2.0/mlflow/metrics/get-history-bulk-interval")["run_ids"]

    assert run_ids["required"] is True
    assert run_ids["schema"] == {"type": "array", "items": {"type": "string"}}


def test_what_is_in_the_path_is_not_in_the_body() -> None:
    finalize = operation("/api/2.0/mlflow/logged-models/{model_id}", "patch")

    schema = finalize["requestBody"]["content"]["application/json"]["schema"]
    assert [each["name"] for each in finalize["parameters"]] == ["model_id"]
    assert (list(schema["properties"]), schema["required"]) == (["status"], ["status"])


def test_files_come_as_bytes_and_go_as_redirects() -> None:
    path = "/api/2.0/mlflow-artifacts/artifacts/{proxy}"

    assert list(operation(path, "put")["requestBody"]["content"]) == ["application/octet-stream"]
    assert "Location" in operation(path, "get")["responses"]["302"]["headers"]


def test_errors_have_the_shape_of_mlflow() -> None:
    responses = document()["components"]["responses"]

    schemas = {code: each["content"]["application/json"]["schema"] for code, each in responses.items()}
    assert set(responses) == {"400", "401", "403", "404", "405", "409", "413", "429", "503"}
    assert all(schema["required"] == ["error_code", "message"] for schema in schemas.values())
    assert schemas["404"]["properties"]["error_code"]["enum"] == ["ENDPOINT_NOT_FOUND", "RESOURCE_DOES_NOT_EXIST"]
    assert {code for code, each in responses.items() if "headers" in each} == {"429", "503"}


@pytest.mark.parametrize(
    ("field", "value", "is_taken"),
    [
        ("value", "NaN", True),
        ("value", "-Infinity", True),
        ("value", "1e-3", True),
        ("value", True, True),
        ("value", "nothing", False),
        ("value", None, False),
        ("timestamp", "1795000000000", True),
        ("timestamp", 2**63, False),
        ("timestamp", True, False),
        ("timestamp", 1.5, False),
        ("step", None, True),
        ("step", [], False),
        ("key", "", False),
        ("model_id", None, True),
        ("unknown", {}, True),
    ],
)
def test_the_schema_of_a_point_takes_what_the_edge_takes(field: str, value: Any, is_taken: bool) -> None:
    assert fits("LogMetric", {**POINT, field: value}) is is_taken


@pytest.mark.parametrize(("view_type", "is_taken"), [("ALL", True), (3, True), (4, False), ("all", False)])
def test_the_name_of_an_enum_may_be_its_number(view_type: Any, is_taken: bool) -> None:
    assert fits("SearchRuns", {"run_view_type": view_type}) is is_taken


@pytest.mark.parametrize(("version", "is_taken"), [("1", True), (1, False), ("", False)])
def test_the_number_of_a_version_is_a_text(version: Any, is_taken: bool) -> None:
    assert fits("OfVersion", {"name": "wine", "version": version}) is is_taken


def test_the_bounds_of_a_number_hold_for_the_number_alone() -> None:
    schema = parameters("/api/2.0/cumulog/catalogue")["max_results"]["schema"]

    number, text = schema["anyOf"]
    assert (number["minimum"], number["maximum"]) == (1, 200)
    assert text["type"] == "string"
    assert "ge" not in schema
