"""A server that fails at first, and keeps the key of each attempt."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler

from tests.served import served


@contextmanager
def failing(times: int) -> Iterator[tuple[str, list[str]]]:
    """A server that answers 503 so many times, and then that it made an experiment; and the keys that it was sent."""
    keys: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            keys.append(self.headers["Idempotency-Key"])
            body = json.dumps({"experiment_id": "1"}).encode()
            self.send_response(503 if len(keys) <= times else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    with served(Handler) as url:
        yield url, keys
