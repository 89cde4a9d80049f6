import os
from pathlib import Path

import pytest

from tests.unit.client.fake_server import World
from tests.unit.client.reproduction.again import Home


@pytest.fixture
def home(tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", world.url)
    monkeypatch.delenv("CUMULOG_RECORD", raising=False)
    for name in [name for name in os.environ if name.startswith(("OMP_", "KMP_"))]:
        monkeypatch.delenv(name)
    return Home(tmp_path / "home", world)
