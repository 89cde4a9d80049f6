"""Starting what the measuring tests talk to: Cumulog's local stack, and the `mlflow server` that it is compared with.

Both listen on loopback on a port that the system chose, keep their data in the folder given, and end with the block.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

import requests

START_SECONDS = 120
STOP_SECONDS = 60

Server = Callable[[Path], AbstractContextManager[str]]


def ours() -> Server:
    """What stands beside MLflow: the local stack, or with PARITY_SELF_CHECK=1 a second MLflow, to try the tests."""
    return mlflow if self_check() else cumulog


def self_check() -> bool:
    """Is this a trial of the tests themselves, with MLflow on both sides?"""
    return os.environ.get("PARITY_SELF_CHECK") == "1"


@contextmanager
def cumulog(folder: Path) -> Iterator[str]:
    """The URL of a local stack whose data live in `folder`."""
    # Imported here, so that the harness can be checked with MLflow on both sides where the stack cannot run.
    from infra.local import stack

    with stack.running(folder) as running:
        yield running.url


@contextmanager
def dynoxide(folder: Path) -> Iterator[str]:
    """The URL of the DynamoDB engine by itself, with its data in `folder`."""
    # Imported here for the reason above.
    from infra.local import engines, processes

    address, log = processes.free_address(), folder / "dynamodb.log"
    process = processes.start(engines.dynamodb_command(address, folder), {}, log)
    with processes.ended_after(process):
        processes.wait_ready(processes.Child("dynamodb", process, address, "/", log))
        yield address.url


@contextmanager
def mlflow(
    folder: Path, artifacts: str | None = None, environment: Mapping[str, str] | None = None, workers: int = 1
) -> Iterator[str]:
    """The URL of the reference: `mlflow server` on SQLite, telemetry off.

    Artifacts lie in `folder`, or in the destination given; `environment` is added to its own.
    """
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    log = folder / "server.log"
    with log.open("wb") as output:
        # A session of its own: the command starts a worker process, and both have to end together.
        process = subprocess.Popen(
            _mlflow_command(folder, port, artifacts or str(folder / "artifacts"), workers),
            cwd=folder,
            env={**_mlflow_environment(), **(environment or {})},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_healthy(url, process, log)
        yield url
    finally:
        _end(process)


def free_port() -> int:
    """A port of the loopback interface that nobody listens on at this moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_until_healthy(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return once /health answers 200. Raises RuntimeError, with the end of the log, when that does not come."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if _healthy(url):
            return
        time.sleep(0.1)
    raise RuntimeError(f"no server at {url}:\n{log.read_text(errors='replace')[-2000:]}")


def _healthy(url: str) -> bool:
    try:
        return requests.get(f"{url}/health", timeout=2).status_code == 200
    except requests.RequestException:
        return False


def _mlflow_command(folder: Path, port: int, artifacts: str, workers: int) -> list[str]:
    store = f"sqlite:///{folder / 'mlflow.db'}"
    places = ["--backend-store-uri", store, "--artifacts-destination", artifacts]
    return [
        sys.executable,
        "-m",
        "mlflow",
        "server",
        *places,
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--workers",
        str(workers),
    ]


def _mlflow_environment() -> dict[str, str]:
    # A tracking URI left in the caller's environment would make the server a client of another one.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MLFLOW_")}
    # The job executor is a second process that no tested call needs.
    quiet = {"MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
    return {**kept, **quiet}


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(STOP_SECONDS)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(STOP_SECONDS)
