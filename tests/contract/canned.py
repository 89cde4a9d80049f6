"""A server on loopback that gives written answers, in order, whatever it is asked. It notes what it was sent."""

import socket
import threading
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import takewhile
from ssl import SSLContext

# In place of an answer: the connection ends without one.
HANGS_UP = b""


@dataclass
class Canned:
    """`requests` are heads and bodies as they arrived; `connections` counts those that were made."""

    url: str
    answers: list[bytes]
    requests: list[tuple[str, bytes]] = field(default_factory=list)
    connections: int = 0


@contextmanager
def serving(answers: Sequence[bytes], secured: SSLContext | None = None) -> Iterator[Canned]:
    """The server. After the last answer it gives that one again and again."""
    listener = socket.create_server(("127.0.0.1", 0))
    scheme = "https" if secured else "http"
    canned = Canned(f"{scheme}://localhost:{listener.getsockname()[1]}", list(answers))
    thread = threading.Thread(target=_accept, args=(listener, canned, secured), daemon=True)
    thread.start()
    try:
        yield canned
    finally:
        # Closing alone does not wake a thread that waits for a connection.
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def reply(body: bytes, status: str = "200 OK", **headers: str) -> bytes:
    """An answer in the form of DynamoDB's, with the checksum that it sends."""
    told = {"Content-Type": "application/x-amz-json-1.0", "x-amz-crc32": str(zlib.crc32(body))}
    told |= {"Content-Length": str(len(body)), "x-amzn-RequestId": "R1"}
    told |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in told.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def _accept(listener: socket.socket, canned: Canned, secured: SSLContext | None) -> None:
    with suppress(OSError):
        while True:
            connection, _ = listener.accept()
            canned.connections += 1
            threading.Thread(target=_serve, args=(connection, canned, secured), daemon=True).start()


def _serve(connection: socket.socket, canned: Canned, secured: SSLContext | None) -> None:
    with suppress(OSError), secured.wrap_socket(connection, server_side=True) if secured else connection as wire:
        while _answered(wire, canned):
            pass


def _answered(wire: socket.socket, canned: Canned) -> bool:
    """Answer one request. Is the connection still open after it?"""
    with wire.makefile("rb") as stream:
        # This ends with the connection too; readline would answer nothing there, again and again.
        head = b"".join(takewhile(lambda line: line.strip(), stream))
        if not head:
            return False
        lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        canned.requests.append((head.decode(), stream.read(int(lengths[0].partition(b":")[2]))))
    answer = canned.answers.pop(0) if len(canned.answers) > 1 else canned.answers[0]
    wire.sendall(answer)
    return answer != HANGS_UP and b"Connection: close" not in answer
