"""One AWS and one package for all tests of this folder that run in one process."""

from pathlib import Path

import pytest

from infra.dashboard import build as dashboard
from infra.deploy import package
from tests import lasting
from tests.e2e import adapting, aws
from tests.e2e.aws import Aws


@pytest.fixture(scope="session")
def account(tmp_path_factory: pytest.TempPathFactory) -> Aws:
    if reason := aws.missing():
        pytest.skip(reason)
    return lasting.entered("tests/e2e/", aws.running(tmp_path_factory.mktemp("aws")))


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package like the one that is deployed, but for the interpreter that ministack runs Lambdas with."""
    dashboard.main()
    folder = package.build(tmp_path_factory.mktemp("package"), aws.target()).template.parent
    adapting.adapt(folder)
    return folder
