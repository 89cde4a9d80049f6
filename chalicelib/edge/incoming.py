"""Reads a request strictly: path and query decoded once, the body as JSON without surprises.

Anything unreadable raises InvalidParameterValue.
"""

import re
from urllib.parse import unquote

from chalice.app import Request as Event

from chalicelib.edge import strict_json, wire
from chalicelib.errors import InvalidParameterValue

# A path in `{proxy+}` is a file's, whose name may hold a percent sign and two digits; artifacts/paths.py checks it.
_GREEDY = "proxy"
_STILL_ENCODED = re.compile("%[0-9a-fA-F]{2}")


def request(model: type[wire.Request], event: Event) -> wire.Request:
    """The model of a request: from the JSON body, or a GET's query, with the parameters of the path.

    As in MLflow's `_get_request_message`, a GET without a query is read from its body, and a query makes the body count
    for nothing. MLflow's `http_request` and mlflow-export-import send some GETs so.
    """
    if event.method == "GET" and (event.query_params or not body(event).strip()):
        return query_request(model, event)
    if event.method in ("POST", "PUT"):
        _require_json(event.headers.get("content-type"))
    return model.parse({**strict_json.parse_object(body(event)), **_path(event)})


def query_request(model: type[wire.Request], event: Event) -> wire.Request:
    """The model from path and query, for any method."""
    return model.parse_query({**_query(event), **{name: [text] for name, text in _path(event).items()}})


def _path(event: Event) -> dict[str, str]:
    if _GREEDY in (event.uri_params or {}) and event.query_params:
        # MLflow's client sends a question mark in a name unescaped: the file would get half of its name.
        raise InvalidParameterValue("Invalid path: a '?' in the name of a file must be sent as %3F.")
    return {name: _decoded(text, name != _GREEDY) for name, text in (event.uri_params or {}).items()}


def _decoded(text: str, once_only: bool) -> str:
    """A path parameter, decoded. API Gateway passes it on as it was sent, so nothing else decodes it."""
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
    # Exactly MLflow's `_validate_content_type`. It also means that no HTML form can post here.
    if content_type is None:
        raise InvalidParameterValue("Bad Request. Content-Type header is missing.")
    if content_type.split(";")[0] != "application/json":
        raise InvalidParameterValue("Bad Request. Content-Type must be one of ['application/json'].")


def body(event: Event) -> bytes:
    """The body as it was sent."""
    try:
        sent: str | bytes = event.raw_body
    except ValueError as error:
        # API Gateway's own encodings, base64 and UTF-8, cannot be wrong; those of another gateway may be.
        raise InvalidParameterValue("The body could not be decoded.") from error
    return sent.encode() if isinstance(sent, str) else sent
