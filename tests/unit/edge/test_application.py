"""Greedy resources: what the gateway knows of a small app, and how a request below one of them finds its route."""

import json
from typing import Any

import pytest
from chalice.app import Blueprint

from chalicelib.access.requires import authenticated, public
from chalicelib.edge import greedy, wire
from chalicelib.edge.application import Application
from chalicelib.edge.http import Mount, Reply
from infra.local import gateway

TWIN = "/ajax-api/2.0/mlflow"
GREEDY = "/ajax-api/{proxy+}"


class Read(wire.Request):
    book_id: wire.RequiredText


class Fetch(wire.Request):
    proxy: wire.RequiredText


def _app() -> Application:
    app = Application("greedy")
    blueprint = Blueprint("tests.unit.test_application")
    mlflow = Mount(blueprint, "/api/2.0/mlflow", TWIN)

    @mlflow.endpoint("DELETE", "/books/{book_id}")
    @mlflow.endpoint("GET", "/books/{book_id}")
    @authenticated
    def read(request: Read) -> Reply:
        return {"book_id": request.book_id}

    @mlflow.endpoint("GET", "/books/newest")
    @authenticated
    def newest() -> Reply:
        return {"book_id": "the newest"}

    @mlflow.endpoint("PUT", "/files/{proxy+}")
    @authenticated
    def put_file(request: Fetch) -> Reply:
        return {"file": request.proxy}

    @mlflow.endpoint("GET", "/status")
    @public
    def status() -> Reply:
        return {"status": "fine"}

    app.register_blueprint(blueprint)
    return app


APP = _app()


def call(method: str, path: str, body: bytes = b"") -> tuple[int, dict[str, str], Any]:
    headers = {"Content-Type": "application/json"}
    status, answered, content = gateway.call(APP, method, path, None, headers, body)
    return status, answered, json.loads(content or b"null")


def test_the_gateway_knows_one_resource_of_each_greedy_prefix() -> None:
    resources = greedy.resources(APP.routes, lambda route: route.authorizer is None)

    assert set(resources[GREEDY]) == {"GET", "DELETE", "PUT"}
    assert [path for path in resources if path.startswith("/ajax-api/")] == [GREEDY, f"{TWIN}/status"]
    assert {path for path in resources if path.startswith("/api/")} == {
        path for path in APP.routes if path.startswith("/api/")
    }


@pytest.mark.parametrize(
    ("method", "path", "reply"),
    [
        ("GET", "/books/7", {"book_id": "7"}),
        ("GET", "/books/7/", {"book_id": "7"}),
        ("GET", "/books/a%2Fb", {"book_id": "a/b"}),
        ("GET", "/books/newest", {"book_id": "the newest"}),
        ("DELETE", "/books/newest%20", {"book_id": "newest "}),
        ("PUT", "/files/a/b%20c//d", {"file": "a/b c//d"}),
        ("PUT", "/files/a/", {"file": "a/"}),
        ("GET", "/status", {"status": "fine"}),
    ],
)
def test_below_a_greedy_resource_a_route_answers_like_its_twin(method: str, path: str, reply: Any) -> None:
    twin = call(method, TWIN + path, b"{}")

    assert twin == call(method, "/api/2.0/mlflow" + path, b"{}")
    assert (twin[0], twin[2]) == (200, reply)


@pytest.mark.parametrize(
    "path", ["/ajax-api/nope", f"{TWIN}/books", f"{TWIN}/books//", f"{TWIN}/status/x", f"{TWIN}/files/"]
)
def test_a_path_without_a_route_is_told_as_everywhere(path: str) -> None:
    status, _, fields = call("GET", path)

    assert (status, fields) == (404, {"error_code": "ENDPOINT_NOT_FOUND", "message": f"No endpoint answers to {path}."})


@pytest.mark.parametrize(("method", "path"), [("PUT", "/books/7"), ("POST", "/books/7"), ("GET", "/files/a")])
def test_another_method_is_told_as_everywhere(method: str, path: str) -> None:
    twin, plain = (call(method, prefix + path, b"{}") for prefix in (TWIN, "/api/2.0/mlflow"))

    assert twin[0] == plain[0] == 405
    assert twin[2]["error_code"] == plain[2]["error_code"] == "ENDPOINT_NOT_FOUND"
    # The gateway itself refuses a method that no route below the prefix has.
    assert twin[1]["Allow"] == ("DELETE, GET, PUT" if method == "POST" else plain[1]["Allow"])


def test_head_is_a_get_below_a_greedy_resource() -> None:
    assert call("HEAD", f"{TWIN}/books/7")[0] == 200


def test_a_long_path_is_not_repeated_whole() -> None:
    assert len(call("GET", "/ajax-api/" + "x" * 5000)[2]["message"]) < 300
