"""Lambda's Runtime API as far as one invocation needs it: a process asks for its event and posts its answer.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import json
import queue
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

REQUEST_ID = "00000000-0000-4000-8000-000000000001"
LAMBDA_SECONDS = 30
_ARN = "arn:aws:lambda:us-east-1:000000000000:function:cumulog"


class Failed(Exception):
    """The function, or its import, raised; the message is the runtime's report."""


class RuntimeApi(ThreadingHTTPServer):
    """Listens on loopback, hands out `event` once, and keeps the answer. Who asks again waits until the end."""

    daemon_threads = True

    def __init__(self, event: dict[str, Any]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.events: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self.events.put(event)
        self.answers: queue.SimpleQueue[tuple[str, bytes]] = queue.SimpleQueue()

    @property
    def address(self) -> str:
        """What belongs into AWS_LAMBDA_RUNTIME_API."""
        return f"127.0.0.1:{self.server_port}"

    def answer(self, within_seconds: float) -> dict[str, Any]:
        """What the function returned. Raises Failed if it raised, queue.Empty if it said nothing in time."""
        path, body = self.answers.get(timeout=within_seconds)
        if not path.endswith("/response"):
            raise Failed(body.decode(errors="replace"))
        return dict(json.loads(body))

    def handle_error(self, request: Any, client_address: Any) -> None:
        """The process that asked was killed, which is how each of them ends."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: RuntimeApi

    def do_GET(self) -> None:
        event = self.server.events.get()
        self._reply(
            200,
            json.dumps(event).encode(),
            {
                "Lambda-Runtime-Aws-Request-Id": REQUEST_ID,
                "Lambda-Runtime-Deadline-Ms": str(int((time.time() + LAMBDA_SECONDS) * 1000)),
                "Lambda-Runtime-Invoked-Function-Arn": _ARN,
            },
        )

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.answers.put((self.path, body))
        self._reply(202, b"{}", {})

    def log_message(self, *_: Any) -> None:
        """Standard error is for what went wrong."""

    def _reply(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Type": "application/json", "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def serving(event: dict[str, Any]) -> Iterator[RuntimeApi]:
    """A Runtime API for one invocation."""
    with RuntimeApi(event) as api:
        threading.Thread(target=api.serve_forever, daemon=True).start()
        try:
            yield api
        finally:
            # Whoever waits for a second event is let go, though its process is gone.
            api.events.put({})
            api.shutdown()
