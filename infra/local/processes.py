"""Child processes on loopback addresses that cannot be guessed, which never outlive the stack.

A web page in the user's browser may send requests to any loopback port that it finds. dynoxide answers such requests
with `Access-Control-Allow-Origin: *`, so a page that found it could read and write everything. Linux answers on all
of 127.0.0.0/8: an engine at a random address there is one among 2^24 hosts times the ports, which no page can scan.
"""

import contextlib
import ctypes
import http.client
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from infra.local.settings import CannotStart

READY_SECONDS = 20.0
STOP_SECONDS = 5.0
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Address:
    host: str
    port: int

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"


@dataclass(frozen=True)
class Child:
    """A running engine. `probe` is the path that answers 200 once it is ready."""

    name: str
    process: "subprocess.Popen[bytes]"
    address: Address
    probe: str
    log: Path


def free_address() -> Address:
    """A loopback address and a port that is free now; 127.0.0.1 where the system has no other."""
    parts = [secrets.randbelow(256), secrets.randbelow(256), secrets.randbelow(253) + 2]
    for host in (f"127.{parts[0]}.{parts[1]}.{parts[2]}", "127.0.0.1"):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind((host, 0))
            return Address(host, probe.getsockname()[1])
    raise CannotStart("No free port was found on the loopback interface.")


def start(
    command: Sequence[str], env: Mapping[str, str], log: Path, descriptors: Sequence[int] = ()
) -> "subprocess.Popen[bytes]":
    """Start `command` in a session of its own, so that Ctrl-C reaches us alone and we end it after the last request.

    To be called from a thread that stays, as the main thread does: the kernel ends the child when the thread that
    started it ends. Its standard input stays open for as long as we live; of our other files it has `descriptors`.
    Raises CannotStart for what is no program of this platform.
    """
    with log.open("wb") as output:
        try:
            return subprocess.Popen(
                command,
                env=dict(env),
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=descriptors,
                preexec_fn=_dying_with(os.getpid()),
            )
        except OSError as error:
            raise CannotStart(f"{command[0]} could not be run: {error.strerror}.") from error


def wait_ready(child: Child) -> None:
    """Return when the engine answers. Raises CannotStart with the end of its log when it ends or stays silent."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and child.process.poll() is None:
        if _answers(child):
            return
        time.sleep(0.01)
    tail = child.log.read_text(errors="replace")[-1000:].strip()
    code = child.process.poll()
    how = f"did not answer for {READY_SECONDS:g} s" if code is None else f"ended with code {code}"
    raise CannotStart(
        f"The {child.name} engine did not start: it {how}. Its log {child.log} ends with:\n{tail or '(it is empty)'}"
    )


@contextlib.contextmanager
def ended_after(process: "subprocess.Popen[bytes]") -> Iterator[None]:
    """After the block the process is gone: asked first, then killed."""
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdin:
            process.stdin.close()


def _answers(child: Child) -> bool:
    connection = http.client.HTTPConnection(child.address.host, child.address.port, timeout=2)
    with contextlib.closing(connection), contextlib.suppress(OSError, http.client.HTTPException):
        connection.request("GET", child.probe)
        return connection.getresponse().status == 200
    return False


def _dying_with(parent: int) -> Callable[[], None] | None:
    if _libc is None:
        return None
    prctl = _libc.prctl

    def die_with_parent() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        # The parent may have been killed between the fork and the line above: then no signal will come.
        if os.getppid() != parent:
            os._exit(1)

    return die_with_parent
