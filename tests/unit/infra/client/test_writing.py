"""The methods of `cumulog.Client`: current, complete, and named once each."""

from collections import Counter

import pytest

from app import app
from chalicelib.edge.http import endpoints
from chalicelib.service.routes import document
from infra.client import naming, writing
from infra.client.python_types import type_of
from infra.docs import reference

OPERATIONS = [operation for _, _, operation in reference.operations(document())]


@pytest.mark.slow
def test_the_modules_are_what_the_endpoints_declare() -> None:
    folder = writing.FOLDER
    written = {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*.py")}

    assert writing.modules(document()) == written, "run `make client`"


def test_every_view_has_one_method() -> None:
    views = {naming.view_of(operation): operation for operation in OPERATIONS}
    names = Counter((naming.namespace(operation), naming.method(operation)) for operation in views.values())

    assert set(views) == {endpoint.view for endpoint in endpoints(app)}
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize(
    ("view", "name"),
    [
        ("get_run", "runs.get"),
        ("search_runs", "runs.search"),
        ("log_batch", "runs.log_batch"),
        ("create_model_version", "models.create_version"),
        ("set_registered_model_alias", "models.set_alias"),
        ("transition_model_version_stage", "models.transition"),
        ("approve_transition_request", "registry.approve_request"),
        ("get_metric_series", "metrics.series"),
        ("list_users", "users.list"),
        ("log_logged_model_params", "logged_models.log_params"),
    ],
)
def test_a_method_s_name_leaves_out_what_its_namespace_says(view: str, name: str) -> None:
    operation = next(each for each in OPERATIONS if naming.view_of(each) == view)

    assert f"{naming.namespace(operation)}.{naming.method(operation)}" == name


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "string", "minLength": 1}, "str"),
        ({"anyOf": [{"type": "integer"}, {"pattern": "^", "type": "string"}, {"type": "null"}]}, "int"),
        ({"anyOf": [{"type": "number"}, {"pattern": "N", "type": "string"}, {"type": "boolean"}]}, "float"),
        ({"enum": ["A", "B", 1, 2]}, "Literal['A', 'B']"),
        ({"anyOf": [{"type": "array", "items": {"$ref": "#/components/schemas/Tag"}}]}, "Sequence[messages.Tag]"),
        ({"anyOf": [{"type": "number"}, {"type": "string", "enum": ["NaN"]}]}, "float | Literal['NaN']"),
        ({"$ref": "#/components/schemas/replies.Run"}, "replies.Run"),
    ],
)
def test_a_schema_is_a_type_of_python(schema: dict[str, object], expected: str) -> None:
    assert type_of(schema) == expected
