"""The dashboard at `/` of the local stack, in front of the API."""

from collections.abc import Sequence
from typing import Any

import pytest

from infra.dashboard.files import File
from infra.local import page

BUILT = [
    File("index.html", "text/html; charset=utf-8", b"<!doctype html>"),
    File("assets/main-1.js", "text/javascript; charset=utf-8", b"1"),
]


def asked(path: str, method: str = "GET", built: Sequence[File] = BUILT) -> tuple[str, dict[str, str], bytes]:
    """The answer to a request, in front of an API that says so."""
    said: list[Any] = []

    def api(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        return [b"api"]

    served = page.with_page(api, built, ["http://127.0.0.2:1"])
    body = served({"PATH_INFO": path, "REQUEST_METHOD": method}, lambda *reply: said.extend(reply))
    return said[0], dict(said[1]), b"".join(body)


def test_the_page_lies_at_the_root():
    status, headers, body = asked("/")

    assert (status, body) == ("200 OK", b"<!doctype html>")
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "http://127.0.0.2:1" in headers["Content-Security-Policy"]


def test_files_are_served_as_what_they_are():
    _, headers, body = asked("/assets/main-1.js")

    assert body == b"1"
    assert headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert "immutable" in headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/api/2.0/mlflow/runs/search", "/assets/../index.html", "/assets/", "/other"])
def test_all_else_is_the_apis(path):
    assert asked(path)[2] == b"api"


def test_only_reading_reaches_the_page():
    assert asked("/", "POST")[2] == b"api"
    assert asked("/", "HEAD")[2] == b""


def test_a_page_that_is_not_built_says_so():
    status, _, body = asked("/", built=[])

    assert status == "404 Not Found"
    assert b"not built" in body
