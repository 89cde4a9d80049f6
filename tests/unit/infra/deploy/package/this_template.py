"""Fixtures of this checkout's template, made once for a file of tests."""

from typing import Any

import pytest

from infra.deploy import package


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    return package.template()


@pytest.fixture(scope="module")
def resources(template: dict[str, Any]) -> dict[str, Any]:
    return dict(template["Resources"])
