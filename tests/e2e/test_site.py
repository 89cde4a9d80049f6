"""`make deploy` and `make destroy` of the dashboard's files, with a small package: brought, left out, taken away."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.deploy import settings
from infra.deploy.aws import account as accounts
from infra.deploy.aws.errors import Refused
from infra.deploy.aws.names import Place
from infra.deploy.built import Package
from infra.deploy.console import Console
from infra.deploy.deploy import deploy
from infra.deploy.destroy import destroy
from infra.deploy.site import Site
from tests.e2e import small_package
from tests.e2e.aws import ACCOUNT, REGION, Aws

NAME = "paged"
BUCKET = f"cumulog-{NAME}-site-{ACCOUNT}-{REGION}"
FILES = {"index.html": "<!doctype html>", "assets/main-1.js": "1"}


class Paged:
    """A stage of small packages with a dashboard."""

    def __init__(self, account: Aws, folder: Path) -> None:
        self.account, self.folder = account, folder
        self.said: list[str] = []

    def deploy(self, site: dict[str, str], without: bool = False, **variables: str) -> None:
        """`without` leaves out what the condition would: to ministack a condition that turns is no change."""
        template = small_package.with_site()
        if without:
            del template["Resources"]["SiteBucket"], template["Outputs"]["Dashboard"]
        package = Package(small_package.write(self.folder, template, site))
        deploy(self._site(), self._settings(variables), lambda: package)

    def destroy(self) -> None:
        destroy(self._site(), self._settings({"DATA": "delete"}))

    def outputs(self) -> dict[str, str]:
        [stack] = self.account.client("cloudformation").describe_stacks(StackName=f"cumulog-{NAME}")["Stacks"]
        return {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}

    def files(self) -> dict[str, Any] | None:
        """What is in the bucket; None if there is none."""
        s3 = self.account.client("s3")
        try:
            found = s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])
        except ClientError:
            return None
        return {each["Key"]: s3.get_object_tagging(Bucket=BUCKET, Key=each["Key"])["TagSet"] for each in found}

    def _site(self) -> Site:
        self.said = []
        entered = accounts.enter(None, None)
        return Site(entered, Place(NAME, entered.id, entered.region), Console(self.said.append))

    def _settings(self, variables: dict[str, str]) -> settings.Settings:
        return settings.from_environment({"STAGE": NAME, "YES": "1", **variables})


@pytest.fixture
def paged(account: Aws, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Paged]:
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name, value in account.environment.items():
        monkeypatch.setenv(name, value)
    made = Paged(account, tmp_path / "package")
    yield made
    made.destroy()


def test_files_are_brought_and_the_stack_is_told_their_address_once(paged: Paged) -> None:
    paged.deploy(FILES)
    told = [line for line in paged.said if "lets it fetch files" in line]
    paged.deploy({**FILES, "index.html": "<!doctype html><p>"})

    assert len(told) == 1
    assert [line for line in paged.said if "lets it fetch files" in line] == []
    assert paged.files() == {"index.html": [], "assets/main-1.js": []}
    assert paged.outputs()["Told"] == "<https://d1.cloudfront.net>"


def test_a_dashboard_can_be_left_out_and_brought_again(paged: Paged) -> None:
    paged.deploy(FILES)

    paged.deploy({}, without=True, DASHBOARD_SITE="off")
    assert paged.files() is None
    assert "Dashboard" not in paged.outputs()
    assert paged.outputs()["Told"] == "<>"

    paged.deploy(FILES, DASHBOARD_SITE="on")
    assert paged.files() == {"index.html": [], "assets/main-1.js": []}


def test_a_package_without_the_dashboard_is_refused_before_anything_is_made(paged: Paged) -> None:
    with pytest.raises(Refused, match="DASHBOARD_SITE=off"):
        paged.deploy({})

    assert paged.files() is None


def test_nothing_of_it_is_left_in_the_end(paged: Paged) -> None:
    paged.deploy(FILES)

    paged.destroy()

    assert paged.files() is None
    assert paged.said[-1] == f"Nothing left of stage {NAME} in {REGION}."
