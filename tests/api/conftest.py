"""The whole application in this process: requests through the gateway, moto behind it, empty at the start of a test."""

from collections.abc import Iterator

import pytest

from chalicelib.config import settings
from chalicelib.storage import connection, objects
from infra.local import forgetful
from tests import client as api
from tests.contract.store import empty

_CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "us-east-1",
}
_ENDPOINTS = ("CUMULOG_DYNAMODB_ENDPOINT", "CUMULOG_S3_ENDPOINT", "AWS_PROFILE")


@pytest.fixture(scope="module")
def aws() -> Iterator[None]:
    """moto, for one file of tests: the tests of other folders talk to other engines in the same process."""
    with pytest.MonkeyPatch.context() as environment, forgetful.pretending():
        for name, value in _CREDENTIALS.items():
            environment.setenv(name, value)
        for name in _ENDPOINTS:
            environment.delenv(name, raising=False)
        forget()
        yield
    forget()


@pytest.fixture(autouse=True)
def store(aws: None) -> None:
    """Two empty tables."""
    empty()


@pytest.fixture
def bucket(aws: None) -> None:
    """The bucket, for tests that store what is too long for an item."""
    objects.create_bucket()


@pytest.fixture
def experiment_id() -> str:
    return api.create_experiment()


@pytest.fixture
def run_id(experiment_id: str) -> str:
    return api.create_run(experiment_id)


def forget() -> None:
    """Drop what this process holds of its settings and stores."""
    settings.cache_clear()
    connection.forget()
    objects.forget()
