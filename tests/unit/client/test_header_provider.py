"""The header provider, as MLflow's own client uses it: the key of a request is the same in each of its attempts."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import EntryPoint
from pathlib import Path
from threading import Thread

import pytest
from mlflow import MlflowClient
from mlflow.tracking.request_header import registry

PROJECT = Path(__file__).parents[3] / "client" / "python" / "pyproject.toml"
GROUP = "mlflow.request_header_provider"


@pytest.fixture(autouse=True)
def _provided(monkeypatch: pytest.MonkeyPatch) -> None:
    """The provider that the package's entry point names, as if the package was installed."""
    (named,) = re.findall(rf'entry-points."{GROUP}"]\ncumulog = "(.+)"', PROJECT.read_text())
    provider = EntryPoint("cumulog", named, GROUP).load()
    known = registry.RequestHeaderProviderRegistry()
    known.register(provider)
    monkeypatch.setattr(registry, "_request_header_provider_registry", known)
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR", "0")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_BACKOFF_JITTER", "0")


@contextmanager
def failing(times: int) -> Iterator[tuple[str, list[str]]]:
    """A server that answers 503 so many times, and then that it made an experiment; and the keys that it was sent."""
    keys: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            keys.append(self.headers["Idempotency-Key"])
            body = json.dumps({"experiment_id": "1"}).encode()
            self.send_response(503 if len(keys) <= times else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", keys
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_each_attempt_at_a_request_has_the_same_key() -> None:
    with failing(2) as (url, keys):
        MlflowClient(url).create_experiment("wine")

    assert len(keys) == 3
    assert len(set(keys)) == 1
    assert len(keys[0]) == 32


def test_the_same_call_again_is_another_request() -> None:
    with failing(0) as (url, keys):
        for _ in range(2):
            MlflowClient(url).create_experiment("wine")

    assert len(set(keys)) == 2
