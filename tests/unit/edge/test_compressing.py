"""Replies to clients that accept gzip, and to others, on a small app that exists only here."""

import gzip
import json
from typing import Any

import pytest
from chalice.app import Blueprint, Chalice

from chalicelib import errors
from chalicelib.access.requires import public
from chalicelib.edge import compressing, wire
from chalicelib.edge.application import Application
from chalicelib.edge.http import Mount, Reply
from infra.local import gateway


class Repeat(wire.Request):
    text: wire.RequiredText
    times: wire.Int32


def _app() -> Chalice:
    app = Application("compressing")
    app.api.binary_types = ["*/*"]
    blueprint = Blueprint("tests.unit.edge.test_compressing")
    mount = Mount(blueprint, "")

    @mount.endpoint("GET", "/repeat")
    @public
    def repeat(request: Repeat) -> Reply:
        return {"text": request.text * request.times}

    @mount.endpoint("GET", "/refuse")
    @public
    def refuse(request: Repeat) -> Reply:
        raise errors.InvalidParameterValue(request.text * request.times)

    app.register_blueprint(blueprint)
    return app


APP = _app()


def call(accepted: str | None, text: str = "grün ", times: int = 1_000, path: str = "/repeat") -> tuple[Any, ...]:
    headers = {"Accept": "*/*"} if accepted is None else {"Accept": "*/*", "Accept-Encoding": accepted}
    return gateway.call(APP, "GET", path, {"text": text, "times": str(times)}, headers)


@pytest.mark.parametrize("accepted", ["gzip", "gzip, deflate, br", "br;q=1.0, GZIP;q=0.5"])
def test_a_long_reply_is_compressed_for_a_client_that_accepts_it(accepted: str) -> None:
    status, headers, body = call(accepted)

    assert status == 200
    assert (headers["Content-Encoding"], headers["Content-Type"]) == ("gzip", "application/json")
    assert headers["Vary"] == "Accept-Encoding"
    assert len(body) < 500
    assert json.loads(gzip.decompress(body)) == {"text": "grün " * 1_000}


@pytest.mark.parametrize("accepted", [None, "", "identity", "br", "gzip;q=0", "gzip; q=much", "*", ",;,"])
def test_any_other_client_gets_the_text_and_is_told_that_it_varies(accepted: str | None) -> None:
    status, headers, body = call(accepted)

    assert status == 200
    assert "Content-Encoding" not in headers
    assert headers["Vary"] == "Accept-Encoding"
    assert json.loads(body) == {"text": "grün " * 1_000}


def test_a_client_that_does_not_say_what_it_accepts_gets_the_text() -> None:
    status, headers, body = gateway.call(
        APP, "GET", "/repeat", {"text": "a", "times": "5000"}, {"Accept-Encoding": "gzip"}
    )

    assert (status, "Content-Encoding" in headers) == (200, False)
    assert json.loads(body) == {"text": "a" * 5000}


def test_a_short_reply_stays_as_it_is() -> None:
    _, headers, body = call("gzip", times=1)

    assert not {"Content-Encoding", "Vary"} & headers.keys()
    assert json.loads(body) == {"text": "grün "}


def test_a_long_error_is_compressed_too() -> None:
    status, headers, body = call("gzip", path="/refuse")

    assert (status, headers["Content-Encoding"]) == (400, "gzip")
    assert json.loads(gzip.decompress(body))["error_code"] == "INVALID_PARAMETER_VALUE"


def test_the_same_text_is_always_the_same_bytes() -> None:
    assert compressing.gzipped(b"a" * 2_000) == compressing.gzipped(b"a" * 2_000)
