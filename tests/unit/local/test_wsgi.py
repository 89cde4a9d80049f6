import io
import json

import pytest
from chalice import Chalice

from infra.local import gateway, wsgi


@pytest.fixture
def application():
    app = Chalice("seen")

    @app.route("/{name}", methods=["GET", "POST"])
    def seen(name):
        request = app.current_request
        return {"name": name, "body": request.raw_body.decode(), "headers": dict(request.headers)}

    return wsgi.application(app)


def ask(application, **environ):
    sent = {"REQUEST_METHOD": "GET", "PATH_INFO": "/x", "QUERY_STRING": "", "wsgi.input": io.BytesIO(), **environ}
    started = []
    body = b"".join(application(sent, lambda status, headers: started.append((status, dict(headers)))))
    return *started[0], body


PATHS = [
    ({"REQUEST_URI": "/a%2Fb?q=1", "PATH_INFO": "/a/b"}, "a%2Fb"),
    ({"REQUEST_URI": "http://127.0.0.1:5000/a%2Fb?q=1", "PATH_INFO": "/a/b"}, "a%2Fb"),
    ({"PATH_INFO": "/caf\u00c3\u00a9"}, "caf%C3%A9"),
]


@pytest.mark.parametrize(("environ", "name"), PATHS)
def test_the_path_arrives_as_it_was_sent(application, environ, name):
    _, _, body = ask(application, **environ)

    assert json.loads(body)["name"] == name


def test_headers_and_body_arrive(application):
    status, headers, body = ask(
        application,
        REQUEST_METHOD="POST",
        CONTENT_TYPE="application/json",
        CONTENT_LENGTH="2",
        HTTP_X_PROBE="yes",
        **{"wsgi.input": io.BytesIO(b"{}beyond")},
    )

    assert status == "200 OK"
    assert headers["Content-Length"] == str(len(body))
    seen = json.loads(body)
    assert seen["body"] == "{}"
    assert seen["headers"] == {"content-type": "application/json", "content-length": "2", "x-probe": "yes"}


def test_head_has_the_length_but_no_body(application):
    status, headers, body = ask(application, REQUEST_METHOD="HEAD")

    assert (status, body) == ("200 OK", b"")
    assert int(headers["Content-Length"]) > 0


@pytest.mark.parametrize("how", ["CONTENT_LENGTH", "HTTP_TRANSFER_ENCODING"])
def test_a_body_beyond_the_gateways_limit_is_read_to_its_end_and_refused(application, how):
    sent = io.BytesIO(bytes(gateway.GATEWAY_BYTES + 1_000_000))
    headers = {how: "chunked" if how == "HTTP_TRANSFER_ENCODING" else str(len(sent.getvalue()))}

    status, _, body = ask(application, REQUEST_METHOD="POST", **headers, **{"wsgi.input": sent})

    assert status.startswith("413 ")
    assert "MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD=true" in json.loads(body)["message"]
    # A client that is cut off while it sends may never see the answer.
    assert sent.read() == b""
