"""Keeps web pages away from the local stack, which has no sign-in.

A page anywhere may have its own name resolve to 127.0.0.1 (DNS rebinding) and then talk to us as to its own server:
its requests carry that name as Host. And any page may post to us without reading the answer: then Origin names it.
"""

import re
from collections.abc import Iterable

from chalicelib.errors import PermissionDenied
from infra.local import gateway
from infra.local.wsgi import Application, Environ, StartResponse, send

_LOOPBACK = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?", re.IGNORECASE)
_READING = frozenset({"GET", "HEAD", "OPTIONS"})


def guarded(inner: Application) -> Application:
    """`inner`, reached only by requests that are addressed to this machine and come from no other site."""

    def serve(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        method, host, origin = environ["REQUEST_METHOD"], environ.get("HTTP_HOST", ""), environ.get("HTTP_ORIGIN")
        fault = why_refused(method, host, origin)
        if fault is None:
            return inner(environ, start_response)
        return send(gateway.refusal(PermissionDenied(fault)), environ, start_response)

    return serve


def why_refused(method: str, host: str, origin: str | None) -> str | None:
    """What is wrong with a request of these headers, or None. `origin` is None when the header is absent."""
    if not _LOOPBACK.fullmatch(host):
        return "The local stack answers only to localhost, 127.0.0.1 and [::1]; the Host header names another host."
    if method not in _READING and origin is not None and origin.lower() != f"http://{host.lower()}":
        return "The local stack takes no changes from web pages of another origin."
    return None
