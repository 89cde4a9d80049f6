"""`make deploy` and `make destroy` with a small package: what they refuse, what they survive, what they leave."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.deploy import __main__ as commands
from infra.deploy import settings
from infra.deploy.aws import account as accounts
from infra.deploy.aws.errors import Failed
from infra.deploy.aws.names import Place
from infra.deploy.built import Package
from infra.deploy.console import Console
from infra.deploy.deploy import deploy
from infra.deploy.destroy import destroy
from infra.deploy.site import Site
from tests.e2e import small_package
from tests.e2e.aws import ACCOUNT, REGION, Aws
from tests.e2e.small_package import Template

NAME = "small"
STACK = f"cumulog-{NAME}"
TABLES = {f"{STACK}-ledger", f"{STACK}-runs"}
BUCKET = f"{STACK}-{ACCOUNT}-{REGION}"
KEPT = {f"Kept: table {name}" for name in TABLES} | {f"Kept: bucket {BUCKET}"}


class Small:
    """A stage of small packages. `answers` are what the user types next; `said` is what the last command said."""

    def __init__(self, account: Aws, folder: Path) -> None:
        self.account, self.folder = account, folder
        self.answers: list[str] = []
        self.said: list[str] = []
        self.hear: Callable[[str], None] = lambda _: None

    def deploy(self, template: Template, **variables: str) -> None:
        package = Package(small_package.write(self.folder, template))
        deploy(self._site(), self._settings(variables), lambda: package)

    def destroy(self, **variables: str) -> None:
        destroy(self._site(), self._settings(variables))

    def state(self) -> Any:
        with suppress(ClientError):
            return self.account.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]["StackStatus"]
        return None

    def days(self) -> str:
        return self.output("Days")

    def output(self, name: str) -> str:
        [stack] = self.account.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
        return next(str(each["OutputValue"]) for each in stack["Outputs"] if each["OutputKey"] == name)

    def tables(self) -> set[str]:
        return {name for name in self.account.client("dynamodb").list_tables()["TableNames"] if STACK in name}

    def keep(self, key: str, body: bytes = b"kept") -> None:
        self.account.client("s3").put_object(Bucket=BUCKET, Key=key, Body=body)

    def kept(self, key: str) -> bytes:
        return bytes(self.account.client("s3").get_object(Bucket=BUCKET, Key=key)["Body"].read())

    def _site(self) -> Site:
        self.said = []
        entered = accounts.enter(None, None)
        return Site(entered, Place(NAME, entered.id, entered.region), Console(self._say, lambda _: self.answers.pop(0)))

    def _say(self, line: str) -> None:
        self.said.append(line)
        self.hear(line)

    def _settings(self, variables: dict[str, str]) -> settings.Settings:
        yes = {} if self.answers else {"YES": "1"}
        return settings.from_environment({"STAGE": NAME, **yes, **variables})


@pytest.fixture
def signed_in(account: Aws, monkeypatch: pytest.MonkeyPatch) -> Aws:
    """The environment of somebody who has this account and no other."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name, value in account.environment.items():
        monkeypatch.setenv(name, value)
    return account


@pytest.fixture
def small(signed_in: Aws, tmp_path: Path) -> Iterator[Small]:
    made = Small(signed_in, tmp_path / "package")
    yield made
    made.answers, made.hear = [], lambda _: None
    made.destroy(DATA="delete")


WRONG = [
    ({"STAGE": ""}, "STAGE is missing"),
    ({"STAGE": "Prod"}, "STAGE is 'Prod'"),
    ({"STAGE": "prod-eu"}, "STAGE is 'prod-eu'"),
    ({"STAGE": "code"}, "STAGE is 'code'"),
    ({"YES": "yes"}, "YES is 'yes'"),
    ({"DATA": "all"}, "DATA is 'all'"),
    ({"PACKAGE": "/nowhere"}, "PACKAGE is '/nowhere'"),
    ({"LOG_DAYS": "8"}, "LOG_DAYS is '8'; it may be 7, 30."),
    ({"PROFILE": "nobody"}, "nobody"),
    ({"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, "Unable to locate credentials"),
    ({"AWS_REGION": "", "AWS_DEFAULT_REGION": ""}, "No region is set"),
]


@pytest.mark.parametrize(("variables", "message"), WRONG)
def test_wrong_input_is_told_in_a_sentence_and_makes_nothing(
    signed_in: Aws,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    variables: dict[str, str],
    message: str,
) -> None:
    package = small_package.write(tmp_path / "package", small_package.template())
    before = signed_in.client("s3").list_buckets()["Buckets"]
    # The last two are what the command sets for itself, here so that they are put back.
    told = {"STAGE": "wrong", "YES": "1", "PACKAGE": str(package), "CUMULOG_RUNS_TABLE": "", "CUMULOG_LEDGER_TABLE": ""}
    for name, value in {**told, **variables}.items():
        monkeypatch.setenv(name, value)

    code = commands.main(["deploy"])

    printed = capsys.readouterr()
    assert (code, printed.out) == (2, "")
    assert message in printed.err
    assert signed_in.client("s3").list_buckets()["Buckets"] == before


@pytest.mark.sampled(keep=1)
@pytest.mark.parametrize("answer", ["", "n", NAME])
def test_whoever_says_no_gets_nothing(small: Small, answer: str) -> None:
    small.answers = [answer]

    with pytest.raises(Failed, match="Nothing was changed"):
        small.deploy(small_package.template())

    assert "  add         AWS::DynamoDB::Table: LedgerTable, RunsTable" in small.said
    assert (small.state(), small.tables()) == (None, set())


def test_a_deployment_again_changes_nothing(small: Small) -> None:
    small.answers = ["y"]
    small.deploy(small_package.template())

    small.deploy(small_package.template())

    assert small.said == ["Nothing to change: exactly this package is deployed already."]


def test_a_setting_stays_until_it_is_given_anew(small: Small) -> None:
    seen = []

    for variables in ({}, {"LOG_DAYS": "7"}, {}, {"LOG_DAYS": "30"}):
        small.deploy(small_package.template(), **variables)
        seen.append(small.days())

    assert seen == ["30", "7", "7", "30"]


def without_a_bucket(template: Template) -> None:
    del template["Resources"]["Bucket"]


def with_another_key(template: Template) -> None:
    template["Resources"]["RunsTable"]["Properties"]["KeySchema"][1]["AttributeName"] = "other"
    template["Resources"]["RunsTable"]["Properties"]["AttributeDefinitions"][1]["AttributeName"] = "other"


def with_another_name(template: Template) -> None:
    template["Resources"]["LedgerTable"]["Properties"]["TableName"] = {"Fn::Sub": "cumulog-${Stage}-book"}


@pytest.mark.sampled(keep=2)
@pytest.mark.parametrize("change", [without_a_bucket, with_another_key, with_another_name])
def test_a_package_that_would_lose_data_is_refused(small: Small, change: Callable[[Template], None]) -> None:
    small.deploy(small_package.template())
    harmful = small_package.template()
    change(harmful)

    with pytest.raises(Failed, match="Refused, as data would be lost"):
        small.deploy(harmful)

    assert (small.state(), small.tables()) == ("CREATE_COMPLETE", TABLES)


def test_a_first_deployment_that_fails_is_told_and_the_next_one_starts_over(small: Small) -> None:
    with pytest.raises(Failed, match="ROLLBACK_COMPLETE"):
        small.deploy(small_package.failing())
    assert any("CREATE_FAILED Impossible (AWS::CloudWatch::Alarm): " in line for line in small.said)

    small.deploy(small_package.template())

    assert "import      AWS::DynamoDB::Table: LedgerTable, RunsTable" in "\n".join(small.said)
    assert small.state() == "UPDATE_COMPLETE"


def test_a_first_deployment_that_was_killed_while_it_asked_is_no_obstacle(small: Small) -> None:
    asked = {"StackName": STACK, "ChangeSetName": "forgotten", "ChangeSetType": "CREATE"}
    template = {"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}}
    small.account.client("cloudformation").create_change_set(**asked, TemplateBody=json.dumps(template))
    assert small.state() == "REVIEW_IN_PROGRESS"

    small.deploy(small_package.template())

    assert small.state() == "CREATE_COMPLETE"


def test_an_update_that_fails_is_rolled_back_and_data_stays(small: Small) -> None:
    small.deploy(small_package.template())
    small.keep("a")

    with pytest.raises(Failed, match="UPDATE_ROLLBACK_COMPLETE"):
        small.deploy(small_package.failing(), LOG_DAYS="7")

    assert (small.days(), small.kept("a")) == ("30", b"kept")
    small.deploy(small_package.template(), LOG_DAYS="7")
    assert small.days() == "7"


@pytest.mark.sampled(keep=1)
@pytest.mark.parametrize("answer", ["", "y", "smal"])
def test_destroy_asks_for_the_name(small: Small, answer: str) -> None:
    small.deploy(small_package.template())
    small.answers = [answer]

    with pytest.raises(Failed, match="Nothing was removed"):
        small.destroy(DATA="delete")

    assert (small.state(), small.tables()) == ("CREATE_COMPLETE", TABLES)


def test_destroy_keeps_data_and_the_next_deployment_takes_it_up(small: Small) -> None:
    small.deploy(small_package.template())
    small.keep("a")
    small.answers = [NAME]

    for _ in range(2):
        small.destroy()
        assert set(small.said) >= KEPT
        assert (small.state(), small.tables(), small.kept("a")) == (None, TABLES, b"kept")
    small.deploy(small_package.template())

    assert "  import      AWS::DynamoDB::Table: LedgerTable, RunsTable" in small.said
    assert (small.state(), small.kept("a")) == ("UPDATE_COMPLETE", b"kept")


def test_what_half_a_destruction_left_is_taken_up_too(small: Small) -> None:
    small.deploy(small_package.template())
    small.destroy()
    dynamodb = small.account.client("dynamodb")
    dynamodb.update_table(TableName=f"{STACK}-runs", DeletionProtectionEnabled=False)
    dynamodb.delete_table(TableName=f"{STACK}-runs")

    small.deploy(small_package.template())

    assert "  import      AWS::DynamoDB::Table: LedgerTable" in small.said
    assert (small.state(), small.tables()) == ("UPDATE_COMPLETE", TABLES)


class Killed(BaseException):
    """The process ends here and now."""


# What destroy has just said when it is killed.
MOMENTS = ["this will be deleted permanently", "DELETE_COMPLETE Queue", "deleted table", "deleted bucket"]


@pytest.mark.sampled(keep=2)
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_destruction_that_was_killed_is_finished_by_the_next(small: Small, moment: str) -> None:
    def die(line: str) -> None:
        if moment in line:
            raise Killed

    small.deploy(small_package.template())
    for number in range(30):
        small.keep(f"file {number % 10}", b"%d" % number)
    s3 = small.account.client("s3")
    s3.delete_object(Bucket=BUCKET, Key="file 1")
    s3.create_multipart_upload(Bucket=BUCKET, Key="half")
    small.hear = die
    with pytest.raises(Killed):
        small.destroy(DATA="delete")
    small.hear = lambda _: None

    small.destroy(DATA="delete")

    assert small.said[-1] == f"Nothing left of stage {NAME} in {REGION}."
    assert (small.state(), small.tables()) == (None, set())
    assert BUCKET not in [each["Name"] for each in s3.list_buckets()["Buckets"]]


def test_the_same_stage_in_another_region_is_not_touched(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    small.deploy(small_package.template())
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("AWS_REGION", "eu-central-1")
        elsewhere.setenv("AWS_DEFAULT_REGION", "eu-central-1")
        small.deploy(small_package.template())

        small.destroy(DATA="delete")

        assert small.said[-1] == f"Nothing left of stage {NAME} in eu-central-1."
    assert (small.state(), small.tables()) == ("CREATE_COMPLETE", TABLES)


def test_a_code_bucket_that_a_stranger_has_taken_is_not_used(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    region = "eu-west-1"
    bucket = f"cumulog-code-{ACCOUNT}-{region}"
    stranger = small.account.client("s3", key="111111111111", region=region)
    stranger.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": region})
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("AWS_REGION", region)
        elsewhere.setenv("AWS_DEFAULT_REGION", region)

        with pytest.raises(Failed, match="belongs to another account"):
            small.deploy(small_package.template())

    assert "Contents" not in stranger.list_objects_v2(Bucket=bucket)


def test_jobs_run_in_the_default_vpc_until_subnets_are_named(small: Small) -> None:
    small.deploy(small_package.with_jobs(), YES="1")
    without = small.output("Jobs")
    small.deploy(small_package.with_jobs(), YES="1", BATCH="on")
    vpc, subnets = small.output("Jobs").split(" ")
    one = subnets.split(",")[0]
    small.deploy(small_package.with_jobs(), YES="1", BATCH_SUBNETS=one)

    assert (without, vpc[:4]) == (" ", "vpc-")
    assert small.output("Jobs") == f"{vpc} {one}"
