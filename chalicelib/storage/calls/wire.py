"""One exchange with DynamoDB over a connection of botocore's pool: a request in one piece, a reply by its length.

http.client reads the headers of a reply with the parser for e-mail, and urllib3 wraps what it read: together half of
what a call cost. DynamoDB says how long its replies are; what comes in another form is left to http.client. urllib3
still connects, keeps connections, checks certificates, and turns what goes wrong into its errors.
"""

import io
import socket
from collections.abc import Iterator, Mapping
from functools import cache
from http.client import HTTPException, HTTPResponse, IncompleteRead, RemoteDisconnected
from typing import Any

from botocore.awsrequest import (
    AWSHTTPConnection,
    AWSHTTPConnectionPool,
    AWSHTTPSConnection,
    AWSHTTPSConnectionPool,
)

_HEAD_ENDS = b"\r\n\r\n"
_HEAD_BYTES = 65_536
_AT_ONCE = 262_144


class Reply:
    """A reply that has arrived, with what urllib3's pool and botocore's session use of urllib3's own."""

    version_string = "HTTP/1.1"
    length_remaining = 0
    retries: Any = None
    _connection: Any = None
    _pool: Any = None

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.status = status
        self.headers = headers
        self._body = body

    def get_redirect_location(self) -> bool:
        return False

    def stream(self) -> Iterator[bytes]:
        """The body. The connection goes back to its pool."""
        if self._connection is not None:
            self._pool._put_conn(self._connection)
            self._connection = None
        yield self._body


class _Exchange:
    """Comes before a connection of urllib3."""

    sock: Any
    timeout: Any
    connect: Any
    close: Any

    def request(
        self, method: str, url: str, body: bytes = b"", headers: Mapping[str, str | bytes] | None = None, **_: Any
    ) -> None:
        """Send a request, whose headers are complete."""
        if self.sock is None:
            self.connect()
        self.sock.sendall(_head(method, url, headers or {}) + body)

    def getresponse(self) -> Reply:
        self.sock.settimeout(self.timeout)
        read, rest = _read_head(self.sock)
        found = _understood(read)
        if found is None:
            return self._unusual(read + _HEAD_ENDS + rest)
        status, headers = found
        reply = Reply(status, headers, _read_body(self.sock, rest, int(headers["content-length"])))
        if headers.get("connection", "").lower() == "close":
            self.close()
        return reply

    def _unusual(self, read: bytes) -> Reply:
        """A reply in pieces, or up to the connection's end, or after an interim one."""
        response = HTTPResponse(_Again(read, self.sock), method="POST")  # type: ignore[arg-type]
        response.begin()
        body = response.read()
        self.close()
        return Reply(response.status, {name.lower(): value for name, value in response.getheaders()}, body)


class _Connection(_Exchange, AWSHTTPConnection):  # type: ignore[misc]
    pass


class _SecureConnection(_Exchange, AWSHTTPSConnection):  # type: ignore[misc]
    pass


class _Pool(AWSHTTPConnectionPool):  # type: ignore[misc]
    ConnectionCls = _Connection


class _SecurePool(AWSHTTPSConnectionPool):  # type: ignore[misc]
    ConnectionCls = _SecureConnection


def shorten(session: Any) -> None:
    """Have a botocore HTTP session make its exchanges here. Those by a proxy stay as they are."""
    manager = session._manager
    manager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}
    # A client has one URL, so one pool. To compose the key under which urllib3 keeps it takes 100 µs a call.
    manager.connection_from_url = cache(manager.connection_from_url)


class _Again(io.RawIOBase):
    """What was read of a socket already, and then the socket."""

    def __init__(self, read: bytes, sock: socket.socket) -> None:
        self._read = io.BytesIO(read)
        self._sock = sock

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._read.readinto(buffer) or self._sock.recv_into(buffer)


def _head(method: str, url: str, headers: Mapping[str, str | bytes]) -> bytes:
    lines = [f"{method} {url} HTTP/1.1", *(f"{name}: {_text(value)}" for name, value in headers.items())]
    if any("\r" in line or "\n" in line for line in lines):
        raise ValueError("A header has one line.")
    return "\r\n".join(lines).encode("latin-1") + _HEAD_ENDS


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("latin-1")


def _read_head(sock: Any) -> tuple[bytes, bytes]:
    """The bytes before the empty line, and what came with them after it."""
    read = b""
    while _HEAD_ENDS not in read:
        more = sock.recv(_HEAD_BYTES)
        if not more:
            raise RemoteDisconnected("Remote end closed connection without response")
        read += more
        if len(read) > 2 * _HEAD_BYTES and _HEAD_ENDS not in read:
            raise HTTPException("The head of a reply is too long.")
    head, _, rest = read.partition(_HEAD_ENDS)
    return head, rest


def _understood(head: bytes) -> tuple[int, dict[str, str]] | None:
    """Status and headers of a reply that says once how long it is, or None."""
    first, *lines = head.decode("latin-1").split("\r\n")
    version, _, status = first.partition(" ")
    pairs = [line.split(":", 1) for line in lines]
    headers = {pair[0].lower(): pair[-1].strip() for pair in pairs}
    usual = version == "HTTP/1.1" and status[:3].isdigit() and status >= "2" and len(headers) == len(lines)
    if not usual or "transfer-encoding" in headers or not headers.get("content-length", "").isdigit():
        return None
    return int(status[:3]), headers


def _read_body(sock: Any, begun: bytes, length: int) -> bytes:
    parts, missing = [begun], length - len(begun)
    while missing > 0:
        part = sock.recv(min(missing, _AT_ONCE))
        if not part:
            raise IncompleteRead(b"", missing)
        parts.append(part)
        missing -= len(part)
    if missing < 0:
        raise HTTPException("More arrived than the reply has.")
    return b"".join(parts)
