from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.client.cloud.fake_batch import Jobs, batch
from tests.unit.client.fake_server import World

MLPROJECT = """
name: tests
entry_points:
  main:
    parameters:
      text: {type: string, default: x}
      data: {type: path, default: data.csv}
    command: "printf '%s|' {text} && cat {data}"
  searched:
    parameters: {text: string, more: float, data: path}
    command: "echo {text} {more} && cat {data}"
  fails:
    command: "exit 9"
"""


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Jobs]:
    with batch() as made:
        for name, value in {
            "AWS_ENDPOINT_URL_BATCH": made.url,
            "AWS_DEFAULT_REGION": "eu-central-1",
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "CUMULOG_BATCH_QUEUE": "queue",
            "CUMULOG_BATCH_DEFINITION": "definition",
        }.items():
            monkeypatch.setenv(name, value)
        yield made


@pytest.fixture
def folder(tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    monkeypatch.setenv("MLFLOW_TRACKING_URI", world.url)
    monkeypatch.setenv("CUMULOG_ENV_MANAGER", "local")
    place = tmp_path / "project"
    place.mkdir()
    (place / "MLproject").write_text(MLPROJECT)
    (place / "data.csv").write_text("1,2")
    return place
