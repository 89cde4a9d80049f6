"""The whole application in this process: requests through the gateway, moto behind it, empty at the start of a test."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto.core import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

from chalicelib import remembered
from chalicelib.access import filled
from chalicelib.config import settings
from chalicelib.storage import connection, objects, tables
from chalicelib.storage.bucket import client as bucket_client
from infra.local import forgetful
from tests import client as api
from tests.api import quicker_moto, strictness

quicker_moto.install()

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
        strictness.watch(connection.connection().client.meta.events)
        tables.create_missing()
        yield
    forget()


@pytest.fixture(autouse=True)
def store(aws: None) -> None:
    """Two empty tables."""
    emptied()


@pytest.fixture(scope="module")
def s3_bucket(aws: None) -> Any:
    objects.create_bucket()
    return boto3.resource("s3").Bucket(settings().bucket)


@pytest.fixture
def bucket(s3_bucket: Any) -> Any:
    """An empty bucket, for what is too long for an item."""
    s3_bucket.objects.all().delete()
    return s3_bucket


@pytest.fixture
def experiment_id() -> str:
    return api.create_experiment()


@pytest.fixture
def run_id(experiment_id: str) -> str:
    return api.create_run(experiment_id)


@pytest.fixture
def root(experiment_id: str, run_id: str) -> str:
    return f"{experiment_id}/{run_id}/artifacts"


@pytest.fixture
def model_root(experiment_id: str) -> str:
    created = api.done("/logged-models", experiment_id=experiment_id, name="m")
    return f"{experiment_id}/models/{created['model']['info']['model_id']}/artifacts"


@pytest.fixture
def asked_of_s3(aws: None) -> Iterator[list[str]]:
    """The operations that S3 has been asked for, as they come."""
    asked: list[str] = []
    events = bucket_client().meta.events

    def note(model: Any, **_: Any) -> None:
        asked.append(model.name)

    events.register("before-call.s3", note)
    yield asked
    events.unregister("before-call.s3", note)


def emptied() -> None:
    """Empty the tables, and drop what this process remembers of them."""
    # In moto's own memory: to delete and create the tables takes longer than most tests do.
    for backend in dynamodb_backends[DEFAULT_ACCOUNT_ID].values():
        for table in backend.tables.values():
            table.items.clear()
    filled.mark_as_new()
    remembered.forget_all()


def forget() -> None:
    """Drop what this process holds of its settings and stores."""
    settings.cache_clear()
    connection.forget()
    objects.forget()
