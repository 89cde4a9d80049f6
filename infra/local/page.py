"""The dashboard at `/`, in front of the API. Its files are read once: a stack serves one version of it.

Where access is closed, a link from the terminal signs in to it. The link's code lies behind the #, so it is in no
request but the one that exchanges it for a token, once.
"""

import json
import secrets
import threading
from collections.abc import Callable, Iterable

# Of chalicelib no more than this: the rest reads its settings when it is imported, and they are not set yet.
from chalicelib import clock
from chalicelib.edge import strict_json
from chalicelib.errors import CumulogError, PermissionDenied
from infra.dashboard import headers
from infra.dashboard.files import INDEX, File
from infra.local import gateway
from infra.local.gateway import Reply
from infra.local.wsgi import Application, Environ, StartResponse, send

LINK_MINUTES = 10
SIGN_IN = "/local/sign-in"

_MISSING = b"The dashboard is not built: see what `make up` said of it. The API answers all the same.\n"
_READING = ("GET", "HEAD")
_MOST_BYTES = 1_000


class Link:
    """A sign-in link: who has its code gets a token of `make`, once and within ten minutes."""

    def __init__(self, make: Callable[[], str]) -> None:
        self.code = secrets.token_urlsafe(24)
        self._make = make
        self._until = clock.steady_s() + LINK_MINUTES * 60
        self._is_used = False
        self._exchanging = threading.Lock()

    def exchange(self, code: str) -> str:
        """The token for a code. Raises PermissionDenied, and what `make` raises: then the code is not used up."""
        with self._exchanging:
            is_it = secrets.compare_digest(code.encode(), self.code.encode())
            if not is_it or self._is_used or clock.steady_s() > self._until:
                raise PermissionDenied(
                    f"This link is no longer good: it works once, within {LINK_MINUTES} minutes. Start the stack anew "
                    "for another one, or sign in with a token (`make admin-token`)."
                )
            token = self._make()
            self._is_used = True
        return token


def with_page(inner: Application, files: Iterable[File], buckets: Iterable[str] = ()) -> Application:
    """`inner`, and the dashboard's files. `buckets` are the origins of S3 that the page may ask."""
    replies = _replies(files, headers.security(buckets))

    def serve(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        reply = replies.get(environ["PATH_INFO"]) if environ["REQUEST_METHOD"] in _READING else None
        return send(reply, environ, start_response) if reply else inner(environ, start_response)

    return serve


def with_link(inner: Application, link: Link | None) -> Application:
    """`inner`, and the exchange of a sign-in link's code for a token; `inner` alone without a link."""
    if link is None:
        return inner

    def serve(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if (environ["REQUEST_METHOD"], environ["PATH_INFO"]) != ("POST", SIGN_IN):
            return inner(environ, start_response)
        return send(_exchanged(link, environ), environ, start_response)

    return serve


def _exchanged(link: Link, environ: Environ) -> Reply:
    length = min(int(environ.get("CONTENT_LENGTH") or 0), _MOST_BYTES)
    try:
        code = strict_json.parse_object(environ["wsgi.input"].read(length)).get("code")
        token = link.exchange(code if isinstance(code, str) else "")
    except CumulogError as error:
        return gateway.refusal(error)
    named = [("Content-Type", "application/json"), ("Cache-Control", "no-store")]
    return Reply(200, named, json.dumps({"token": token}).encode())


def _replies(files: Iterable[File], security: dict[str, str]) -> dict[str, Reply]:
    """The reply to each path."""
    found = {}
    for path, kind, content in files:
        named = {"Content-Type": kind, "Cache-Control": headers.caching(path), **security}
        found[f"/{path}"] = Reply(200, [*named.items()], content)
    missing = Reply(404, [("Content-Type", "text/plain; charset=utf-8"), *security.items()], _MISSING)
    return {"/": found.get(f"/{INDEX}", missing), **found}
