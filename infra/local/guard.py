"""Keeps web pages away from the local stack, which has no sign-in.

A page anywhere may have its own name resolve to 127.0.0.1 (DNS rebinding) and then talk to us as to its own server:
its requests carry that name as Host. And any page may post to us without reading the answer: then Origin names it.
Only pages of CUMULOG_DASHBOARD_ORIGIN may call, as with the deployed gateway (infra/deploy/package/gateway.py).
"""

import re
from collections.abc import Iterable

from chalicelib.errors import PermissionDenied
from infra.local import gateway
from infra.local.gateway import Reply
from infra.local.wsgi import Application, Environ, StartResponse, send

_LOOPBACK = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?", re.IGNORECASE)
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
PREFLIGHT = {
    "Access-Control-Allow-Methods": "DELETE,GET,PATCH,POST,PUT",
    "Access-Control-Allow-Headers": "Authorization,Content-Type",
    "Access-Control-Max-Age": "7200",
}


def guarded(inner: Application, page: str | None = None) -> Application:
    """`inner`, reached only by requests that are addressed to this machine and come from no other site.

    `page` is the origin of web pages that may call all the same.
    """

    def serve(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        method, host, origin = environ["REQUEST_METHOD"], environ.get("HTTP_HOST", ""), environ.get("HTTP_ORIGIN")
        fault = why_refused(method, host, origin, page)
        if fault is not None:
            return send(gateway.refusal(PermissionDenied(fault)), environ, start_response)
        if method == "OPTIONS" and page is not None and origin == page:
            return send(_preflight(page), environ, start_response)
        return inner(environ, start_response)

    return serve


def why_refused(method: str, host: str, origin: str | None, page: str | None = None) -> str | None:
    """What is wrong with a request of these headers, or None. `origin` is None when the header is absent."""
    if not _LOOPBACK.fullmatch(host):
        return "The local stack answers only to localhost, 127.0.0.1 and [::1]; the Host header names another host."
    if method in _READING or origin is None or origin == page:
        return None
    if origin.lower() != f"http://{host.lower()}":
        return "The local stack takes no changes from web pages of another origin."
    return None


def _preflight(page: str) -> Reply:
    """The answer to a browser that asks whether a page may call."""
    return Reply(204, [("Access-Control-Allow-Origin", page), *PREFLIGHT.items()], b"")
