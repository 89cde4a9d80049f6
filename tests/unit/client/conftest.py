import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from cumulog._fluent import runs
from cumulog._fluent.process import process
from tests.unit.client.fake_server import World, serving
from tests.unit.client.jobs import Job


@pytest.fixture
def world() -> Iterator[World]:
    with serving() as served:
        yield served


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """MLflow's client notes the experiment that it was told to use in the environment, for the whole process."""
    for name in [name for name in os.environ if name.startswith("MLFLOW_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("MLFLOW_DISABLE_TELEMETRY", "true")


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this test's journals go, and those of the processes that it starts."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    # Nor does somebody's login count.
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("CUMULOG_JOURNAL", str(tmp_path / "journal"))
    return folder


@pytest.fixture(autouse=True)
def _nothing_said(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """What is said once per process is said once per test, and no server or journal of another test remains."""
    runs._said.clear()
    # The app, which other tests load, logs errors alone.
    caplog.set_level(logging.WARNING, "cumulog")
    monkeypatch.setattr(process, "_offline", [])
    monkeypatch.setattr(process, "server", None)
    monkeypatch.setattr(process, "experiment_id", "")
    monkeypatch.setattr(process, "experiment_name", "")


@pytest.fixture
def job(world: World) -> Job:
    return Job(world.url)
