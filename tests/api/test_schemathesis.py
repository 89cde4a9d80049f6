"""schemathesis over the API's own document: whatever it thinks of, each answer is one that the document tells of.

Half of the requests fit the document: they begin with one that works (`access_requests`), in which some fields are
random and some are what a hand would try. The others do not fit, and have to be refused. The twins under `/ajax-api`
run the same functions, so they are left out.
"""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from app import app
from chalicelib import config
from chalicelib.edge import http
from chalicelib.service import openapi, reply_messages
from chalicelib.service.routes import document
from chalicelib.storage import bucket
from infra.local import wsgi
from tests.api import access_requests, closed_world, s3_refusals, scenes
from tests.api.closed import World
from tests.api.saved import Saved
from tests.sampling import times

EXAMPLES = times(2, nightly=60)
FEWER_EXAMPLES = times(1, nightly=15)

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    # An error without error_code and message, or with a code of another status, is no answer either.
    checks.response_schema_conformance,
    checks.negative_data_rejection,
]


def complete(told: Any) -> Any:
    """The document with every reply that it describes closed: a field that it leaves out is not documented."""
    told = deepcopy(told)
    named = told["components"]["schemas"]
    replies = [schema for name, schema in named.items() if name.startswith(reply_messages.PREFIX)]
    for operation in (each for methods in told["paths"].values() for each in methods.values()):
        replies.append(
            operation["responses"].get("200", {}).get("content", {}).get("application/json", {}).get("schema", {})
        )
    for schema in replies:
        if "properties" in schema:
            schema["additionalProperties"] = False
    return told


# Where the document lies, it says by a relative URL where the API is; here it has come from nowhere.
SCHEMA = schemathesis.openapi.from_dict(complete({**document(), "servers": [{"url": "/"}]}))
SCHEMA.app = wsgi.application(app)
VIEWS = {openapi.operation_id(each): each.view for each in http.endpoints(app)}
OPERATIONS = [
    operation["operationId"]
    for methods in document()["paths"].values()
    for operation in methods.values()
    if "x-twin-of" not in operation
]
TRIED: Any = scenes.cases("tried_values")

each_operation = pytest.mark.parametrize("name", OPERATIONS)
Fields = dict[str, Any]


@pytest.fixture(scope="module")
def lasting(s3_bucket: Any) -> Iterator[tuple[World, Saved]]:
    s3_refusals.add(bucket.client().meta.events)
    with closed_world.lasting() as made:
        yield made


@pytest.fixture
def world(store: None, lasting: tuple[World, Saved]) -> World:
    """A thing of each kind, as it was made, whatever the test before did to it; access is closed."""
    closed_world.put_back(*lasting)
    return lasting[0]


@pytest.fixture
def opened(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setenv("CUMULOG_ACCESS", "open")
    config.settings.cache_clear()
    yield world
    monkeypatch.undo()
    config.settings.cache_clear()


@each_operation
def test_every_answer_is_a_documented_one(name: str, opened: World) -> None:
    operation = SCHEMA.find_operation_by_id(name)
    kinds = [lifelike(name, opened)]
    if takes_anything(operation):
        kinds.append(operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))

    ask(st.one_of(kinds), EXAMPLES if takes_anything(operation) else 1, {})


@pytest.mark.sampled(keep=30)
@each_operation
def test_whoever_was_granted_nothing_gets_documented_answers_too(name: str, world: World) -> None:
    operation = SCHEMA.find_operation_by_id(name)

    ask(lifelike(name, world), FEWER_EXAMPLES if takes_anything(operation) else 1, world.authorization("foreign"))


def takes_anything(operation: Any) -> bool:
    return bool(list(operation.iter_parameters()) or list(operation.body))


def ask(cases: st.SearchStrategy[Case], examples: int, headers: dict[str, str]) -> None:
    """Send some of these requests and check the answers."""

    @settings(
        max_examples=examples, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(cases)
    def answered_as_documented(case: Case) -> None:
        # What reads the answers here knows nothing of gzip.
        case.call_and_validate(checks=CHECKS, headers={**headers, "Accept-Encoding": "identity"})

    answered_as_documented()


@st.composite
def lifelike(draw: st.DrawFn, name: str, world: World) -> Case:
    """Requests that fit the document, near to one that works."""
    case = draw(SCHEMA.find_operation_by_id(name).as_strategy(generation_mode=GenerationMode.POSITIVE))
    working = scenes.filled(access_requests.REQUESTS[VIEWS[name]], world.names)
    in_path = {each.rstrip("+"): value for each, value in working.get("path", {}).items()}
    tried = scenes.filled(TRIED, world.names)
    case.path_parameters = draw(mixed(case.path_parameters, in_path, tried))
    if isinstance(case.body, dict):
        case.body = draw(mixed(case.body, working.get("fields", {}), tried))
    else:
        case.query = draw(mixed(case.query, working.get("fields", {}), tried))
    return case


@st.composite
def mixed(draw: st.DrawFn, generated: Fields, working: Fields, tried: Fields) -> Fields:
    """Mostly what works, sometimes what was generated or what a hand would try."""
    fields = {}
    for name in sorted({*generated, *working}):
        sources = [working, working, working, working, generated] if name in working else [{}, {}, {}, generated]
        source = draw(st.sampled_from([each for each in (*sources, tried) if name in each or not each]))
        if name in source:
            fields[name] = draw(st.sampled_from(source[name])) if source is tried else source[name]
    return fields
