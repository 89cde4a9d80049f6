"""The HTTP edge: a request becomes a model, the view is called, its reply becomes JSON; and errors become replies.

    mlflow = mounts.mlflow(blueprint)

    @mlflow.endpoint("GET", "/experiments/get")
    @requires(READ, EXPERIMENT)
    def get_experiment(request: GetExperiment) -> Reply: ...

First the caller is identified, then the request is read, then the view's requirements are checked, then the view is
called. A view takes the model that its annotation names, or nothing, and returns the fields of the reply, or None for
no fields; one of `columns` returns a reply that can also be bytes. There are two more kinds of views, for files: an
`upload` takes the model, made from path and query, and the body as bytes; a `redirect` returns the URL to go to. The
tail of a greedy route `{proxy+}` is the model's field `proxy`. Views report errors by raising
one of `errors`; only this module turns those into replies.
"""

import json
import logging
import os
import re
import sys
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, NamedTuple, Protocol, TypeVar, get_type_hints
from urllib.parse import quote

from chalice.app import Blueprint, CaseInsensitiveMapping, Chalice, Response
from chalice.app import Request as Event

from chalicelib import config
from chalicelib.access import authentication, identity, requires
from chalicelib.access.authorizer import TOKEN_ID, token_authorizer
from chalicelib.access.identity import Identity
from chalicelib.access.requires import Rule
from chalicelib.edge import compressing, incoming, repeats, request_ids, wire
from chalicelib.errors import CumulogError, MethodNotAllowed, RetryLater, Unauthenticated
from chalicelib.storage.capacity import Meter, metered

Reply = dict[str, Any] | None
View = TypeVar("View", bound=Callable[..., Reply])
TextView = TypeVar("TextView", bound=Callable[[], str])
UrlView = TypeVar("UrlView", bound=Callable[..., str])
ColumnView = TypeVar("ColumnView", bound=Callable[..., "Twofold"])
Read = Callable[[Event], tuple[Any, ...]]

# The standard library's logger: Powertools' costs every cold start 90 ms, and only bugs are logged here. In Lambda the
# lines carry the request id; with the function's log format set to JSON they are JSON, with the trace in a field.
_log = logging.getLogger("cumulog")

# Not blueprint.current_request, which is one variable for the whole app: in a server with threads, such as the local
# stack, a view could read another thread's request.
_event: ContextVar[Event] = ContextVar("cumulog_event")

# The attribute of a Chalice handler that holds its Endpoint.
_ENDPOINT = "cumulog_endpoint"
_USER_HEADER = "x-cumulog-user"
# The names that a user can have (`accounts/fields.py`); no colons, as in those of the system itself.
_USER = re.compile(r"[A-Za-z0-9._@+-]{1,256}")


# The most that a header for measurements takes. Gateways and clients refuse replies with longer headers.
_HEADER_BYTES = 4000
_CUT_ESCAPE = re.compile("%[0-9A-F]?$")


# Columns of numbers as bytes (infra/docs/curves.md).
COLUMNS = "application/vnd.cumulog.columns"


class Twofold(Protocol):
    """A reply in two forms that say the same."""

    def message(self) -> dict[str, Any]: ...
    def packed(self) -> bytes: ...


class Endpoint(NamedTuple):
    """What is declared for a view at a path. `model` is None if the view takes nothing."""

    method: str
    path: str
    view: str
    model: type[wire.Request] | None
    rules: tuple[Rule, ...]
    kind: str
    summary: str

    @property
    def is_public(self) -> bool:
        return any(rule.is_public for rule in self.rules)


class Mount:
    """Registers the views of a blueprint under several prefixes: MLflow serves /api and /ajax-api alike."""

    def __init__(self, blueprint: Blueprint, *prefixes: str) -> None:
        self._blueprint = blueprint
        self._prefixes = prefixes
        blueprint.register_middleware(_remember, "http")

    def endpoint(self, method: str, path: str) -> Callable[[View], View]:
        """Register a view that answers in JSON. A view may have several endpoints, one decorator each."""

        def register(view: View) -> View:
            endpoint = _declared(view, method, path, "json")
            model = endpoint.model
            self._register(
                endpoint,
                view,
                lambda event: (incoming.request(model, event),) if model else (),
                lambda fields: _json(200, fields or {}),
            )
            return view

        return register

    def columns(self, method: str, path: str) -> Callable[[ColumnView], ColumnView]:
        """Register a view whose reply has two forms: bytes for who accepts COLUMNS, JSON for all others."""

        def register(view: ColumnView) -> ColumnView:
            endpoint = _declared(view, method, path, "columns")
            self._register(endpoint, view, lambda event: (incoming.request(_model_of(view), event),), _columns)
            return view

        return register

    def text(self, method: str, path: str) -> Callable[[TextView], TextView]:
        """Register a view that takes nothing and answers in plain text."""

        def register(view: TextView) -> TextView:
            endpoint = _declared(view, method, path, "text")
            self._register(endpoint, view, lambda _: (), lambda text: _reply(200, "text/plain; charset=utf-8", text))
            return view

        return register

    def upload(self, method: str, path: str) -> Callable[[View], View]:
        """Register a view that takes a model of path and query, and the body as bytes; it answers in JSON."""

        def register(view: View) -> View:
            endpoint = _declared(view, method, path, "upload")
            self._register(
                endpoint,
                view,
                lambda event: (incoming.query_request(_model_of(view), event), incoming.body(event)),
                lambda fields: _json(200, fields or {}),
            )
            return view

        return register

    def redirect(self, method: str, path: str) -> Callable[[UrlView], UrlView]:
        """Register a view that takes a model of path and query and returns the URL where the bytes are."""

        def register(view: UrlView) -> UrlView:
            endpoint = _declared(view, method, path, "redirect")
            self._register(endpoint, view, lambda event: (incoming.query_request(_model_of(view), event),), _found)
            return view

        return register

    def _register(
        self, endpoint: Endpoint, view: Callable[..., Any], read: Read, reply: Callable[[Any], Response]
    ) -> None:
        def answer(event: Event) -> Response:
            key = event.headers.get(repeats.HEADER, "")
            with identity.acting_as(_caller(event, endpoint)), repeats.with_key(key):
                arguments = read(event)
                for rule in endpoint.rules:
                    rule.check(arguments[0] if arguments else None)
                return reply(view(*arguments))

        def handle(**_path: str) -> Response:
            return _handled(endpoint.view, answer)

        setattr(handle, _ENDPOINT, endpoint)
        for number, prefix in enumerate(self._prefixes):
            self._blueprint.route(
                prefix + endpoint.path,
                methods=[endpoint.method],
                name=f"{endpoint.view}_{endpoint.method.lower()}_{number}",
                # Any content type: otherwise Chalice answers some with a 415 in its own shape, even for a GET.
                content_types=["*/*"],
                authorizer=None if endpoint.is_public else token_authorizer,
            )(handle)


def endpoints(app: Chalice) -> list[Endpoint]:
    """All endpoints of an app, each with its whole path, for the API's document and for tests."""
    return [
        getattr(route.view_function, _ENDPOINT)._replace(path=path)
        for path, methods in app.routes.items()
        for route in methods.values()
    ]


def failure(error: CumulogError) -> Response:
    """An error as MLflow's clients expect it."""
    fields = {"error_code": error.error_code, "message": error.message}
    if error.cumulog_error:
        fields["cumulog_error"] = error.cumulog_error
    response = _json(error.status, fields)
    if isinstance(error, RetryLater):
        response.headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, MethodNotAllowed):
        response.headers["Allow"] = error.allowed
    return response


class TextResponse(Response):
    """A reply as text, like most of ours, although every request comes as bytes (`app.api.binary_types`)."""

    def to_dict(self, binary_types: list[str] | None = None) -> dict[str, Any]:  # noqa: ARG002
        # Base64 would cost a third of what a Lambda's reply may carry.
        return dict(super().to_dict())


def _filled(headers: CaseInsensitiveMapping) -> CaseInsensitiveMapping:
    """The headers of a request, with what a client accepts that does not say so: anything, but nothing compressed."""
    if headers.get("accept"):
        return headers
    # Chalice answers 400 when bytes would go to such a client, and the gateway hands it their base64: no gzip for it.
    kept = {name: value for name, value in headers.items() if name.lower() != "accept-encoding"}
    return CaseInsensitiveMapping({**kept, "accept": "*/*"})


def _remember(event: Event, get_response: Callable[[Event], Response]) -> Response:
    if _event.get(None) is event:
        # Chalice's middleware is the whole app's, so this is called once for each mount.
        return get_response(event)
    event.headers = _filled(event.headers)
    token = _event.set(event)
    try:
        with request_ids.acting_in(str(event.context.get("requestId", ""))):
            return get_response(event)
    finally:
        _event.reset(token)


def _caller(event: Event, endpoint: Endpoint) -> Identity:
    """The caller. Raises Unauthenticated if a token is required and there is no valid one."""
    if endpoint.is_public:
        return Identity("")
    if config.settings().is_open:
        return Identity(_user(event), is_admin=True)
    authorized = event.context.get("authorizer") or {}
    if not authorized.get(TOKEN_ID):
        # The gateway lets no call through without a token. If it ever does, the call is refused here.
        raise Unauthenticated
    is_fresh = any(rule.fresh for rule in endpoint.rules)
    return authentication.identity_of(str(authorized[TOKEN_ID]), str(authorized["principalId"]), is_fresh)


def _user(event: Event) -> str:
    """The name in the user header, where that is trusted."""
    name = event.headers.get(_USER_HEADER, "") if config.settings().trust_user_header else ""
    return name if _USER.fullmatch(name) else identity.current().name


def _declared(view: Callable[..., Any], method: str, path: str, kind: str) -> Endpoint:
    """Raises TypeError for a view that does not say who may call it."""
    summary = (view.__doc__ or "").partition("\n")[0]
    return Endpoint(method, path, view.__name__, _model_of(view), requires.rules_of(view), kind, summary)


def _model_of(view: Callable[..., Any]) -> Any:
    """The model that is a view's first parameter, None if it takes nothing."""
    hints = get_type_hints(view)
    hints.pop("return", None)
    return next(iter(hints.values()), None)


def _handled(endpoint: str, answer: Callable[[Event], Response]) -> Response:
    event = _event.get()
    with metered() as meter, compressing.answering(event.headers.get("accept-encoding", "")):
        try:
            response = answer(event)
        except CumulogError as error:
            response = failure(error)
        # Anything else is a bug, and Chalice's own answer to one would have another shape.
        except Exception:  # noqa: BLE001 - the last resort, and it logs
            response = _bug(endpoint, event)
        _report(endpoint, meter, response)
        return compressing.compressed(response)


def _bug(endpoint: str, event: Event) -> Response:
    request_id = event.context.get("requestId", "unknown")
    _log.exception("Bug in %s, request %s", endpoint, request_id)
    message = f"Internal error. If you report it, please quote the request id {request_id}."
    return _json(500, {"error_code": "INTERNAL_ERROR", "message": message})


def _report(endpoint: str, meter: Meter, response: Response) -> None:
    """Report what the request consumed: in a header for measurements, and in Lambda in a line of the log."""
    if config.settings().show_capacity:
        capacity = f"read={meter.read:.1f}; write={meter.write:.1f}; trips={meter.trips}"
        response.headers["X-Cumulog-Capacity"] = capacity
        if meter.plan:
            response.headers["X-Cumulog-Plan"] = _header_text(meter.plan)
    if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
        _write_line(endpoint, meter, response.status_code)


def _header_text(text: str) -> str:
    """A text for a header: a key may hold anything, a header only ASCII without control characters."""
    written = quote(text[:_HEADER_BYTES], safe=" ;,:/'()").strip()
    return written if len(written) <= _HEADER_BYTES else _CUT_ESCAPE.sub("", written[: _HEADER_BYTES - 3]) + "..."


def _write_line(endpoint: str, meter: Meter, status: int) -> None:
    # No metrics: CloudWatch would charge for each of them per endpoint; DynamoDB publishes the sums for free.
    line = {"endpoint": endpoint, "status": status, "read": meter.read, "write": meter.write, "trips": meter.trips}
    # In one write: Lambda's standard output forwards each write by itself.
    sys.stdout.write(json.dumps(line) + "\n")


def _json(status: int, fields: dict[str, Any]) -> Response:
    # A bare NaN would break every client: a view that has one must send it as `wire.double` does.
    body = json.dumps(fields, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    return _reply(status, "application/json", body)


def _columns(reply: Twofold) -> Response:
    accepted = (part.partition(";")[0].strip().lower() for part in _event.get().headers.get("accept", "").split(","))
    if COLUMNS not in accepted:
        response = _json(200, reply.message())
    else:
        response = Response(reply.packed(), headers=_headers(COLUMNS))
    response.headers["Vary"] = "Accept"
    return response


def _found(url: str) -> Response:
    response = _reply(302, "application/json", "{}")
    # Anyone with the URL can read, so it must never be cached.
    response.headers.update({"Location": url, "Cache-Control": "no-store"})
    return response


def _reply(status: int, content_type: str, body: str) -> Response:
    return TextResponse(body, headers=_headers(content_type), status_code=status)


def _headers(content_type: str) -> dict[str, str | list[str]]:
    headers: dict[str, str | list[str]] = {"Content-Type": content_type, "X-Content-Type-Options": "nosniff"}
    origin = config.settings().dashboard_origin
    if origin:
        # The only page that may read our replies in a browser. We use no cookies, so credentials are not allowed.
        headers["Access-Control-Allow-Origin"] = origin
    return headers
