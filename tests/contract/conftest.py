"""The store for real: dynoxide carries out DynamoDB's conditions, transactions and races, and counts its units."""

import os
from collections.abc import Iterator

import pytest

from chalicelib.config import settings
from chalicelib.storage import connection
from infra.local import engines, processes
from tests.contract.store import empty


@pytest.fixture(scope="session")
def dynoxide_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dynoxide of this test process, on a fresh folder."""
    folder = tmp_path_factory.mktemp("dynoxide")
    address = processes.free_address()
    command = engines.dynamodb_command(address, folder)
    child = processes.Child("dynamodb", processes.start(command, {}, folder / "log"), address, "/", folder / "log")
    with processes.ended_after(child.process):
        processes.wait_ready(child)
        yield address.url


@pytest.fixture(autouse=True)
def store(dynoxide_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Two empty tables."""
    monkeypatch.setenv("CUMULOG_DYNAMODB_ENDPOINT", dynoxide_url)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    assert "AWS_PROFILE" not in os.environ
    _forget()
    empty()
    yield
    _forget()


def _forget() -> None:
    settings.cache_clear()
    connection.forget()
