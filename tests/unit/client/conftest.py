from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.client.fake_server import World, serving


@pytest.fixture
def world() -> Iterator[World]:
    with serving() as served:
        yield served


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this test's journals go, and those of the processes that it starts."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    monkeypatch.setenv("CUMULOG_JOURNAL", str(tmp_path / "journal"))
    return folder
