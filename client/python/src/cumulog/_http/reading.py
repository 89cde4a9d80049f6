"""Replies of the server as objects, or as errors."""

import json

from cumulog._http.errors import ApiError, NotCumulog
from cumulog._http.wire import Json, Reply

# API Gateway and proxies in front of Cumulog say these by themselves.
_NOT_OURS_ALONE = (401, 403, 408, 425, 429)


def read(reply: Reply) -> Json:
    """The reply's object. Raises ApiError, or NotCumulog for a reply that Cumulog never sends."""
    fields = _object(reply.body)
    if 200 <= reply.status < 300 and fields is not None:
        return fields
    code = (fields or {}).get("error_code")
    if code == "ENDPOINT_NOT_FOUND" or (not isinstance(code, str) and reply.status in (200, 404, 405, 501)):
        raise NotCumulog(reply.status, "ENDPOINT_NOT_FOUND", "The server has no such endpoint: it is not Cumulog.")
    message = (fields or {}).get("message") or reply.body[:200].decode(errors="replace") or "no text"
    if not isinstance(code, str) and reply.status < 500 and reply.status not in _NOT_OURS_ALONE:
        raise NotCumulog(
            reply.status, "BAD_REQUEST", f"Something that is not Cumulog answers {reply.status}, {message!r}."
        )
    error = ApiError(reply.status, str(code or "INTERNAL_ERROR"), str(message))
    error.cumulog_error = str((fields or {}).get("cumulog_error") or "")
    error.retry_after = reply.retry_after
    raise error


def inside(fields: Json, *names: str) -> Json:
    """The object under these names, each in the one before. Raises NotCumulog for a reply without it."""
    for name in names:
        found = fields.get(name)
        if not isinstance(found, dict):
            raise NotCumulog(200, "BAD_REQUEST", "Something that is not Cumulog answers.")
        fields = found
    return fields


def _object(body: bytes) -> Json | None:
    try:
        fields = json.loads(body)
    except ValueError:
        return None
    return fields if isinstance(fields, dict) else None
