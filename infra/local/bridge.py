"""Lambda's place in the local stack: the interpreter of state machines POSTs an event, and a function here answers it.

    POST /<function>  {…}   →   {"result": …}  or  {"error": <the exception's class>, "cause": <as Lambda says it>}

It listens on an address that cannot be guessed, and answers only callers with the secret of this start.
"""

import json
import logging
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from infra.local import processes
from infra.local.machines_engine import SECRET_HEADER

log = logging.getLogger("cumulog.local")

Functions = Mapping[str, Callable[[dict[str, Any]], Any]]


@dataclass(frozen=True)
class Bridge:
    url: str
    secret: str


@contextmanager
def bridging(functions: Functions) -> Iterator[Bridge]:
    """Inside the block threads answer the events posted to the bridge; `functions` may change meanwhile."""
    address, secret = processes.free_address(), secrets.token_hex(20)
    server = ThreadingHTTPServer((address.host, address.port), _handler(functions, secret))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), name="bridge", daemon=True)
    thread.start()
    try:
        yield Bridge(address.url, secret)
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)


def invoked(functions: Functions, name: str, event: dict[str, Any]) -> dict[str, Any]:
    """The answer to Step Functions for one call: as in Lambda's runtime, an exception is named by its class."""
    function = functions.get(name)
    if function is None:
        return {"error": "Lambda.ResourceNotFoundException", "cause": f"Function not found: {name}"}
    try:
        return {"result": function(event)}
    except Exception as error:  # noqa: BLE001 - as Lambda's runtime does, and it logs
        log.warning("%s failed: %s: %s", name, type(error).__name__, error)
        cause = {"errorMessage": str(error), "errorType": type(error).__name__}
        return {"error": type(error).__name__, "cause": json.dumps(cause)}


def _handler(functions: Functions, secret: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            if not secrets.compare_digest(self.headers.get(SECRET_HEADER, "").encode(), secret.encode()):
                self.send_error(403)
                return
            event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            body = json.dumps(invoked(functions, self.path.removeprefix("/"), event)).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
            """Nothing: the stack's terminal is not for requests."""

    return Handler
