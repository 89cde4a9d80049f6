"""The whole local stack as a child process, for tests and benchmarks: started, stopped, or killed."""

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit

from infra.local import folder
from infra.local.settings import REPOSITORY

START_SECONDS = 60.0
STOP_SECONDS = 20.0


@dataclass(frozen=True)
class Stack:
    """A running stack. As a context manager it stops at the end of the block, unless it ended before.

    The endpoints are None where the store is kept in memory, and engines maps "dynamodb" and "s3" to process ids.
    """

    url: str
    data: Path
    process: "subprocess.Popen[bytes]"
    engines: Mapping[str, int]
    dynamodb_endpoint: str | None
    s3_endpoint: str | None
    log: Path

    def stop(self) -> int:
        """Ask it to end, as Ctrl-C does; the exit code. Raises subprocess.TimeoutExpired after 20 s."""
        self.process.terminate()
        return self.process.wait(STOP_SECONDS)

    def kill(self) -> None:
        """SIGKILL to the parent alone, so the engines must notice by themselves."""
        self.process.kill()
        self.process.wait(STOP_SECONDS)

    def kill_all(self) -> None:
        """SIGKILL to the engines and the parent: the nearest thing to a power cut."""
        for pid in self.engines.values():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.kill()

    def __enter__(self) -> "Stack":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.stop()


def running(data_folder: Path, port: int = 0, environment: Mapping[str, str] | None = None) -> Stack:
    """Start `python -m infra.local` on the folder and return once /health answers 200.

    Port 0 takes a free one. Of our own CUMULOG_ settings it sees none but those in `environment`: a test must not reach
    a real account by accident. Its output is appended to `<data_folder>.log`. Raises RuntimeError, with the end of that
    log, when the stack does not come up.
    """
    log = data_folder.with_name(data_folder.name + ".log")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CUMULOG_")}
    env = {**inherited, **(environment or {}), "CUMULOG_PORT": str(port), "CUMULOG_DATA": str(data_folder)}
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "infra.local"],
            cwd=REPOSITORY,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        facts = folder.read_note(data_folder)
        # A stack that was killed leaves its note.
        if facts.get("pid") == process.pid and facts["url"] and _is_healthy(facts["url"]):
            endpoints = {name: facts[name] for name in ("dynamodb_endpoint", "s3_endpoint")}
            return Stack(facts["url"], data_folder, process, facts["engines"], log=log, **endpoints)
        time.sleep(0.02)
    process.kill()
    raise RuntimeError(f"The local stack did not start (exit code {process.wait()}):\n{log.read_text()[-4000:]}")


def _is_healthy(url: str) -> bool:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=5)
    with contextlib.closing(connection), contextlib.suppress(OSError):
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    return False
