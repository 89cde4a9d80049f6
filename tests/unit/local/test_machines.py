from pathlib import Path

import pytest

from infra.local import machines
from infra.local.engines import OWN, Choice, Engines
from infra.local.settings import CannotStart, LocalSettings

URL = "http://127.0.0.1:8083"
MACHINE = "arn:aws:states:eu-west-1:123456789012:stateMachine:mine"
HERE = Choice(OWN, OWN)
AWS = Choice("aws", "aws")


def told(choice, endpoint, machine, data=Path("/nowhere")):
    settings = LocalSettings(5000, data, 30, None, None, endpoint, machine)
    with machines.available(settings, Engines(choice, (), "hush"), {}, data) as environment:
        return environment["CUMULOG_STATES_ENDPOINT"], environment["CUMULOG_TRANSITION_MACHINE"]


@pytest.mark.parametrize(
    ("choice", "endpoint", "machine", "expected"),
    [
        (HERE, URL, MACHINE, (URL, MACHINE)),
        (AWS, "aws", MACHINE, (None, MACHINE)),
        # Not asked for: nothing is started in an account by accident.
        (AWS, None, MACHINE, (None, None)),
        (AWS, None, None, (None, None)),
    ],
)
def test_a_machine_elsewhere_is_used_when_it_is_asked_for(choice, endpoint, machine, expected):
    assert told(choice, endpoint, machine) == expected


@pytest.mark.parametrize(("choice", "endpoint", "machine"), [(HERE, URL, None), (HERE, "aws", MACHINE)])
def test_settings_that_cannot_work_are_refused(choice, endpoint, machine):
    with pytest.raises(CannotStart, match="CUMULOG_STATES_ENDPOINT"):
        told(choice, endpoint, machine)


@pytest.mark.skipif(not machines.engines.MINISTACK_PYTHON.exists(), reason="ministack is not installed")
def test_our_own_engine_is_not_started_before_somebody_needs_it(tmp_path):
    (tmp_path / "logs").mkdir()

    url, machine = told(HERE, None, None, tmp_path)

    assert url.startswith("http://127.")
    assert machine == machines.ARN
    assert list((tmp_path / "logs").iterdir()) == []
