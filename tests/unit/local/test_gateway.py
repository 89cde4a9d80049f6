"""The gateway against Chalice itself: what a view sees and what a client gets."""

import base64
import json
import threading

import pytest
from chalice import Blueprint, Chalice, Response

from infra.local import gateway


@pytest.fixture
def app():
    app = Chalice("seen")
    part = Blueprint(__name__)

    @app.route("/seen/{name}", methods=["GET", "POST"])
    def seen(name):
        request = app.current_request
        return {
            "name": name,
            "params": request.uri_params,
            "query": None
            if request.query_params is None
            else {k: request.query_params.getlist(k) for k in request.query_params},
            "method": request.method,
            "header": request.headers.get("x-probe"),
            "ip": request.context["identity"]["sourceIp"],
            "has_request_id": bool(request.context["requestId"]),
        }

    @app.route("/echo", methods=["PUT"], content_types=["application/octet-stream", "text/plain"])
    def echo():
        request = app.current_request
        kind = request.headers["content-type"]
        return Response(request.raw_body, headers={"Content-Type": "application/octet-stream", "X-Kind": kind})

    @app.route("/text", methods=["PUT"], content_types=["application/json"])
    def text():
        return {"text": app.current_request.raw_body.decode(), "event": app.current_request.to_dict()["headers"]}

    @app.route("/files/{proxy+}")
    def files():
        return {"proxy": app.current_request.uri_params["proxy"]}

    @app.route("/large/{size}")
    def large(size):
        return Response("x" * int(size), headers={"Content-Type": "text/plain"})

    @app.route("/cookies")
    def cookies():
        return Response("", headers={"Set-Cookie": ["a=1", "b=2"]}, status_code=204)

    @part.route("/who/{name}")
    def who(name):
        barrier.wait(60)
        return {"asked": name, "seen": part.current_request.uri_params["name"]}

    barrier = threading.Barrier(8)
    app.register_blueprint(part)
    return app


def test_a_view_sees_what_lambda_would_give_it(app):
    status, headers, body = gateway.call(
        app, "POST", "/seen/a%2Fb", {"x": ["1", "2"], "empty": ""}, {"X-Probe": "yes"}, b"{}"
    )

    assert status == 200
    assert headers["Content-Type"] == "application/json"
    assert json.loads(body) == {
        "name": "a%2Fb",
        "params": {"name": "a%2Fb"},
        "query": {"x": ["1", "2"], "empty": [""]},
        "method": "POST",
        "header": "yes",
        "ip": "127.0.0.1",
        "has_request_id": True,
    }


def test_query_text_is_decoded_once(app):
    _, _, body = gateway.call(app, "GET", "/seen/a", "q=a%2520b+c%26")

    assert json.loads(body)["query"] == {"q": ["a%20b c&"]}


def test_no_query_is_none_as_at_api_gateway(app):
    assert json.loads(gateway.call(app, "GET", "/seen/a")[2])["query"] is None


def test_a_greedy_route_gives_the_rest_of_the_path_still_encoded(app):
    _, _, body = gateway.call(app, "GET", "/files/1/2/artifacts/a%20b/c")

    assert json.loads(body) == {"proxy": "1/2/artifacts/a%20b/c"}


def test_binary_bodies_survive_in_both_directions(app):
    bytes_of_all_kinds = bytes(range(256)) * 4
    headers = {"content-type": "application/octet-stream", "Accept": "application/octet-stream"}

    status, answered, body = gateway.call(app, "PUT", "/echo", None, headers, bytes_of_all_kinds)

    assert (status, body) == (200, bytes_of_all_kinds)
    assert answered["X-Kind"] == "application/octet-stream"


def test_text_is_utf8_and_what_is_not_is_replaced(app):
    headers = {"Content-Type": "application/json"}

    _, _, body = gateway.call(app, "PUT", "/text", None, headers, "é€😀".encode() + b"\xff")

    assert json.loads(body)["text"] == "é€😀\ufffd"


def test_an_unknown_path_is_404_endpoint_not_found(app):
    status, headers, body = gateway.call(app, "GET", "/nope", None, {"Authorization": "Bearer hush"})

    assert status == 404
    assert headers["Content-Type"] == "application/json"
    assert json.loads(body) == {"error_code": "ENDPOINT_NOT_FOUND", "message": "No endpoint answers to /nope."}


def test_another_method_is_405_and_names_the_allowed_ones(app):
    status, headers, body = gateway.call(app, "DELETE", "/seen/a")

    assert status == 405
    assert headers["Allow"] == "GET, POST"
    assert json.loads(body)["error_code"] == "ENDPOINT_NOT_FOUND"


def test_head_is_a_get(app):
    assert gateway.call(app, "HEAD", "/seen/a")[0] == 200


def test_repeated_reply_headers_all_arrive(app):
    reply = gateway.handle(app, gateway.Request("GET", "/cookies"))

    assert [value for name, value in reply.headers if name == "Set-Cookie"] == ["a=1", "b=2"]


OVERHEAD = 4096
TEXT = {"Content-Type": "application/json"}
BINARY = {"Content-Type": "application/octet-stream", "Accept": "application/octet-stream"}
BASE64_LIMIT = gateway.LAMBDA_BYTES * 3 // 4

REQUESTS = [
    ("/text", TEXT, b"x" * (gateway.LAMBDA_BYTES // 2 - OVERHEAD), 200),
    ("/text", TEXT, b"x" * (gateway.LAMBDA_BYTES + 1), 413),
    ("/text", TEXT, b'"' * (gateway.LAMBDA_BYTES // 2 + 1), 413),
    ("/text", TEXT, b"x" * (gateway.GATEWAY_BYTES + 1), 413),
    ("/echo", BINARY, b"x" * (BASE64_LIMIT - OVERHEAD), 200),
    ("/echo", BINARY, b"x" * (BASE64_LIMIT + 1), 413),
]


@pytest.mark.parametrize(("path", "headers", "sent", "expected"), REQUESTS, ids=range(len(REQUESTS)))
def test_a_request_is_limited_as_lambda_limits_its_event(app, path, headers, sent, expected):
    status, _, body = gateway.call(app, "PUT", path, None, headers, sent)

    assert status == expected
    if status == 413:
        assert json.loads(body)["error_code"] == "INVALID_PARAMETER_VALUE"


@pytest.mark.parametrize(("size", "expected"), [(gateway.LAMBDA_BYTES - OVERHEAD, 200), (gateway.LAMBDA_BYTES, 413)])
def test_a_reply_is_limited_as_lambda_limits_it(app, size, expected):
    assert gateway.call(app, "GET", f"/large/{size}")[0] == expected


def test_requests_at_the_same_time_do_not_see_each_other(app):
    answers = {}

    def ask(name):
        answers[name] = json.loads(gateway.call(app, "GET", f"/who/{name}")[2])

    threads = [threading.Thread(target=ask, args=(str(number),)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == {str(n): {"asked": str(n), "seen": str(n)} for n in range(8)}


def test_a_base64_reply_is_decoded():
    app = Chalice("png")

    @app.route("/png")
    def png():
        return Response(base64.b64decode("iVBORw0KGgo="), headers={"Content-Type": "image/png"})

    _, _, body = gateway.call(app, "GET", "/png", None, {"Accept": "image/png"})

    assert body == b"\x89PNG\r\n\x1a\n"
