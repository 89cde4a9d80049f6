from pathlib import Path

import pytest

from infra.local import engines
from infra.local.engines import MEMORY, OWN, Choice, Engines
from infra.local.processes import Address, Child
from infra.local.settings import CannotStart, LocalSettings

URL = "http://127.0.0.1:8000"

CHOICES = [
    # dynamodb setting, s3 setting, dynoxide there, ministack there → dynamodb, s3
    (None, None, True, True, OWN, OWN),
    (None, None, False, True, MEMORY, OWN),
    (None, None, True, False, OWN, MEMORY),
    (None, None, False, False, MEMORY, MEMORY),
    (URL, None, True, True, URL, OWN),
    (URL, None, False, False, URL, MEMORY),
    ("aws", "aws", False, False, "aws", "aws"),
    (None, "aws", True, False, OWN, "aws"),
]


def settings(dynamodb, s3, may_forget=True):
    return LocalSettings(5000, Path("/data"), 30, dynamodb, s3, may_forget=may_forget)


@pytest.mark.parametrize(("dynamodb", "s3", "dynoxide", "ministack", "first", "second"), CHOICES)
def test_a_setting_wins_then_our_engine_then_memory(dynamodb, s3, dynoxide, ministack, first, second):
    assert engines.choose(settings(dynamodb, s3), dynoxide, ministack) == Choice(first, second)


@pytest.mark.parametrize(
    ("dynoxide", "ministack", "named"),
    [(False, True, ["dynoxide"]), (True, False, ["ministack"]), (False, False, ["dynoxide", "ministack"])],
)
def test_a_missing_engine_is_refused_unless_the_user_allows_to_forget(dynoxide, ministack, named):
    with pytest.raises(CannotStart) as refusal:
        engines.choose(settings(None, None, may_forget=False), dynoxide, ministack)

    said = str(refusal.value)
    assert [name for name in ("dynoxide", "ministack") if f"engine, {name}, is not installed" in said] == named
    assert "make up MEMORY=1" in said


def test_an_endpoint_that_is_set_needs_no_engine():
    assert engines.choose(settings(URL, URL, may_forget=False), False, False) == Choice(URL, URL)


def test_memory_beside_real_aws_is_refused():
    with pytest.raises(CannotStart, match="'aws'"):
        engines.choose(settings("aws", None), True, False)


def started(choice):
    child = Child("dynamodb", None, Address("127.1.2.3", 4000), "/", Path("log"))
    return Engines(choice, (child,) if choice.dynamodb == OWN else (), "hush")


def test_chalicelib_is_told_where_the_engines_are_and_the_users_own_keys_are_hidden(monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "production")

    found = engines.environment(started(Choice(OWN, MEMORY)))

    assert found["CUMULOG_DYNAMODB_ENDPOINT"] == "http://127.1.2.3:4000"
    assert found["CUMULOG_S3_ENDPOINT"] is None
    assert found["CUMULOG_SHOW_CAPACITY"] == "1"
    assert found["AWS_SECRET_ACCESS_KEY"] == "hush"
    assert found["AWS_PROFILE"] is None


def test_an_emulator_on_this_machine_needs_no_keys_of_the_user():
    assert engines.environment(started(Choice(URL, MEMORY)))["AWS_SECRET_ACCESS_KEY"] == "hush"


@pytest.mark.parametrize("choice", [Choice("aws", "aws"), Choice(URL, "aws"), Choice("https://db.example", "aws")])
def test_beside_real_aws_the_users_keys_and_region_stay(choice, monkeypatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.delenv("AWS_REGION", raising=False)

    found = engines.environment(started(choice))

    assert found["CUMULOG_S3_ENDPOINT"] is None
    assert found["AWS_DEFAULT_REGION"] == "eu-central-1"
    assert "AWS_ACCESS_KEY_ID" not in found
    assert "AWS_PROFILE" not in found
