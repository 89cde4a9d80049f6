"""The link by which a closed stack lets the person at its terminal into the dashboard, and what the page may fetch."""

import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from infra.local import engines, stack
from infra.local.stack import Stack

pytestmark = pytest.mark.skipif(engines.installed() != (True, True), reason="dynoxide or ministack is not installed")


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("closed") / "data"
    with stack.running(folder, environment={"CUMULOG_ACCESS": "closed"}) as running:
        yield running


def code_of(closed: Stack) -> str:
    """The code of the link that the terminal shows."""
    found = re.search(rf"{re.escape(closed.url)}/#/signin\?code=([\w-]+)", closed.log.read_text())
    assert found
    return found[1]


def posted(url: str, fields: Any, **headers: str) -> tuple[int, Any]:
    body = json.dumps(fields).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json", **headers})
    try:
        with urllib.request.urlopen(request, timeout=20) as reply:
            return reply.status, json.loads(reply.read())
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, json.loads(refusal.read())


def test_the_link_of_the_terminal_signs_in_once_and_only_the_page_of_the_stack(closed: Stack) -> None:
    where, code = f"{closed.url}/local/sign-in", {"code": code_of(closed)}

    stranger = posted(where, code, Origin="http://evil.example")
    first = posted(where, code, Origin=closed.url)
    second = posted(where, code, Origin=closed.url)

    assert [stranger[0], first[0], second[0]] == [403, 200, 403]
    made = posted(
        f"{closed.url}/api/2.0/mlflow/experiments/create",
        {"name": "signed in"},
        Authorization=f"Bearer {first[1]['token']}",
    )
    assert made[0] == 200
    assert first[1]["token"] not in closed.log.read_text()


def test_the_page_may_fetch_files_from_the_bucket_and_other_pages_may_not(closed: Stack) -> None:
    def allowed(origin: str) -> str | None:
        asked = {"Origin": origin, "Access-Control-Request-Method": "GET"}
        request = urllib.request.Request(f"{closed.s3_endpoint}/cumulog-artifacts/0/x", headers=asked, method="OPTIONS")
        try:
            with urllib.request.urlopen(request, timeout=20) as reply:
                return reply.headers["Access-Control-Allow-Origin"]
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.headers["Access-Control-Allow-Origin"]

    own = [closed.url, closed.url.replace("127.0.0.1", "localhost")]

    assert [allowed(origin) for origin in own] == own
    assert allowed("http://evil.example") is None
