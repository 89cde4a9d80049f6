"""Stands in front of a server on loopback and loses the first reply to each request that creates something."""

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from urllib.parse import urlsplit

from tests.served import served

_OUR_OWN = ("host", "connection", "accept-encoding", "transfer-encoding", "content-length")


@contextmanager
def losing(server: str) -> Iterator[tuple[str, list[str]]]:
    """The proxy's URL, and the paths whose replies were lost so far, until the block ends."""
    lost: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def _pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, headers, content = _answered(server, self.command, self.path, dict(self.headers), body)
            if self.path.endswith("/create") and self.path not in lost:
                lost.append(self.path)
                return
            self.send_response(status)
            for name, text in headers:
                if name.lower() not in _OUR_OWN:
                    self.send_header(name, text)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def do_GET(self) -> None:
            self._pass_on()

        def do_POST(self) -> None:
            self._pass_on()

        def log_message(self, *_: object) -> None: ...

    with served(Handler) as url:
        yield url, lost


def _answered(
    server: str, method: str, path: str, headers: dict[str, str], body: bytes
) -> tuple[int, list[tuple[str, str]], bytes]:
    connection = http.client.HTTPConnection(urlsplit(server).netloc)
    try:
        told = {name: text for name, text in headers.items() if name.lower() not in _OUR_OWN}
        connection.request(method, path, body, told)
        answer = connection.getresponse()
        return answer.status, answer.getheaders(), answer.read()
    finally:
        connection.close()
