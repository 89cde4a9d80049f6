"""Web pages of the dashboard's origin use presigned URLs, and no other pages do: S3 itself decides."""

from collections.abc import Iterator

import pytest

from chalicelib.storage import bucket, objects, presigned
from infra.local import engines
from tests.contract import s3
from tests.contract.own_s3 import artifacts as artifacts
from tests.contract.own_s3 import ministack as ministack

pytestmark = pytest.mark.skipif(not engines.installed()[1], reason="ministack is not installed")

PAGE = "https://ml.example.org"
OTHER = "https://evil.example.org"
ALLOWED = "Access-Control-Allow-Origin"


@pytest.fixture
def page() -> Iterator[None]:
    """One origin is allowed during the test, as if the stack had been started with the setting."""
    bucket.allow_pages([PAGE])
    yield
    bucket.allow_pages([])


def asked(origin: str, method: str, headers: str = "") -> s3.Answer:
    """The answer to a browser that asks whether a page may call."""
    told = {"Origin": origin, "Access-Control-Request-Method": method, "Access-Control-Request-Headers": headers}
    return s3.ask("OPTIONS", signed(), headers={name: value for name, value in told.items() if value})


def signed() -> str:
    return presigned.get("0/run/artifacts/page.html", 'attachment; filename="page.html"', "text/plain")


def test_a_page_may_download_and_upload(page: None) -> None:
    objects.put("0/run/artifacts/page.html", b"<script>")

    downloading, uploading = asked(PAGE, "GET", "range"), asked(PAGE, "PUT", "content-type,x-amz-checksum-sha256")
    answer = s3.ask("GET", signed(), headers={"Origin": PAGE})

    assert [each.status for each in (downloading, uploading, answer)] == [200] * 3
    assert {each.headers[ALLOWED] for each in (downloading, uploading, answer)} == {PAGE}
    assert "Content-Range" in answer.headers["Access-Control-Expose-Headers"]
    assert answer.headers["Content-Type"] == "text/plain"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="page.html"'


def test_pages_of_several_origins_may_be_allowed() -> None:
    bucket.allow_pages([PAGE, OTHER])

    answers = [asked(origin, "GET") for origin in (PAGE, OTHER, "https://third.example.org")]

    assert [answer.status for answer in answers] == [200, 200, 403]
    assert [answer.headers.get(ALLOWED) for answer in answers] == [PAGE, OTHER, None]
    bucket.allow_pages([])


@pytest.mark.parametrize(
    ("origin", "method", "headers"),
    [(OTHER, "GET", ""), ("null", "GET", ""), (PAGE, "DELETE", ""), (PAGE, "PUT", "x-amz-acl")],
)
def test_no_more_than_that_is_allowed(page: None, origin: str, method: str, headers: str) -> None:
    answer = asked(origin, method, headers)

    assert answer.status == 403
    assert ALLOWED not in answer.headers


def test_a_bucket_that_allowed_another_page_before_does_so_no_more(page: None) -> None:
    bucket.allow_pages([OTHER])
    assert (asked(OTHER, "GET").status, asked(PAGE, "GET").status) == (200, 403)

    bucket.allow_pages([])

    assert asked(OTHER, "GET").status == 403
    assert s3.ask("GET", signed(), headers={"Origin": OTHER}).headers.get(ALLOWED) is None
