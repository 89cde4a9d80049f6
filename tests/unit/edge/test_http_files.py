"""The edge's two kinds of views for files, on a small app that exists only here."""

import json
from typing import Any

import pytest
from chalice.app import Blueprint, Chalice

from chalicelib import errors
from chalicelib.access.requires import authenticated
from chalicelib.edge import wire
from chalicelib.edge.http import Mount, Reply
from infra.local import gateway


class File(wire.Request):
    proxy: wire.RequiredText


def _app() -> Chalice:
    app = Chalice("files")
    blueprint = Blueprint("tests.unit.test_http_files")
    plain = Mount(blueprint, "")

    @plain.upload("PUT", "/files/{proxy+}")
    @authenticated
    def store(request: File, body: bytes) -> Reply:
        return {"path": request.proxy, "bytes": list(body)}

    @plain.redirect("GET", "/files/{proxy+}")
    @authenticated
    def fetch(request: File) -> str:
        if request.proxy == "gone":
            raise errors.ResourceDoesNotExist("It is gone.")
        return f"https://elsewhere.example/{request.proxy}"

    app.api.binary_types = ["*/*"]
    app.register_blueprint(blueprint)
    return app


APP = _app()


def call(
    method: str, path: str, query: Any = None, headers: dict[str, str] | None = None, body: bytes | None = None
) -> tuple[int, dict[str, str], Any]:
    status, answered, content = gateway.call(APP, method, path, query, headers or {}, body)
    return status, answered, json.loads(content)


@pytest.mark.parametrize("kind", [None, "text/plain", "application/json", "application/octet-stream"])
def test_an_upload_arrives_byte_for_byte_whatever_its_type(kind: str | None) -> None:
    every_byte = bytes(range(256))

    status, _, fields = call("PUT", "/files/a", headers={"content-type": kind} if kind else {}, body=every_byte)

    assert (status, bytes(fields["bytes"])) == (200, every_byte)


def test_the_path_of_a_file_is_decoded_once_and_may_hold_a_percent_sign() -> None:
    assert call("PUT", "/files/a%20b/%2541+%C3%A9")[2]["path"] == "a b/%41+é"
    assert call("PUT", "/files/%ff")[0] == 400


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_the_path_of_a_file_has_no_query(method: str) -> None:
    # Names come with their question marks not encoded: half of one would name another file.
    assert call(method, "/files/a", "b=c")[0] == 400


def test_a_redirect_leads_to_the_url_and_is_not_kept() -> None:
    status, headers, _ = call("GET", "/files/a")

    assert (status, headers["Location"]) == (302, "https://elsewhere.example/a")
    assert headers["Cache-Control"] == "no-store"


def test_a_redirect_may_fail_like_any_view() -> None:
    assert call("GET", "/files/gone")[::2] == (
        404,
        {"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "It is gone."},
    )


@pytest.mark.parametrize("accept", [{}, {"Accept": "application/json"}, {"Accept": "*/*"}])
def test_nobody_has_to_say_that_bytes_are_accepted(accept: dict[str, str]) -> None:
    event = {
        "httpMethod": "PUT",
        "headers": accept,
        "requestContext": {"httpMethod": "PUT", "resourcePath": "/files/{proxy+}"},
        "pathParameters": {"proxy": "a"},
        "multiValueQueryStringParameters": None,
        "body": None,
        "isBase64Encoded": False,
        "stageVariables": None,
    }

    answer = APP(event, None)

    # As text: what a Lambda may answer is 6 MB, and in base64 a third of it would be lost.
    assert (answer["statusCode"], answer["body"]) == (200, '{"path":"a","bytes":[]}')
    assert not answer.get("isBase64Encoded")
