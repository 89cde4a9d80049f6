"""The header provider, as MLflow's own client uses it: the key of a request is the same in each of its attempts."""

import re
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from mlflow import MlflowClient
from mlflow.tracking.request_header import registry

from tests.unit.client.failing_server import failing

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
