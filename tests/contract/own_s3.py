"""Fixtures of files that need an S3 for real: ministack checks signatures, checksums and parts."""

from collections.abc import Iterator

import pytest

from chalicelib.config import settings
from chalicelib.storage import bucket
from infra.local import engines


@pytest.fixture(scope="module")
def ministack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[engines.Engines]:
    """S3 alone, on a fresh folder."""
    data = tmp_path_factory.mktemp("ministack")
    (data / "logs").mkdir()
    with engines.running(engines.Choice(dynamodb="http://127.0.0.1:9", s3=engines.OWN), data) as started:
        started.wait_ready()
        yield started


@pytest.fixture(autouse=True)
def artifacts(store: None, ministack: engines.Engines, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A bucket, and the settings that lead to it."""
    monkeypatch.setenv("CUMULOG_S3_ENDPOINT", ministack.url("s3") or "")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "cumulog-local")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", ministack.secret)
    settings.cache_clear()
    bucket.forget()
    bucket.create()
    yield
    bucket.forget()
