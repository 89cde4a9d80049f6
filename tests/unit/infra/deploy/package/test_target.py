"""For which Python a package is built."""

import pytest

from infra.deploy.package.target import RUNTIMES, best


@pytest.mark.parametrize("python", RUNTIMES)
def test_from_a_python_that_lambda_has_it_is_built_for_the_same_one(python):
    assert best(python).runtime == f"python{python}"


@pytest.mark.parametrize("python", ["3.10", "3.11", "3.99"])
def test_from_any_other_it_is_built_for_the_oldest_one_that_will_do(python):
    assert best(python).runtime == f"python{RUNTIMES[0]}"
