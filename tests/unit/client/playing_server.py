"""A server that plays replies, whatever it is asked."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def playing(*connections: list[bytes]) -> Iterator[str]:
    """A server that gives each connection these replies, one a request, and then closes it."""
    listener = socket.create_server(("127.0.0.1", 0))

    def play() -> None:
        for replies in connections:
            peer, _ = listener.accept()
            with peer:
                for reply in replies:
                    peer.recv(65536)
                    peer.sendall(reply)

    thread = threading.Thread(target=play)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        thread.join()
        listener.close()
