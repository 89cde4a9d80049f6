"""`mlflow models serve`, entirely stock, loads a registered version by its stage and answers as the model did."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import requests

from infra.local import engines, stack
from tests import servers
from tests.e2e_local.test_models import played

pytestmark = pytest.mark.skipif(engines.installed() != (True, True), reason="dynoxide or ministack is not installed")

SCRIPT = Path(__file__).with_name("registered_script.py")
START_SECONDS = 120


@pytest.mark.sampled(keep=1, of="a model that predicts as before")
def test_a_version_in_production_is_served(tmp_path: Path) -> None:
    with stack.running(tmp_path / "data") as running:
        seen = played(running.url, tmp_path / "seen.json", SCRIPT)
        with served("models:/wine/Production", running.url, tmp_path) as url:
            answer = requests.post(f"{url}/invocations", json={"inputs": seen["inputs"]}, timeout=60)

    assert (seen["version"], seen["stage"]) == ("1", "Production")
    assert answer.json() == {"predictions": seen["predictions"]}


@contextmanager
def served(model_uri: str, tracking_uri: str, folder: Path) -> Iterator[str]:
    """The URL of MLflow's own scoring server."""
    port, log = servers.free_port(), folder / "scoring.log"
    options = ["--env-manager", "local", "--host", "127.0.0.1", "--port", str(port)]
    # It calls uvicorn by name, which an environment has beside its Python.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    own = {"PATH": path, "MLFLOW_TRACKING_URI": tracking_uri, "MLFLOW_DISABLE_TELEMETRY": "true"}
    with log.open("wb") as output:
        # A session of its own: the command starts a server process, and both have to end together.
        process = subprocess.Popen(
            [sys.executable, "-m", "mlflow", "models", "serve", "-m", model_uri, *options],
            cwd=folder,
            env={**os.environ, **own},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait(f"http://127.0.0.1:{port}", process, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def _wait(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if requests.get(f"{url}/ping", timeout=2).status_code == 200:
                return
        except requests.ConnectionError:
            time.sleep(0.3)
    raise AssertionError(f"no scoring server at {url}:\n{log.read_text(errors='replace')[-2000:]}")
