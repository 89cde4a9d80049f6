"""What `make up` would do, as `make` itself tells."""

import os
import subprocess

import pytest

from infra.local.settings import REPOSITORY

INSTALLS = "infra.local.installing.engine"


def planned(*words):
    command = ["make", "--dry-run", "--always-make", *words]
    # Without the words and settings of the `make` that runs these tests.
    env = {"PATH": os.environ["PATH"]}
    return subprocess.run(
        command, cwd=REPOSITORY, env=env, capture_output=True, text=True, timeout=30, check=True
    ).stdout


def test_up_installs_the_engines_first():
    assert planned("up").index(INSTALLS) < planned("up").index("python -m infra.local\n")


@pytest.mark.parametrize("words", [["MEMORY=1"], ["CUMULOG_MEMORY=1"]])
def test_in_memory_nothing_is_installed_that_would_keep_it(words):
    plan = planned("up", *words)

    assert INSTALLS not in plan
    assert "ministack" not in plan
    assert "CUMULOG_MEMORY='1' exec" in plan


def test_the_demo_asks_for_the_stack_before_it_installs_anything_of_its_own():
    plan = planned("demo", "CUMULOG_PORT=5001")

    assert plan.index('infra.demo.reached "http://127.0.0.1:5001"') < plan.index("requirements-test.txt")


def test_the_tests_that_need_engines_are_preceded_by_the_question_whether_they_are_there():
    plan = planned("test")

    assert plan.index(INSTALLS) < plan.index("-m infra.local.engines") < plan.index("-m pytest")
