"""The API reference: current, complete, and readable to somebody who does not know OpenAPI."""

from typing import Any

import pytest

from app import app
from chalicelib.edge.http import endpoints
from chalicelib.service import openapi
from chalicelib.service.routes import document
from infra.docs import reference

PAGE = reference.PAGE.read_text()
SECTIONS = {section.partition("\n")[0]: section for section in PAGE.split("\n### ")[1:]}


def test_the_page_is_what_the_endpoints_declare() -> None:
    assert reference.text(document()) == PAGE, "run `make api-reference`"


def test_every_route_is_in_it() -> None:
    routes = {(method, openapi.templated(path)) for path, methods in app.routes.items() for method in methods}
    twins = {line.removeprefix("- Also: ") for line in PAGE.splitlines() if line.startswith("- Also: ")}

    assert [
        f"{method} {path}"
        for method, path in routes
        if f"{method} `{path}`" not in SECTIONS and f"`{path}`" not in twins
    ] == []


def test_every_endpoint_says_what_it_does() -> None:
    assert [f"{each.method} {each.path}" for each in endpoints(app) if not each.summary] == []


def test_every_endpoint_says_who_may_call_it() -> None:
    silent = [heading for heading, section in SECTIONS.items() if " `/" in heading and "\n- Who: " not in section]

    assert silent == []


def test_a_section_has_path_caller_twin_and_fields() -> None:
    section = SECTIONS["POST `/api/2.0/mlflow/runs/log-batch`"]

    assert "- Who: `EDIT` on the run; `EDIT` on the measured logged models\n" in section
    assert "- Also: `/ajax-api/2.0/mlflow/runs/log-batch`\n" in section
    assert "| `run_id` | body | text | required |\n" in section
    assert "| `metrics` | body | list of [Metric](#metric) |  |\n" in section


def test_fields_in_the_path_the_query_and_the_body_are_told_apart() -> None:
    finalize = SECTIONS["PATCH `/api/2.0/mlflow/logged-models/{model_id}`"]
    get = SECTIONS["GET `/api/2.0/mlflow/logged-models/{model_id}`"]
    upload = SECTIONS["PUT `/api/2.0/mlflow-artifacts/artifacts/{proxy}`"]

    assert "| `model_id` | path | text | required |" in finalize
    assert "| `status` | body |" in finalize
    assert "| `allow_deleted` | query | boolean | default `false` |" in get
    assert "| *the body* | body | bytes | required |" in upload


def test_a_redirect_is_named() -> None:
    assert "- Replies: 302" in SECTIONS["GET `/get-artifact`"]


INTEGER = {
    "anyOf": [{"minimum": -(2**63), "maximum": 2**63 - 1, "type": "integer"}, {"pattern": "^", "type": "string"}]
}


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "string", "minLength": 1}, "text"),
        ({"type": "string", "maxLength": 100}, "text, up to 100 characters"),
        (INTEGER, "integer"),
        ({"type": "integer", "minimum": 1, "maximum": 200}, "integer, 1 to 200"),
        ({"anyOf": [{"type": "number"}, {"pattern": "N", "type": "string"}, {"type": "boolean"}]}, "number"),
        ({"enum": ["A", "B", 1, 2]}, "`A`, `B`"),
        ({"type": "array", "items": INTEGER}, "list of integer"),
        ({"anyOf": [{"$ref": "#/components/schemas/a.Tag"}, {"type": "null"}]}, "[a.Tag](#atag)"),
    ],
)
def test_a_type_is_told_in_words(schema: dict[str, Any], words: str) -> None:
    fields = reference.text(
        {
            "tags": [{"name": "t"}],
            "paths": {"/p": {"get": {**OPERATION, "parameters": [{**PARAMETER, "schema": schema}]}}},
            "components": {"schemas": {"a.Tag": {"properties": {}}}},
        }
    )

    assert f"| `x` | query | {words} |  |" in fields


OPERATION = {"operationId": "o", "summary": "S.", "tags": ["t"], "x-requires": ["public"], "responses": {}}
PARAMETER = {"name": "x", "in": "query", "required": False}
