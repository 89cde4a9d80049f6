"""The edge through Chalice's own machinery: what a client sees of a view, on a small app that exists only here."""

import base64
import json
import logging
import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from chalice.app import Blueprint, Chalice
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import Field

from chalicelib import config, errors
from chalicelib.access.requires import authenticated
from chalicelib.edge import wire
from chalicelib.edge.application import Application
from chalicelib.edge.http import Mount, Reply
from chalicelib.storage import capacity
from infra.local import gateway
from tests.sampling import examples

JSON = {"Content-Type": "application/json"}


class Greet(wire.Request):
    name: wire.RequiredText
    times: wire.Int64 | None = None
    others: wire.Repeated[wire.Text] = Field(default_factory=list)


class Read(wire.Request):
    book_id: wire.RequiredText


FAILURES: dict[str, Exception] = {
    "taken": errors.ResourceAlreadyExists("It is taken."),
    "gone": errors.ResourceDoesNotExist("It is gone."),
    "busy": errors.RequestLimitExceeded("Later."),
    "down": errors.TemporarilyUnavailable("Later."),
    "bug": ZeroDivisionError("a secret of the inside"),
}


def _app() -> Chalice:
    app = Application("edge")
    blueprint = Blueprint("tests.unit.test_http")
    mlflow = Mount(blueprint, "/api/2.0/mlflow", "/ajax-api/2.0/mlflow")
    plain = Mount(blueprint, "")

    @mlflow.endpoint("POST", "/greet")
    @mlflow.endpoint("GET", "/greet")
    @authenticated
    def greet(request: Greet) -> Reply:
        if request.name in FAILURES:
            raise FAILURES[request.name]
        return {"name": request.name, "times": request.times, "others": request.others}

    @mlflow.endpoint("PATCH", "/books/{book_id}")
    @mlflow.endpoint("DELETE", "/books/{book_id}")
    @mlflow.endpoint("GET", "/books/{book_id}")
    @authenticated
    def read(request: Read) -> Reply:
        return {"book_id": request.book_id}

    @mlflow.endpoint("POST", "/nothing")
    @authenticated
    def nothing() -> Reply:
        return None

    @mlflow.endpoint("POST", "/nan")
    @authenticated
    def nan() -> Reply:
        return {"value": float("nan")}

    @plain.text("GET", "/health")
    @authenticated
    def health() -> str:
        return "OK"

    app.register_blueprint(blueprint)
    return app


APP = _app()


@pytest.fixture
def shown_capacity(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("CUMULOG_SHOW_CAPACITY", "1")
    config.settings.cache_clear()
    yield
    config.settings.cache_clear()


def call(
    method: str,
    path: str,
    query: Any = None,
    headers: dict[str, str] | None = None,
    body: bytes | None = None,
    prefix: str = "/api/2.0/mlflow",
) -> tuple[int, dict[str, str], Any]:
    status, answered, content = gateway.call(APP, method, prefix + path, query, headers or {}, body)
    return status, answered, json.loads(content)


def post(path: str, fields: Any) -> tuple[int, dict[str, str], Any]:
    return call("POST", path, headers=JSON, body=json.dumps(fields).encode())


@pytest.mark.parametrize("prefix", ["/api/2.0/mlflow", "/ajax-api/2.0/mlflow"])
def test_both_twins_answer_in_json(prefix: str) -> None:
    status, headers, fields = call("POST", "/greet", headers=JSON, body='{"name": "Zoë"}'.encode(), prefix=prefix)

    assert (status, fields) == (200, {"name": "Zoë", "times": None, "others": []})
    assert headers["Content-Type"] == "application/json"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_the_same_view_answers_a_query() -> None:
    status, _, fields = call("GET", "/greet", "name=a%26b&times=3&others=x&others=y")

    assert (status, fields) == (200, {"name": "a&b", "times": 3, "others": ["x", "y"]})


def test_a_view_without_a_reply_answers_an_empty_object() -> None:
    assert post("/nothing", {})[::2] == (200, {})


def test_text_is_answered_as_text() -> None:
    status, headers, content = gateway.call(APP, "GET", "/health", None, {"Content-Type": "text/html"}, None)

    assert (status, content) == (200, b"OK")
    assert headers["Content-Type"] == "text/plain; charset=utf-8"
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("name", "status", "error_code", "retry_after"),
    [
        ("taken", 400, "RESOURCE_ALREADY_EXISTS", None),
        ("gone", 404, "RESOURCE_DOES_NOT_EXIST", None),
        ("busy", 429, "REQUEST_LIMIT_EXCEEDED", "1"),
        ("down", 503, "TEMPORARILY_UNAVAILABLE", "1"),
    ],
)
def test_an_error_becomes_its_reply(name: str, status: int, error_code: str, retry_after: str | None) -> None:
    answer = post("/greet", {"name": name})

    assert answer[0] == status
    assert answer[1].get("Retry-After") == retry_after
    assert answer[1]["Content-Type"] == "application/json"
    assert answer[2] == {"error_code": error_code, "message": str(FAILURES[name])}


def test_a_bug_is_logged_with_the_request_id_and_says_nothing_of_the_inside(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "cumulog"):
        status, _, fields = post("/greet", {"name": "bug"})

    request_id = fields["message"].rpartition(" ")[2].rstrip(".")
    assert (status, fields["error_code"]) == (500, "INTERNAL_ERROR")
    assert "secret" not in fields["message"]
    assert len(request_id) > 8
    assert f"Bug in greet, request {request_id}" in caplog.text
    assert "a secret of the inside" in caplog.text


def test_a_view_that_replies_nan_is_a_bug_rather_than_broken_json(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.CRITICAL, "cumulog"):
        status, _, fields = post("/nan", {})

    assert (status, fields["error_code"]) == (500, "INTERNAL_ERROR")


@pytest.mark.parametrize(
    ("content_type", "message"),
    [
        (None, "Bad Request. Content-Type header is missing."),
        ("", "Bad Request. Content-Type must be one of ['application/json']."),
        ("text/plain", "Bad Request. Content-Type must be one of ['application/json']."),
        ("application/x-www-form-urlencoded", "Bad Request. Content-Type must be one of ['application/json']."),
        ("application/octet-stream", "Bad Request. Content-Type must be one of ['application/json']."),
        ("application/jsonlines", "Bad Request. Content-Type must be one of ['application/json']."),
    ],
)
def test_a_post_of_something_else_than_json_is_refused_as_mlflow_does(content_type: str | None, message: str) -> None:
    headers = {} if content_type is None else {"Content-Type": content_type}

    status, _, fields = call("POST", "/greet", headers=headers, body=b'{"name": "a"}')

    assert (status, fields) == (400, {"error_code": "INVALID_PARAMETER_VALUE", "message": message})


def test_a_charset_beside_json_is_fine() -> None:
    headers = {"content-type": "application/json; charset=utf-8"}

    assert call("POST", "/greet", headers=headers, body=b'{"name": "a"}')[0] == 200


@pytest.mark.parametrize("content_type", ["text/plain", "image/png", "", "nonsense"])
def test_the_content_type_of_a_get_does_not_matter(content_type: str) -> None:
    assert call("GET", "/greet", "name=a", headers={"Content-Type": content_type})[0] == 200


def test_delete_and_patch_carry_bodies_of_any_content_type() -> None:
    for method in ("DELETE", "PATCH"):
        assert call(method, "/books/1", headers={"Content-Type": "text/plain"}, body=b'{"x": 1}')[::2] == (
            200,
            {"book_id": "1"},
        )


@pytest.mark.parametrize(
    ("encoded", "book_id"),
    [("a%20b", "a b"), ("a%2Fb", "a/b"), ("%C3%A9", "é"), ("a+b", "a+b"), ("50%25", "50%")],
)
def test_a_path_parameter_is_decoded_once(encoded: str, book_id: str) -> None:
    assert call("GET", f"/books/{encoded}")[::2] == (200, {"book_id": book_id})


@pytest.mark.parametrize("encoded", ["a%252Fb", "%252e%252e", "%2525", "%ff"])
def test_a_path_that_is_encoded_twice_or_is_no_utf8_is_refused(encoded: str) -> None:
    status, _, fields = call("GET", f"/books/{encoded}")

    assert (status, fields["error_code"]) == (400, "INVALID_PARAMETER_VALUE")


def test_the_path_wins_over_the_body() -> None:
    body = b'{"book_id": "of the body"}'

    assert call("PATCH", "/books/of-the-path", headers=JSON, body=body)[2] == {"book_id": "of-the-path"}


def test_a_faulty_request_is_refused_with_the_message_of_mlflow() -> None:
    status, _, fields = post("/greet", {"name": 5})

    assert (status, fields["error_code"]) == (400, "INVALID_PARAMETER_VALUE")
    assert fields["message"].startswith(
        "Invalid value 5 for parameter 'name' supplied:  Hint: Value was of type 'int'."
    )


def event(**changes: Any) -> dict[str, Any]:
    path = "/api/2.0/mlflow/greet"
    return {
        "headers": JSON,
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "body": None,
        "requestContext": {"httpMethod": "POST", "resourcePath": path, "requestId": "r-1"},
        **changes,
    }


GREET = "/api/2.0/mlflow/greet"
BOOK = "/api/2.0/mlflow/books/{book_id}"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"body": "not base64!", "isBase64Encoded": True}, "The body could not be decoded."),
        ({"body": '{"name": "\ud800"}'}, "The body could not be decoded."),
        ({"body": "/w==", "isBase64Encoded": True}, "Malformed JSON: 'utf-8' codec can't decode byte 0xff"),
        (
            {
                "requestContext": {"httpMethod": "GET", "resourcePath": GREET},
                "multiValueQueryStringParameters": {"name": ["\ud800"]},
            },
            "The query string is not valid UTF-8.",
        ),
        (
            {
                "requestContext": {"httpMethod": "GET", "resourcePath": BOOK},
                "pathParameters": {"book_id": "\ud800"},
            },
            "The path is not valid UTF-8.",
        ),
    ],
)
def test_an_event_that_is_no_utf8_is_refused(changes: dict[str, Any], message: str) -> None:
    answer = APP(event(**changes), None)

    assert answer["statusCode"] == 400
    assert json.loads(answer["body"])["message"].startswith(message)


def test_an_encoded_body_is_decoded() -> None:
    encoded = base64.b64encode(b'{"name": "a"}').decode()

    assert APP(event(body=encoded, isBase64Encoded=True), None)["statusCode"] == 200


@settings(deadline=None, max_examples=examples(150))
@given(st.binary() | st.text('"\\[]{}:,name0.eu-d8').map(str.encode))
def test_no_body_is_answered_with_a_500(body: bytes) -> None:
    encoded = base64.b64encode(body).decode()

    answer = APP(event(body=encoded, isBase64Encoded=True), None)

    assert answer["statusCode"] in (200, 400)
    assert isinstance(json.loads(answer["body"]), dict)


def test_two_threads_see_their_own_requests() -> None:
    app = _app()
    both_have_begun = threading.Barrier(2, timeout=60)
    names: list[str] = []

    def wait_for_the_other(request: Any, get_response: Any) -> Any:
        both_have_begun.wait()
        return get_response(request)

    def ask(name: str) -> None:
        answer = app(event(body=json.dumps({"name": name})), None)
        names.append(json.loads(answer["body"])["name"])

    app.register_middleware(wait_for_the_other, "http")
    threads = [threading.Thread(target=ask, args=(name,)) for name in ("ada", "bea")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(names) == ["ada", "bea"]


def test_capacity_is_shown_to_whoever_measures(shown_capacity: None) -> None:
    assert post("/nothing", {})[1]["X-Cumulog-Capacity"] == "read=0.0; write=0.0; trips=0"


def test_capacity_is_not_shown_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CUMULOG_SHOW_CAPACITY", raising=False)
    config.settings.cache_clear()

    assert "X-Cumulog-Capacity" not in post("/nothing", {})[1]


def test_in_lambda_each_request_is_a_line_of_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "cumulog")

    status = post("/greet", {"name": "gone"})[0]

    line = json.loads(capsys.readouterr().out)
    assert line == {"endpoint": "greet", "status": status, "read": 0.0, "write": 0.0, "trips": 0}


def test_every_route_has_a_name_of_its_own_and_takes_any_content_type() -> None:
    entries = [entry for methods in APP.routes.values() for entry in methods.values()]

    assert len({entry.view_name for entry in entries}) == len(entries) == 15
    assert {tuple(entry.content_types) for entry in entries} == {("*/*",)}


class Events:
    """A botocore client's event system, as far as the meter uses it."""

    def __init__(self) -> None:
        self.handlers: dict[str, Any] = {}

    def register(self, name: str, handler: Any) -> None:
        self.handlers[name] = handler

    def after(self, operation: str, units: float) -> None:
        parsed = {"ConsumedCapacity": {"CapacityUnits": units}}
        self.handlers["after-call.dynamodb"](parsed=parsed, model=SimpleNamespace(name=operation))


def test_what_a_view_consumes_is_counted(shown_capacity: None) -> None:
    app, blueprint, events = Chalice("metered"), Blueprint("tests.unit.test_http"), Events()
    capacity.observe(events)

    @Mount(blueprint, "").endpoint("POST", "/work")
    @authenticated
    def work() -> Reply:
        events.after("GetItem", 1.5)
        events.after("PutItem", 2.0)
        raise errors.ResourceDoesNotExist("Refused calls are counted too.")

    app.register_blueprint(blueprint)
    _, headers, _ = gateway.call(app, "POST", "/work", None, JSON, b"{}")

    assert headers["X-Cumulog-Capacity"] == "read=1.5; write=2.0; trips=2"
