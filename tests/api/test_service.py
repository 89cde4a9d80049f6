"""What is not about experiments and runs: health, capabilities, and routes that answer alike under both prefixes."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from app import app
from chalicelib.config import settings
from infra.local import gateway
from tests import client as api
from tests.api import scenes
from tests.contract import worlds

REQUESTS = scenes.cases("requests")
TWINS = [request for request in REQUESTS if "only" not in request]
SERVER_INFO = "/3.0/mlflow/server-info"


def method_of(request: dict[str, Any]) -> str:
    return str(request.get("method", "POST"))


def sent(prefix: str, request: dict[str, Any], known: dict[str, str]) -> api.Answer:
    fields = scenes.filled(request["fields"], known)
    path = prefix + scenes.addressed(request["path"], known)
    if method_of(request) == "GET":
        return api.send("GET", path, query=fields)
    return api.send(method_of(request), path, json.dumps(fields).encode())


@pytest.fixture
def shown_capacity(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("CUMULOG_SHOW_CAPACITY", "1")
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.mark.parametrize(("path", "text"), [("/health", b"OK"), ("/version", b"3.17.2")])
def test_health_and_version_are_plain_text(path: str, text: bytes) -> None:
    status, headers, body = gateway.call(app, "GET", path)

    assert (status, headers["Content-Type"], body) == (200, "text/plain; charset=utf-8", text)


def test_a_head_request_to_health_is_answered() -> None:
    assert gateway.call(app, "HEAD", "/health")[0] == 200


@pytest.mark.parametrize("prefix", ["/api", "/ajax-api"])
def test_server_info_says_what_a_client_may_ask(prefix: str) -> None:
    answer = api.send("GET", prefix + SERVER_INFO)

    assert answer.status == 200
    assert answer.body["workspaces_enabled"] is False
    assert answer.body["multipart_uploads_enabled"] is True
    assert answer.body["multipart_downloads_enabled"] is True


def test_every_route_of_the_app_has_its_request_in_the_table() -> None:
    prefixes = (api.PREFIX, api.TWIN_PREFIX)
    cumulog = "/api/2.0/cumulog"
    ours = (
        f"{cumulog}/metrics",
        f"{cumulog}/runs",
        f"{cumulog}/registry",
        f"{cumulog}/access",
        f"{cumulog}/lineage",
        f"{cumulog}/reproductions",
        f"{cumulog}/views",
        "/api/3.0/mlflow/users",
    )
    listed = {
        (prefix + request["path"], method_of(request))
        for request in REQUESTS
        for prefix in ([request["only"]] if "only" in request else prefixes)
    }

    routes = {
        (path, method)
        for path, methods in app.routes.items()
        for method in methods
        if path.startswith((*prefixes, *ours)) and not is_of_artifacts(path)
    }

    assert listed == routes


def test_both_prefixes_answer_alike_and_do_the_same(bucket: Any) -> None:
    # In the order of the table, in which each request finds what it names.
    world, twin = worlds.make(), worlds.make()
    known, known_to_twin = scenes.names(world), scenes.names(twin)

    pairs = [(sent(api.PREFIX, each, known), sent(api.TWIN_PREFIX, each, known_to_twin)) for each in TWINS]

    assert [answer for pair in pairs for answer in pair if answer.status != 200] == []
    assert [shape(one.body) for one, _ in pairs] == [shape(other.body) for _, other in pairs]
    assert worlds.observe(world) == worlds.observe(twin)


def test_the_history_in_bulk_is_found_where_the_user_interface_looks_and_nowhere_else() -> None:
    known = scenes.make()
    (bulk,) = (request for request in REQUESTS if request["path"] == "/metrics/get-history-bulk")

    assert sent(api.TWIN_PREFIX, bulk, known).status == 200
    assert sent(api.PREFIX, bulk, known).status == 404


def test_capacity_is_told_when_asked_for(shown_capacity: None, run_id: str) -> None:
    told = api.post("/runs/log-metric", run_id=run_id, key="loss", value=1, timestamp=1).headers["X-Cumulog-Capacity"]

    parts = dict(part.split("=") for part in told.split("; "))
    assert set(parts) == {"read", "write", "trips"}
    assert int(parts["trips"]) == 2


def test_capacity_is_not_told_otherwise(run_id: str) -> None:
    assert "X-Cumulog-Capacity" not in api.get("/runs/get", run_id=run_id).headers


def is_of_artifacts(path: str) -> bool:
    """Whether the tests of artifacts have the route's requests: they need objects, and some answer no JSON."""
    return "artifact" in path


def shape(message: Any) -> Any:
    """The names and types of a message's fields, as two replies about different things can share them."""
    if isinstance(message, dict):
        return {name: shape(inner) for name, inner in message.items()}
    if isinstance(message, list):
        return [shape(inner) for inner in message]
    return type(message).__name__
