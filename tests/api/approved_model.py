"""The fixture of files about transitions that need approval."""

import pytest

from tests import registered


@pytest.fixture
def folder() -> str:
    """Of a model with three versions that need two approvals to enter Production."""
    found = registered.model(versions=3)
    registered.ask_for_approval(needed=2)
    return found
