"""The dashboard at `/`, in front of the API. Its files are read once: a stack serves one version of it."""

from collections.abc import Iterable

from infra.dashboard import headers
from infra.dashboard.files import INDEX, File
from infra.local.gateway import Reply
from infra.local.wsgi import Application, Environ, StartResponse, send

_MISSING = b"The dashboard is not built: see what `make up` said of it. The API answers all the same.\n"
_READING = ("GET", "HEAD")


def with_page(inner: Application, files: Iterable[File], buckets: Iterable[str] = ()) -> Application:
    """`inner`, and the dashboard's files. `buckets` are the origins of S3 that the page may ask."""
    replies = _replies(files, headers.security(buckets))

    def serve(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        reply = replies.get(environ["PATH_INFO"]) if environ["REQUEST_METHOD"] in _READING else None
        return send(reply, environ, start_response) if reply else inner(environ, start_response)

    return serve


def _replies(files: Iterable[File], security: dict[str, str]) -> dict[str, Reply]:
    """The reply to each path."""
    found = {}
    for path, kind, content in files:
        named = {"Content-Type": kind, "Cache-Control": headers.caching(path), **security}
        found[f"/{path}"] = Reply(200, [*named.items()], content)
    missing = Reply(404, [("Content-Type", "text/plain; charset=utf-8"), *security.items()], _MISSING)
    return {"/": found.get(f"/{INDEX}", missing), **found}
