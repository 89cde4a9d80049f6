"""What the commands take from make's variables."""

from pathlib import Path

import pytest

from infra.deploy import settings
from infra.deploy.aws.errors import Refused


def test_a_stage_is_all_that_is_needed():
    told = settings.from_environment({"STAGE": "prod"})

    assert (told.stage, told.region, told.profile, told.package) == ("prod", None, None, None)
    assert (told.assume_yes, told.delete_data) == (False, False)


def test_everything_that_can_be_told(tmp_path: Path):
    for name in ("template.json", "cumulog.zip"):
        (tmp_path / name).touch()
    env = {"STAGE": "eu1", "REGION": "eu-west-1", "PROFILE": "me", "YES": "1", "DATA": "delete"}

    told = settings.from_environment({**env, "PACKAGE": str(tmp_path)})

    assert (told.stage, told.region, told.profile, told.package) == ("eu1", "eu-west-1", "me", tmp_path)
    assert (told.assume_yes, told.delete_data) == (True, True)


@pytest.mark.parametrize(
    "wrong", [{}, {"STAGE": "X"}, {"YES": "0"}, {"DATA": "remove"}, {"DATA": "DELETE"}, {"PACKAGE": "/nowhere"}]
)
def test_what_makes_no_sense_is_refused(wrong):
    with pytest.raises(Refused):
        settings.from_environment({"STAGE": "prod", **wrong} if wrong else {})


@pytest.mark.parametrize(
    ("parameter", "name"), [("DashboardOrigin", "DASHBOARD_ORIGIN"), ("LogDays", "LOG_DAYS"), ("Stage", "STAGE")]
)
def test_a_parameter_has_a_variable(parameter, name):
    assert settings.variable(parameter) == name
