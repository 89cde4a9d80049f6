"""WSGI around the gateway: what a server such as waitress calls."""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlsplit

from chalice.app import Chalice

from infra.local import gateway
from infra.local.gateway import Reply, Request

Environ = dict[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

_DROPPED_AT_ONCE = 1 << 18
_MOST_DROPPED = 1 << 30

_REASONS = {status.value: status.phrase for status in HTTPStatus}


def application(app: Chalice) -> Application:
    """The Chalice app behind the gateway, as a WSGI application."""
    # Before the first threads come, or a request could be seen by two of them.
    gateway.prepared(app)

    def serve(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        return send(_answer(app, environ), environ, start_response)

    return serve


def send(reply: Reply, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    """Hand a reply to the server; the answer to HEAD keeps its length and loses its body."""
    headers = [*reply.headers, ("Content-Length", str(len(reply.body)))]
    start_response(f"{reply.status} {_REASONS.get(reply.status, 'Unknown')}", headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [reply.body]


def _answer(app: Chalice, environ: Environ) -> Reply:
    body = _body(environ)
    if body is None:
        return gateway.request_too_large()
    request = Request(
        method=environ["REQUEST_METHOD"],
        path=_encoded_path(environ),
        query=environ.get("QUERY_STRING", ""),
        headers=_headers(environ),
        body=body,
    )
    return gateway.handle(app, request)


def _body(environ: Environ) -> bytes | None:
    """The request's body, which may come in chunks of unknown number; None if it is longer than the gateway takes."""
    most = gateway.GATEWAY_BYTES
    in_chunks = environ.get("HTTP_TRANSFER_ENCODING", "").lower() == "chunked"
    length = most + 1 if in_chunks else int(environ.get("CONTENT_LENGTH") or 0)
    body: bytes = environ["wsgi.input"].read(min(length, most + 1)) if length else b""
    if len(body) <= most:
        return body
    _drop_rest(environ["wsgi.input"])
    return None


def _drop_rest(stream: Any) -> None:
    """Read on to the end: a client that is cut off while it sends may never see the answer that tells it why."""
    for _ in range(_MOST_DROPPED // _DROPPED_AT_ONCE):
        if not stream.read(_DROPPED_AT_ONCE):
            return


def _encoded_path(environ: Environ) -> str:
    """The path as it was sent: PATH_INFO is decoded, which tells `a%2Fb` and `a/b` apart no more."""
    target: str = environ.get("REQUEST_URI") or quote(environ["PATH_INFO"].encode("latin-1"))
    if not target.startswith("/"):
        target = urlsplit(target).path or "/"
    return target.partition("?")[0]


def _headers(environ: Environ) -> dict[str, str]:
    found = {name[5:].replace("_", "-").title(): value for name, value in environ.items() if name.startswith("HTTP_")}
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if environ.get(name):
            found[name.replace("_", "-").title()] = environ[name]
    return found
