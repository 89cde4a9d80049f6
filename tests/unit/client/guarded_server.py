"""A server on loopback that asks for a token, or, with none, for nothing; and what it was asked."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler
from time import time
from typing import Any

from tests.served import served

TOKEN = "cml_p_secret"
DAY = 24 * 3600 * 1000


@dataclass
class Guard:
    """`replies` are what other paths answer: a status, a content type and a body. `clock` is off by so many seconds."""

    url: str = ""
    tokens: list[str] = field(default_factory=lambda: [TOKEN])
    expires: int = field(default_factory=lambda: int(time() * 1000) + 90 * DAY)
    clock: int = 0
    replies: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    sent: list[str | None] = field(default_factory=list)

    def answer(self, path: str, credentials: str | None) -> tuple[int, str, str]:
        path = path.partition("?")[0]
        if path in self.replies:
            return self.replies[path]
        if path == "/version":
            return 200, "text/plain", "3.17.2"
        if self.tokens and credentials not in [f"Bearer {token}" for token in self.tokens]:
            return 401, "application/json", json.dumps({"error_code": "UNAUTHENTICATED", "message": "No valid token."})
        return 200, "application/json", json.dumps(self._fields(path))

    def _fields(self, path: str) -> Any:
        token = {"token_id": "t1", "owner": "ada", "expires": self.expires}
        if path == "/api/2.0/cumulog/access/me":
            shown = {
                "username": "ada" if self.tokens else "",
                "is_admin": True,
                "may_administer": True,
                "scopes": ["all"],
            }
            return {**shown, "everywhere": {}, **({"token": token} if self.tokens else {})}
        return {}


@contextmanager
def guarded(*, is_open: bool = False) -> Iterator[Guard]:
    guard = Guard(tokens=[] if is_open else [TOKEN])

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._serve()

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self._serve()

        def date_time_string(self, timestamp: float | None = None) -> str:
            return formatdate((timestamp or time()) + guard.clock, usegmt=True)

        def _serve(self) -> None:
            guard.sent.append(self.headers.get("Authorization"))
            status, kind, body = guard.answer(self.path, guard.sent[-1])
            self.send_response(status)
            self.send_header("Content-Type", kind)
            if 300 <= status < 400:
                self.send_header("Location", body)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name in the base class
            """Say nothing."""

    with served(Handler) as guard.url:
        yield guard
