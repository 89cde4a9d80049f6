"""The dashboard at `/` of the local stack, in front of the API."""

import json
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.errors import TemporarilyUnavailable
from infra.dashboard.files import File
from infra.local import page
from infra.local.page import Link

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


def exchanged(link: Link | None, sent: bytes, path: str = page.SIGN_IN) -> tuple[str, Any]:
    """The answer to a POST of this body, in front of an API that says so."""
    said: list[Any] = []

    def api(environ: Any, start_response: Any) -> list[bytes]:
        start_response("404 Not Found", [])
        return [b'"api"']

    environ = {"PATH_INFO": path, "REQUEST_METHOD": "POST", "CONTENT_LENGTH": str(len(sent))}
    served = page.with_link(api, link)({**environ, "wsgi.input": BytesIO(sent)}, lambda *reply: said.extend(reply))
    body = b"".join(served)
    return said[0], json.loads(body)


def coded(code: Any) -> bytes:
    return json.dumps({"code": code}).encode()


def test_a_link_is_exchanged_for_a_token_once():
    link = Link(lambda: "cml_p_1")

    first, second = (exchanged(link, coded(link.code)) for _ in range(2))

    assert first == ("200 OK", {"token": "cml_p_1"})
    assert (second[0], second[1]["error_code"]) == ("403 Forbidden", "PERMISSION_DENIED")
    assert "works once" in second[1]["message"]


def test_a_link_is_good_for_ten_minutes():
    with clock.frozen(0):
        links = [Link(lambda: "cml_p_1") for _ in range(2)]

    with clock.frozen(10 * 60_000):
        in_time = exchanged(links[0], coded(links[0].code))
    with clock.frozen(10 * 60_000 + 1):
        late = exchanged(links[1], coded(links[1].code))

    assert [in_time[0], late[0]] == ["200 OK", "403 Forbidden"]


@pytest.mark.parametrize("code", ["", "x", "é", None, 7, ["x"]])
def test_another_code_gets_nothing_and_uses_nothing_up(code):
    link = Link(lambda: "cml_p_1")

    assert exchanged(link, coded(code))[0] == "403 Forbidden"

    assert exchanged(link, coded(link.code))[0] == "200 OK"


def test_what_is_no_json_or_too_long_is_refused():
    link = Link(lambda: "cml_p_1")

    answers = [exchanged(link, sent)[0] for sent in (b"{", b"[]", coded("x" * 5_000))]

    assert answers == ["400 Bad Request"] * 3


def test_a_code_is_not_used_up_while_no_token_can_be_made():
    def refusing() -> str:
        if not tried:
            tried.append(1)
            raise TemporarilyUnavailable("The store is away.")
        return "cml_p_1"

    tried: list[int] = []
    link = Link(refusing)

    statuses = [exchanged(link, coded(link.code))[0] for _ in range(2)]

    assert statuses == ["503 Service Unavailable", "200 OK"]


def test_codes_differ_and_cannot_be_guessed():
    codes = {Link(str).code for _ in range(100)}

    assert len(codes) == 100
    assert {len(code) for code in codes} == {32}


def test_all_else_is_the_apis_with_a_link_too():
    link = Link(lambda: "cml_p_1")

    assert exchanged(link, coded(link.code), "/local/other") == ("404 Not Found", "api")
    assert exchanged(None, coded(link.code)) == ("404 Not Found", "api")
