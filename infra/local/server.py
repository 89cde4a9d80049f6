"""The server in front of the app, and the sweeper beside it."""

import errno
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import waitress

from chalicelib.errors import CumulogError
from infra.local.settings import CannotStart
from infra.local.wsgi import Application

THREADS = 16
log = logging.getLogger("cumulog.local")


def listen(port: int) -> socket.socket:
    """A socket on 127.0.0.1 alone, listening already; early callers wait until `serve`. Raises CannotStart."""
    listener = socket.socket()
    # A restart must not wait for the old connections to leave TIME_WAIT.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen(1024)
    except OSError as error:
        listener.close()
        reason = "already in use" if error.errno == errno.EADDRINUSE else (error.strerror or "not usable").lower()
        raise CannotStart(f"Port {port} on 127.0.0.1 is {reason}; choose another with CUMULOG_PORT.") from error
    return listener


def serve(listener: socket.socket, application: Application) -> None:
    """Answer requests until KeyboardInterrupt; what is being answered then is finished first, for at most 5 s."""
    # More requests than threads is a training cluster's normal state; waitress would log each one that waits.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    server = waitress.create_server(
        application,
        sockets=[listener],
        threads=THREADS,
        connection_limit=1000,
        ident=None,
        clear_untrusted_proxy_headers=True,
    )
    try:
        server.run()
    finally:
        server.close()


@contextmanager
def sweeping(seconds: float, sweep: Callable[[], object]) -> Iterator[None]:
    """Inside the block a thread calls `sweep` every so many seconds."""
    stop = threading.Event()
    thread = threading.Thread(target=_sweep_until, args=(stop, seconds, sweep), name="sweeper", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=5)


def _sweep_until(stop: threading.Event, seconds: float, sweep: Callable[[], object]) -> None:
    while not stop.wait(seconds):
        try:
            sweep()
        except CumulogError as error:
            # Every step of a sweep may be repeated, so the next one takes up what this one left.
            log.warning("The sweep failed and will be tried again in %g s: %s", seconds, error.message)
