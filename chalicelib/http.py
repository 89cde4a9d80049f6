"""The HTTP edge: a request becomes a model, the view is called, its reply becomes JSON; and errors become replies.

    mlflow = Mount(blueprint, "/api/2.0/mlflow", "/ajax-api/2.0/mlflow")

    @mlflow.endpoint("POST", "/experiments/create")
    def create_experiment(request: CreateExperiment) -> Reply: ...

A view takes the model that its annotation names, or nothing, and returns the fields of the reply, None for none. Views
for files are of two further kinds: `upload` hands over the body as bytes beside the model that is made of path and
query, and what a `redirect` returns is the URL to go to. The tail of a greedy route `{proxy+}` is the model's field
`proxy`. A view says what is wrong by raising one of `errors`; nothing but this module turns those into replies.
"""

import json
import logging
import os
import re
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, TypeVar, get_type_hints
from urllib.parse import quote, unquote

from chalice.app import Blueprint, CaseInsensitiveMapping, Response
from chalice.app import Request as Event

from chalicelib import config, principal, strict_json, wire
from chalicelib.errors import CumulogError, InvalidParameterValue, RetryLater
from chalicelib.storage.capacity import Meter, metered

Reply = dict[str, Any] | None
View = TypeVar("View", bound=Callable[..., Reply])
TextView = TypeVar("TextView", bound=Callable[[], str])
UrlView = TypeVar("UrlView", bound=Callable[..., str])

# The standard library's, not Powertools', which costs every cold start 90 ms, while only a bug is ever logged here. In
# Lambda its lines carry the request id; with the function's log format set to JSON they are JSON, the trace in a field.
_log = logging.getLogger("cumulog")

# Not blueprint.current_request: that is one variable of the whole app, so in a server with threads, as the local stack
# is, a view could read the request of another thread.
_event: ContextVar[Event] = ContextVar("cumulog_event")

# A path behind `{proxy+}` is a file's, whose name may hold a percent sign and two digits; artifacts/paths.py judges it.
_GREEDY = "proxy"
_USER_HEADER = "x-cumulog-user"
# No name with a colon: those are for what acts by itself, as the state machine does.
_USER = re.compile(r"[\w.@+-]{1,256}")
_STILL_ENCODED = re.compile("%[0-9a-fA-F]{2}")


class Mount:
    """Registers the views of a blueprint under several prefixes: to MLflow, /api and /ajax-api are twins."""

    def __init__(self, blueprint: Blueprint, *prefixes: str) -> None:
        self._blueprint = blueprint
        self._prefixes = prefixes
        blueprint.register_middleware(_remember, "http")

    def endpoint(self, method: str, path: str) -> Callable[[View], View]:
        """Register a view that answers in JSON. A view may have several endpoints, one decorator each."""

        def register(view: View) -> View:
            model = _model_of(view)

            def answer(event: Event) -> Response:
                fields = view(_request(model, event)) if model else view()
                return _json(200, fields or {})

            self._register(method, path, view.__name__, answer)
            return view

        return register

    def text(self, method: str, path: str) -> Callable[[TextView], TextView]:
        """Register a view that takes nothing and answers in plain text."""

        def register(view: TextView) -> TextView:
            self._register(method, path, view.__name__, lambda _: _reply(200, "text/plain; charset=utf-8", view()))
            return view

        return register

    def upload(self, method: str, path: str) -> Callable[[View], View]:
        """Register a view that takes a model of path and query, and the body as bytes; it answers in JSON."""

        def register(view: View) -> View:
            model = _model_of(view)

            def answer(event: Event) -> Response:
                fields = view(_query_request(model, event), _body(event))
                return _json(200, fields or {})

            self._register(method, path, view.__name__, answer)
            return view

        return register

    def redirect(self, method: str, path: str) -> Callable[[UrlView], UrlView]:
        """Register a view that takes a model of path and query and returns the URL where the bytes are."""

        def register(view: UrlView) -> UrlView:
            model = _model_of(view)
            self._register(method, path, view.__name__, lambda event: _found(view(_query_request(model, event))))
            return view

        return register

    def _register(self, method: str, path: str, name: str, answer: Callable[[Event], Response]) -> None:
        def handle(**_path: str) -> Response:
            return _handled(name, answer)

        for number, prefix in enumerate(self._prefixes):
            # Any content type: else Chalice answers some with a 415 of its own shape, even those of a GET.
            self._blueprint.route(
                prefix + path, methods=[method], name=f"{name}_{method.lower()}_{number}", content_types=["*/*"]
            )(handle)


def failure(error: CumulogError) -> Response:
    """An error as MLflow's clients expect it."""
    response = _json(error.status, {"error_code": error.error_code, "message": error.message})
    if isinstance(error, RetryLater):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


class TextResponse(Response):
    """A reply that is text, as all of ours are, though every request comes as bytes (`app.api.binary_types`)."""

    def to_dict(self, binary_types: list[str] | None = None) -> dict[str, Any]:  # noqa: ARG002
        # Base64 would cost a third of what a Lambda's reply may carry.
        return dict(super().to_dict())


def _remember(event: Event, get_response: Callable[[Event], Response]) -> Response:
    # Chalice answers 400 where bytes are sent to who does not say that it accepts them. We send none.
    event.headers = CaseInsensitiveMapping({"accept": "*/*", **event.headers})
    token = _event.set(event)
    try:
        with principal.in_request(str(event.context.get("requestId", ""))), principal.acting_as(_user(event)):
            return get_response(event)
    finally:
        _event.reset(token)


def _user(event: Event) -> str:
    """Who asks: nobody is known yet but by what a header says, where that is trusted."""
    name = event.headers.get(_USER_HEADER, "") if config.settings().trust_user_header else ""
    return name if _USER.fullmatch(name) else principal.current()


def _model_of(view: Callable[..., Any]) -> Any:
    """The model that a view takes first, None if it takes nothing."""
    hints = get_type_hints(view)
    hints.pop("return", None)
    return next(iter(hints.values()), None)


def _handled(endpoint: str, answer: Callable[[Event], Response]) -> Response:
    event = _event.get()
    with metered() as meter:
        try:
            response = answer(event)
        except CumulogError as error:
            response = failure(error)
        # Anything else is a bug, and Chalice's own answer to one would have another shape.
        except Exception:  # noqa: BLE001 - the last resort, and it logs
            response = _bug(endpoint, event)
    _account(endpoint, meter, response)
    return response


def _bug(endpoint: str, event: Event) -> Response:
    request_id = event.context.get("requestId", "unknown")
    _log.exception("Bug in %s, request %s", endpoint, request_id)
    message = f"Internal error. If you report it, please quote the request id {request_id}."
    return _json(500, {"error_code": "INTERNAL_ERROR", "message": message})


def _account(endpoint: str, meter: Meter, response: Response) -> None:
    """Tell what the request consumed: a header for whoever measures, and in Lambda a metric."""
    if config.settings().show_capacity:
        capacity = f"read={meter.read:.1f}; write={meter.write:.1f}; trips={meter.trips}"
        response.headers["X-Cumulog-Capacity"] = capacity
        if meter.plan:
            # A key may hold anything, a header only ASCII without control characters.
            response.headers["X-Cumulog-Plan"] = quote(meter.plan, safe=" ;,:/'()").strip()
    if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
        # Here, because nothing but a Lambda can use it and its import costs any other process 50 ms at the start.
        from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit  # noqa: PLC0415

        metrics = EphemeralMetrics(namespace="Cumulog")
        metrics.add_dimension("endpoint", endpoint)
        metrics.add_metric("ReadUnits", MetricUnit.Count, meter.read)
        metrics.add_metric("WriteUnits", MetricUnit.Count, meter.write)
        metrics.add_metric("RoundTrips", MetricUnit.Count, meter.trips)
        metrics.flush_metrics()


def _request(model: type[wire.Request], event: Event) -> wire.Request:
    if event.method == "GET":
        return _query_request(model, event)
    if event.method in ("POST", "PUT"):
        _require_json(event.headers.get("content-type"))
    return model.parse({**strict_json.parse_object(_body(event)), **_path(event)})


def _query_request(model: type[wire.Request], event: Event) -> wire.Request:
    return model.parse_query({**_query(event), **{name: [text] for name, text in _path(event).items()}})


def _path(event: Event) -> dict[str, str]:
    if _GREEDY in (event.uri_params or {}) and event.query_params:
        # MLflow's client sends a question mark in a name as it stands: the file would get half of its name.
        raise InvalidParameterValue("Invalid path: a '?' in the name of a file must be sent as %3F.")
    return {name: _decoded(text, name != _GREEDY) for name, text in (event.uri_params or {}).items()}


def _decoded(text: str, once_only: bool) -> str:
    """A path parameter. API Gateway hands it over as it was sent, so this is the only place that decodes it."""
    try:
        decoded = unquote(text, errors="strict")
        decoded.encode()
    except UnicodeError as error:
        raise InvalidParameterValue("The path is not valid UTF-8.") from error
    if once_only and _STILL_ENCODED.search(decoded):
        raise InvalidParameterValue("The path is percent-encoded more than once.")
    return decoded


def _query(event: Event) -> dict[str, list[str]]:
    query = (
        {} if event.query_params is None else {name: event.query_params.getlist(name) for name in event.query_params}
    )
    try:
        "".join(text for texts in query.values() for text in texts).encode()
    except UnicodeError as error:
        raise InvalidParameterValue("The query string is not valid UTF-8.") from error
    return query


def _require_json(content_type: str | None) -> None:
    # To the letter as MLflow's `_validate_content_type`. It also means that no HTML form can post here.
    if content_type is None:
        raise InvalidParameterValue("Bad Request. Content-Type header is missing.")
    if content_type.split(";")[0] != "application/json":
        raise InvalidParameterValue("Bad Request. Content-Type must be one of ['application/json'].")


def _body(event: Event) -> bytes:
    try:
        body: str | bytes = event.raw_body
    except ValueError as error:
        # API Gateway's own encodings, base64 and UTF-8, cannot be wrong; those of another gateway may be.
        raise InvalidParameterValue("The body could not be decoded.") from error
    return body.encode() if isinstance(body, str) else body


def _json(status: int, fields: dict[str, Any]) -> Response:
    # A bare NaN would break every client: a view that has one must send it as `wire.double` does.
    body = json.dumps(fields, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    return _reply(status, "application/json", body)


def _found(url: str) -> Response:
    response = _reply(302, "application/json", "{}")
    # The URL is leave to read for whoever holds it, so nobody may keep it.
    response.headers.update({"Location": url, "Cache-Control": "no-store"})
    return response


def _reply(status: int, content_type: str, body: str) -> Response:
    headers: dict[str, str | list[str]] = {"Content-Type": content_type, "X-Content-Type-Options": "nosniff"}
    return TextResponse(body, headers=headers, status_code=status)
