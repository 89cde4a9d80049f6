"""API Gateway in front of Lambda, as far as Chalice can tell: an HTTP request becomes the event of a REST API's proxy
integration, and the function's reply becomes an HTTP answer.

Limits are those of the deployed service (10 MB a request at the gateway, 6 MB an event or a reply at Lambda, where
bytes travel as base64), so what would fail there fails here. An unknown path answers 404 ENDPOINT_NOT_FOUND, as the
deployed gateway is configured to.
"""

import base64
import json
import threading
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from chalice.app import Chalice, RouteEntry

from chalicelib import config
from chalicelib.artifacts import limits
from chalicelib.edge import greedy, matcher
from chalicelib.errors import CumulogError, EndpointNotFound, MethodNotAllowed, RequestTooLarge
from infra.local import authorizing

GATEWAY_BYTES = 10 * 1024 * 1024
LAMBDA_BYTES = 6 * 1024 * 1024
LAMBDA_SECONDS = 30
# JSON writes a byte as six characters at worst (\u0000), so what is shorter than this passes without being measured.
_SURELY_FITS = LAMBDA_BYTES // 6 - 65_536

Query = str | Mapping[str, str | Sequence[str]]


@dataclass(frozen=True)
class Request:
    """`path` is still encoded; `query` is the text after the question mark."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True)
class Reply:
    status: int
    headers: list[tuple[str, str]]
    body: bytes


class LambdaContext:
    """What a handler may ask its runtime."""

    function_name = "cumulog-local"
    function_version = "$LATEST"
    memory_limit_in_mb = 1024
    invoked_function_arn = "arn:aws:lambda:us-east-1:000000000000:function:cumulog-local"

    def __init__(self) -> None:
        self.aws_request_id = str(uuid.uuid4())
        self._deadline = time.monotonic() + LAMBDA_SECONDS

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self._deadline - time.monotonic()) * 1000))


def call(  # noqa: PLR0913  the six parts of an HTTP request, which tests pass in this order
    app: Chalice,
    method: str,
    path: str,
    query: Query | None = None,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> tuple[int, dict[str, str], bytes]:
    """One request through the gateway, without a socket: (status, headers, body).

    The path is given encoded, the query as text or as a mapping of plain values. Of repeated headers the last is seen.
    """
    text = query if isinstance(query, str) else urlencode(query or {}, doseq=True)
    reply = handle(app, Request(method, path, text, headers or {}, body or b""))
    return reply.status, dict(reply.headers), reply.body


def handle(app: Chalice, request: Request) -> Reply:
    """The app's answer, or the gateway's own: 404 and 405 ENDPOINT_NOT_FOUND, 413 beyond the limits."""
    known = prepared(app)
    found = matcher.find(known.paths, request.path)
    if found is None:
        return refusal(EndpointNotFound(f"No endpoint answers to {request.path}."))
    methods = known.resources[found.pattern]
    # API Gateway has no HEAD of its own; where none is declared it is a GET whose body is dropped.
    method = "GET" if request.method == "HEAD" and "HEAD" not in methods else request.method
    if method not in methods:
        refused = MethodNotAllowed(request.path, request.method, methods)
        return refusal(refused, ("Allow", refused.allowed))
    if len(request.body) > GATEWAY_BYTES:
        return request_too_large()
    try:
        told = _authorized(methods[method], request)
    except CumulogError as refusing:
        return refusal(refusing)
    context = LambdaContext()
    event = _event(request, method, found, app.api.binary_types, context.aws_request_id)
    event["requestContext"].update(told)
    if not _fits(event):
        return request_too_large()
    answer = app(event, context)
    return _reply(answer) if _fits(answer) else _reply_too_large()


def _authorized(route: Any, request: Request) -> dict[str, Any]:
    """What the authorizer adds to the request's context; nothing where none is asked."""
    if route.authorizer is None or config.settings().is_open:
        return {}
    return {"authorizer": authorizing.context_of(route.authorizer, request.headers)}


def refusal(error: CumulogError, *headers: tuple[str, str]) -> Reply:
    """The answer to a request that never reaches the app: `error` in MLflow's shape."""
    body = json.dumps({"error_code": error.error_code, "message": error.message}).encode()
    return Reply(error.status, [("Content-Type", "application/json"), *headers], body)


def request_too_large() -> Reply:
    """413, as the deployed gateway words it for any request: those that are too large carry files."""
    return refusal(RequestTooLarge(limits.TOO_LARGE))


def _reply_too_large() -> Reply:
    return refusal(RequestTooLarge(f"The reply is larger than {LAMBDA_BYTES >> 20} MB, the most that one may carry."))


class Prepared(NamedTuple):
    """The gateway's resources for an app, each with its methods, and the paths by which they are found."""

    resources: dict[str, dict[str, RouteEntry]]
    paths: matcher.RouteTable


@lru_cache(maxsize=8)
def prepared(app: Chalice) -> Prepared:
    """The resources of an app that may from now on be called by many threads; routes added later are not seen."""
    _keep_requests_apart(app)
    resources = greedy.resources(app.routes, lambda route: route.authorizer is None)
    return Prepared(resources, matcher.table(resources))


def _keep_requests_apart(app: Chalice) -> None:
    """Chalice keeps the current request on the app: one at a time in a Lambda, sixteen at a time here."""
    if not isinstance(app, _PerThread):
        app.__class__ = type("ThreadedChalice", (_PerThread, type(app)), {})


class _PerThread:
    _of_thread = threading.local()

    @property
    def current_request(self) -> Any:
        return getattr(self._of_thread, "request", None)

    @current_request.setter
    def current_request(self, request: Any) -> None:
        self._of_thread.request = request

    @property
    def lambda_context(self) -> Any:
        return getattr(self._of_thread, "context", None)

    @lambda_context.setter
    def lambda_context(self, context: Any) -> None:
        self._of_thread.context = context


def _event(
    request: Request, method: str, found: matcher.Match, binary_types: list[str], request_id: str
) -> dict[str, Any]:
    """The event of Lambda proxy integration, payload version 1.0."""
    query: dict[str, list[str]] = {}
    for name, value in parse_qsl(request.query, keep_blank_values=True):
        query.setdefault(name, []).append(value)
    content_type = next((v for k, v in request.headers.items() if k.lower() == "content-type"), "")
    is_binary = bool(request.body) and _is_binary(content_type, binary_types)
    return {
        "resource": found.pattern,
        "path": request.path,
        "httpMethod": method,
        "headers": dict(request.headers),
        "multiValueHeaders": {name: [value] for name, value in request.headers.items()},
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": found.parameters,
        "stageVariables": None,
        "requestContext": _request_context(request, method, found.pattern, request_id),
        "body": _text_of(request.body, is_binary),
        "isBase64Encoded": is_binary,
    }


def _request_context(request: Request, method: str, pattern: str, request_id: str) -> dict[str, Any]:
    return {
        "accountId": "000000000000",
        "apiId": "local",
        "stage": "local",
        "protocol": "HTTP/1.1",
        "httpMethod": method,
        "path": request.path,
        "resourcePath": pattern,
        "requestId": request_id,
        "requestTimeEpoch": time.time_ns() // 1_000_000,
        "identity": {"sourceIp": "127.0.0.1", "userAgent": request.headers.get("User-Agent")},
    }


def _text_of(body: bytes, is_binary: bool) -> str | None:
    if not body:
        return None
    return base64.b64encode(body).decode("ascii") if is_binary else body.decode("utf-8", errors="replace")


def _is_binary(content_type: str, binary_types: list[str]) -> bool:
    return content_type.partition(";")[0].strip().lower() in binary_types or "*/*" in binary_types


def _fits(payload: dict[str, Any]) -> bool:
    if len(payload["body"] or "") <= _SURELY_FITS:
        return True
    return len(json.dumps(payload, ensure_ascii=False).encode("utf-8", errors="replace")) <= LAMBDA_BYTES


def _reply(answer: dict[str, Any]) -> Reply:
    headers = [(name, str(value)) for name, value in (answer.get("headers") or {}).items()]
    for name, values in (answer.get("multiValueHeaders") or {}).items():
        headers += [(name, str(value)) for value in values]
    body: str = answer["body"]
    if answer.get("isBase64Encoded"):
        return Reply(answer["statusCode"], headers, base64.b64decode(body))
    if not any(name.lower() == "content-type" for name, _ in headers):
        # API Gateway's default for a reply that names no type.
        headers.append(("Content-Type", "application/json"))
    return Reply(answer["statusCode"], headers, body.encode("utf-8", errors="replace"))
