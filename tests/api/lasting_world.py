"""Fixtures for files that keep one world for all their tests: what a test changes is put back, not made again."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.api import closed_world
from tests.api.closed import World
from tests.api.saved import Saved


@pytest.fixture(scope="module", autouse=True)
def store(aws: None) -> None:
    """Instead of two empty tables for each test."""


@pytest.fixture(scope="module")
def made(store: None, s3_bucket: Any) -> Iterator[tuple[World, Saved]]:
    with closed_world.lasting() as made:
        yield made


@pytest.fixture
def world(made: tuple[World, Saved]) -> Iterator[World]:
    """The world as it was at the start."""
    yield made[0]
    closed_world.put_back(*made)
