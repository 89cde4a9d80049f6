"""The dashboard's files on their way to the bucket: in which order, as what, and what becomes of former ones."""

from typing import Any

import pytest

from infra.dashboard.files import File
from infra.deploy import dashboard
from infra.deploy.aws.account import Account
from infra.deploy.aws.names import Place
from infra.deploy.console import Console
from infra.deploy.site import Site

BUCKET = "cumulog-prod-site-123456789012-eu-central-1"
PAGE = File("index.html", "text/html; charset=utf-8", b"<!doctype html>")
SCRIPT = File("assets/main-1.js", "text/javascript; charset=utf-8", b"1")
NEWER = File("assets/main-2.js", "text/javascript; charset=utf-8", b"2")


class FakeS3:
    """A bucket in memory, which notes in which order things come."""

    def __init__(self) -> None:
        self.objects: dict[str, dict[str, Any]] = {}
        self.calls: list[str] = []

    def put_object(self, **asked: Any) -> None:
        assert (asked["Bucket"], asked["ExpectedBucketOwner"]) == (BUCKET, "123456789012")
        self.calls.append(f"put {asked['Key']}")
        self.objects[asked["Key"]] = {**asked, "tags": []}

    def copy_object(self, **asked: Any) -> None:
        assert asked["CopySource"] == {"Bucket": BUCKET, "Key": asked["Key"]}
        self.calls.append(f"copy {asked['Key']}")
        name, _, value = asked["Tagging"].partition("=")
        self.objects[asked["Key"]] |= {**asked, "tags": [{"Key": name, "Value": value}]}

    def get_object_tagging(self, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803 - boto3's names
        return {"TagSet": self.objects[Key]["tags"]}

    def get_paginator(self, _operation: str) -> "FakeS3":
        return self

    def paginate(self, **_asked: Any) -> list[dict[str, Any]]:
        return [{"Contents": [{"Key": key}]} for key in self.objects]


@pytest.fixture
def s3() -> FakeS3:
    return FakeS3()


@pytest.fixture
def site(s3: FakeS3) -> Site:
    place = Place("prod", "123456789012", "eu-central-1")
    account = Account(place.account, place.region, None, None)
    account.__dict__["_clients"] = {"s3": s3}
    return Site(account, place, Console())


def test_the_page_comes_last_since_it_names_the_others(site: Site, s3: FakeS3) -> None:
    dashboard.publish(site, [PAGE, SCRIPT])

    assert s3.calls == ["put assets/main-1.js", "put index.html"]


def test_files_are_what_they_are_and_kept_as_long_as_they_stay_the_same(site: Site, s3: FakeS3) -> None:
    dashboard.publish(site, [PAGE, SCRIPT])

    page, script = s3.objects["index.html"], s3.objects["assets/main-1.js"]
    assert (page["ContentType"], page["CacheControl"], page["Body"]) == (PAGE.kind, "no-cache", PAGE.content)
    assert script["ContentType"] == SCRIPT.kind
    assert "immutable" in script["CacheControl"]


def test_what_no_page_names_any_more_stays_for_pages_that_are_open_and_is_retired_once(site: Site, s3: FakeS3) -> None:
    for built in ([PAGE, SCRIPT], [PAGE, NEWER], [PAGE, NEWER]):
        dashboard.publish(site, built)

    former = s3.objects["assets/main-1.js"]
    assert (former["Body"], former["ContentType"]) == (SCRIPT.content, SCRIPT.kind)
    assert former["tags"] == [{"Key": "retired", "Value": "yes"}]
    assert s3.calls.count("copy assets/main-1.js") == 1


def test_a_file_that_comes_back_is_no_longer_retired(site: Site, s3: FakeS3) -> None:
    for built in ([PAGE, SCRIPT], [PAGE, NEWER], [PAGE, SCRIPT]):
        dashboard.publish(site, built)

    assert s3.objects["assets/main-1.js"]["tags"] == []
    assert s3.objects["assets/main-2.js"]["tags"] != []
