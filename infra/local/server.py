"""The server in front of the app, the sweeper beside it, and whether another one answers already."""

import errno
import gc
import http.client
import json
import logging
import signal
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from cheroot import wsgi

from chalicelib.errors import CumulogError
from infra.local.settings import CannotStart
from infra.local.wsgi import Application

THREADS = 16
_MOST_BYTES = 10_000
_OURS = (("Cumulog", None), (None, "UNAUTHENTICATED"))
log = logging.getLogger("cumulog.local")


def listen(port: int) -> socket.socket:
    """A socket on 127.0.0.1 alone, listening already; early callers wait until `serve`. Raises CannotStart."""
    listener = socket.socket()
    # A restart must not wait for the old connections to leave TIME_WAIT.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Accepted connections inherit it. cheroot sends head and body apart, and Nagle would add 40 ms between them.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen(1024)
    except OSError as error:
        listener.close()
        reason = _in_use(port) if error.errno == errno.EADDRINUSE else (error.strerror or "not usable").lower()
        raise CannotStart(f"Port {port} on 127.0.0.1 is {reason}; choose another with CUMULOG_PORT.") from error
    return listener


def is_cumulog(url: str) -> bool:
    """Whether a Cumulog answers at this address, open or closed."""
    try:
        with urllib.request.urlopen(f"{url}/api/3.0/mlflow/server-info", timeout=5) as reply:  # noqa: S310 - the user's
            return says_cumulog(reply.read(_MOST_BYTES))
    except urllib.error.HTTPError as refusal:
        with refusal:
            return says_cumulog(refusal.read(_MOST_BYTES))
    except (OSError, ValueError, http.client.HTTPException):
        return False


def says_cumulog(body: bytes) -> bool:
    """Whether this answers the question after the server's kind; where access is closed, an error does."""
    try:
        said = json.loads(body)
    except ValueError:
        return False
    return isinstance(said, dict) and (said.get("store_type"), said.get("error_code")) in _OURS


def _in_use(port: int) -> str:
    url = f"http://127.0.0.1:{port}"
    return (
        f"already in use: another Cumulog, on another data folder, is at {url}" if is_cumulog(url) else "already in use"
    )


class Server(wsgi.Server):
    """cheroot on a socket that listens already.

    A worker reads the request and writes the answer itself. In servers where the main thread does that, handing over
    between threads cost a fifth of the time of a log call.
    """

    def __init__(self, listener: socket.socket, application: Application) -> None:
        super().__init__(
            listener.getsockname(),
            application,
            numthreads=THREADS,
            request_queue_size=1024,
            # Between two requests on a connection; longer than any client of MLflow's waits before it reuses one.
            timeout=75,
            shutdown_timeout=5,
        )
        self._listener = listener

    def bind(self, *_: object) -> None:
        """What cheroot calls to make its socket."""
        self.socket = self._listener

    def error_log(self, msg: str = "", level: int = logging.INFO, traceback: bool = False) -> None:
        """What cheroot has to say; it would write even Ctrl-C to the terminal."""
        log.log(level, msg, exc_info=traceback)


def serve(listener: socket.socket, application: Application) -> None:
    """Answer requests until KeyboardInterrupt; what is being answered then is finished first, for at most 5 s."""
    # What is loaded by now stays: the collector need not look at it again and again.
    gc.collect()
    gc.freeze()
    server, ended = Server(listener, application), threading.Event()
    accepting = threading.Thread(target=_accept, args=(server, ended), name="accepting", daemon=True)
    # KeyboardInterrupt finds this thread waiting. In the middle of handing a connection to a worker, it would lose that
    # worker's wake-up, and the end would wait for the worker forever.
    try:
        with _uninterrupted():
            server.prepare()
            accepting.start()
        # Where the system gives the signal to another thread, this one notices it when it looks.
        while not ended.wait(1):
            pass
    finally:
        server.stop()
        accepting.join(timeout=5)


def _accept(server: Server, ended: threading.Event) -> None:
    try:
        server.serve()
    finally:
        ended.set()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Inside the block no signal ends anything; one that came is noticed after it."""
    ending = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, ending)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ending)


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
