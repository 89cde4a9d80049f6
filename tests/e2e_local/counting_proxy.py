"""Stands in front of a server on loopback and counts the bytes that pass, heads and bodies, both ways together."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass
class Counter:
    """The proxy's own address, and what has passed so far."""

    url: str
    passed: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, size: int) -> None:
        with self.lock:
            self.passed += size


@contextmanager
def counting(server: str) -> Iterator[Counter]:
    """A proxy in front of the server at this URL, until the block ends."""
    behind = urlsplit(server)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        counter = Counter(f"http://127.0.0.1:{listener.getsockname()[1]}")
        thread = threading.Thread(target=_accept, args=(listener, (behind.hostname, behind.port), counter), daemon=True)
        thread.start()
        try:
            yield counter
        finally:
            # Closing alone would leave the thread in accept for ever.
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            thread.join(5)


def _accept(listener: socket.socket, behind: tuple[str, int], counter: Counter) -> None:
    with suppress(OSError):
        while True:
            client, _ = listener.accept()
            server = socket.create_connection(behind)
            for one, other in ((client, server), (server, client)):
                threading.Thread(target=_pass_on, args=(one, other, counter), daemon=True).start()


def _pass_on(source: socket.socket, target: socket.socket, counter: Counter) -> None:
    with suppress(OSError):
        while data := source.recv(1 << 16):
            counter.add(len(data))
            target.sendall(data)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
