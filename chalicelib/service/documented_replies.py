"""What an endpoint may answer, for the API's document: its reply, and the errors of `errors.py` by status."""

from collections.abc import Iterator
from typing import Any

from chalicelib.errors import CumulogError, RetryLater
from chalicelib.service import view_replies

Schema = dict[str, Any]

_ANY_OBJECT: Schema = {"type": "object"}
_OF_TOKENS = (401, 403)
_REPLIES: dict[str, tuple[str, Schema]] = {
    "json": ("200", {"description": "Done.", "content": {"application/json": {"schema": _ANY_OBJECT}}}),
    "columns": (
        "200",
        {
            "description": "Done; as bytes for who accepts them (infra/docs/curves.md).",
            "content": {
                "application/json": {"schema": _ANY_OBJECT},
                "application/vnd.cumulog.columns": {"schema": {"type": "string", "format": "binary"}},
            },
        },
    ),
    "upload": ("200", {"description": "Stored.", "content": {"application/json": {"schema": _ANY_OBJECT}}}),
    "text": ("200", {"description": "Plain text.", "content": {"text/plain": {"schema": {"type": "string"}}}}),
    "redirect": (
        "302",
        {
            "description": "The URL where the bytes are, valid for minutes, for anyone who has it.",
            "headers": {"Location": {"required": True, "schema": {"type": "string", "format": "uri"}}},
            "content": {"application/json": {"schema": _ANY_OBJECT}},
        },
    ),
}


def of_endpoint(view: str, kind: str, is_public: bool) -> dict[str, Schema]:
    """The replies of a view, whose endpoint is of one of the kinds of `http.Endpoint`, by status."""
    status, reply = _REPLIES[kind]
    if kind in ("json", "columns"):
        told = {"application/json": {"schema": view_replies.of_view(view)}}
        reply = {**reply, "content": {**reply["content"], **told}}
    refusals = [code for code in _codes() if not (is_public and code in _OF_TOKENS)]
    return {status: reply} | {str(code): {"$ref": f"#/components/responses/{code}"} for code in refusals}


def errors() -> dict[str, Schema]:
    """Every reply that is an error, by status, in MLflow's shape."""
    return {str(status): _error(kinds) for status, kinds in _codes().items()}


def _error(kinds: list[type[CumulogError]]) -> Schema:
    codes = sorted({kind.error_code for kind in kinds})
    fields = {"error_code": {"type": "string", "enum": codes}, "message": {"type": "string"}}
    own = sorted({kind.cumulog_error for kind in kinds if kind.cumulog_error})
    told = {"cumulog_error": {"type": "string", "enum": own}} if own else {}
    schema = {"type": "object", "properties": fields | told, "required": list(fields)}
    reply: Schema = {"description": ", ".join(codes), "content": {"application/json": {"schema": schema}}}
    if any(issubclass(kind, RetryLater) for kind in kinds):
        reply["headers"] = {"Retry-After": {"description": "Seconds.", "schema": {"type": "string"}}}
    return reply


def _codes() -> dict[int, list[type[CumulogError]]]:
    found: dict[int, list[type[CumulogError]]] = {}
    for kind in sorted(_leaves(CumulogError), key=lambda kind: (kind.status, kind.__name__)):
        found.setdefault(kind.status, []).append(kind)
    return found


def _leaves(kind: type[CumulogError]) -> Iterator[type[CumulogError]]:
    if hasattr(kind, "status"):
        yield kind
    for child in kind.__subclasses__():
        yield from _leaves(child)
