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
