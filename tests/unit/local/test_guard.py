import json

import pytest

from infra.local import guard

CASES = [
    ("GET", "localhost:5000", None, True),
    ("GET", "LOCALHOST", None, True),
    ("POST", "127.0.0.1:5000", None, True),
    ("POST", "[::1]:80", None, True),
    ("POST", "localhost:5000", "http://localhost:5000", True),
    ("GET", "localhost:5000", "https://evil.example", True),
    ("GET", "", None, False),
    ("GET", "evil.example:5000", None, False),
    ("GET", "localhost.evil.example", None, False),
    ("GET", "127.0.0.1.evil.example:5000", None, False),
    ("GET", "localhost:5000@evil.example", None, False),
    ("GET", "127.0.0.2", None, False),
    ("GET", "0.0.0.0:5000", None, False),
    ("POST", "localhost:5000", "http://localhost:5001", False),
    ("POST", "localhost:5000", "http://127.0.0.1:5000", False),
    ("POST", "localhost:5000", "https://localhost:5000", False),
    ("PUT", "localhost:5000", "https://evil.example", False),
    ("PATCH", "localhost:5000", "null", False),
    ("DELETE", "localhost:5000", "", False),
]


@pytest.mark.parametrize(("method", "host", "origin", "passes"), CASES)
def test_only_this_machine_and_no_other_site(method, host, origin, passes):
    assert (guard.why_refused(method, host, origin) is None) == passes


@pytest.mark.parametrize(
    ("origin", "passes"),
    [("https://ml.example", True), ("https://other.example", False), ("null", False), ("http://localhost:1", True)],
)
def test_pages_of_the_dashboards_origin_may_call_too(origin, passes):
    assert (guard.why_refused("POST", "localhost:1", origin, "https://ml.example") is None) == passes


def test_a_page_of_the_dashboards_origin_is_told_that_it_may_call():
    started = []
    environ = {"REQUEST_METHOD": "OPTIONS", "HTTP_HOST": "localhost", "HTTP_ORIGIN": "https://ml.example"}

    guard.guarded(None, "https://ml.example")(environ, lambda *answer: started.append(answer))

    [(status, headers)] = started
    assert status == "204 No Content"
    assert dict(headers)["Access-Control-Allow-Origin"] == "https://ml.example"


def test_other_pages_are_told_nothing():
    asked = []
    environ = {"REQUEST_METHOD": "OPTIONS", "HTTP_HOST": "localhost", "HTTP_ORIGIN": "https://other.example"}

    guard.guarded(lambda given, _: asked.append(given), "https://ml.example")(environ, None)

    assert asked == [environ]


def test_a_refusal_is_403_permission_denied_and_the_app_is_not_asked():
    def inner(environ, start_response):
        raise AssertionError("was asked")

    started = []

    body = b"".join(
        guard.guarded(inner)(
            {"REQUEST_METHOD": "GET", "HTTP_HOST": "evil.example"}, lambda status, headers: started.append(status)
        )
    )

    assert started == ["403 Forbidden"]
    assert json.loads(body)["error_code"] == "PERMISSION_DENIED"


def test_what_may_pass_reaches_the_app_unchanged():
    environ = {"REQUEST_METHOD": "GET", "HTTP_HOST": "localhost"}

    assert guard.guarded(lambda given, _: [given])(environ, None) == [environ]
