"""Fixtures for tests in which access is closed: import those that a file needs. Importing `closed` closes it."""

from collections.abc import Iterator

import pytest

from tests import principals
from tests.principals import Principal


@pytest.fixture(autouse=True)
def closed(store: None) -> Iterator[None]:
    with principals.closed():
        yield


@pytest.fixture
def admin() -> Principal:
    return principals.admin()


@pytest.fixture
def ada(admin: Principal) -> Principal:
    """A user without any permission."""
    return principals.user(admin, "ada")
