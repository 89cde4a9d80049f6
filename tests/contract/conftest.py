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


@pytest.fixture(scope="module", autouse=True)
def engine_of_the_store(dynoxide_url: str) -> Iterator[None]:
    """For one file of tests: the tests of other folders talk to other engines in the same process."""
    assert "AWS_PROFILE" not in os.environ
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CUMULOG_DYNAMODB_ENDPOINT", dynoxide_url)
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            environment.setenv(name, "test")
        environment.setenv("AWS_DEFAULT_REGION", "us-east-1")
        _forget()
        yield
    _forget()


@pytest.fixture(autouse=True)
def store(engine_of_the_store: None) -> Iterator[None]:
    """Two empty tables."""
    settings.cache_clear()
    empty()
    yield
    settings.cache_clear()


def _forget() -> None:
    settings.cache_clear()
    connection.forget()
