"""Requests to the server: connections that are kept, and what is tried again."""

from base64 import b64encode

import pytest

import cumulog
from cumulog._http.credentials import authorization
from cumulog._http.transport import Transport
from tests.unit.client.playing_server import playing

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
BUSY = b"HTTP/1.1 429 Busy\r\nRetry-After: 7\r\nContent-Length: 2\r\n\r\n{}"


def test_no_attempt_begins_after_the_time_that_is_given() -> None:
    slept: list[float] = []
    with playing([BUSY]) as url, pytest.raises(cumulog.ApiError, match=r"429 \(1 attempt\)"):
        Transport(url, retry=cumulog.Retry(sleep=slept.append, within=5.0)).send("GET", "/x")

    assert slept == []


def test_a_connection_serves_several_requests() -> None:
    with playing([OK, OK, OK]) as url:
        transport = Transport(url)
        assert [transport.once("GET", "/x").status for _ in range(3)] == [200] * 3


def test_a_kept_connection_that_the_server_closed_is_replaced() -> None:
    with playing([OK], [OK]) as url:
        transport = Transport(url)
        assert [transport.once("GET", "/x").status for _ in range(2)] == [200] * 2


@pytest.mark.parametrize("reply", [OK.replace(b"Length: 2", b"Length: 9"), OK[:12], OK[:17], OK[:25]])
def test_a_reply_that_was_cut_off_is_none(reply: bytes) -> None:
    with playing([reply]) as url, pytest.raises(cumulog.ApiError) as told:
        Transport(url).once("GET", "/x")

    assert told.value.status == 0


def test_a_redirect_to_what_is_no_url_is_told() -> None:
    nowhere = b"HTTP/1.1 302 Found\r\nLocation: http://[\r\nContent-Length: 0\r\n\r\n"
    with playing([nowhere]) as url, pytest.raises(cumulog.ApiError, match="redirects to something that is no URL"):
        Transport(url).once("GET", "/x")


def test_the_wait_that_the_server_asks_for_is_kept() -> None:
    slept: list[float] = []
    with playing([BUSY, OK]) as url:
        reply = Transport(url, retry=cumulog.Retry(sleep=slept.append)).send("GET", "/x")

    assert (reply.status, slept) == (200, [7.0])


def test_the_last_refusal_is_the_reply() -> None:
    with playing([BUSY]) as url:
        assert Transport(url, retry=cumulog.Retry(attempts=1)).send("GET", "/x").retry_after == 7


@pytest.mark.parametrize("token", ["secret\n5", "s\u00e9cret"])
def test_a_token_that_no_header_can_hold_is_refused_and_not_shown(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", token)

    with pytest.raises(cumulog.ApiError, match="MLFLOW_TRACKING_TOKEN holds") as caught:
        Transport("http://127.0.0.1:9").once("GET", "/x")

    assert (caught.value.status, "cret" in str(caught.value)) == (401, False)


def test_a_password_that_is_no_text_is_refused_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", "ada")
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", "secret\udcff")

    with pytest.raises(cumulog.ApiError, match="is no text in UTF-8") as caught:
        authorization()

    assert (caught.value.status, "secret" in str(caught.value), caught.value.__cause__) == (401, False, None)


@pytest.mark.parametrize("proxy", ["http://ada:secret", "http://ada:x@[secret]:1", "http://ada:secret@proxy:99999"])
def test_a_proxy_that_is_no_url_is_said_and_not_shown(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("HTTPS_PROXY", proxy)

    with pytest.raises(cumulog.ApiError, match="HTTPS_PROXY or its like is no URL") as caught:
        Transport("https://server.invalid").once("GET", "/x")

    assert "secret" not in str(caught.value)


def test_blanks_around_credentials_do_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", " secret\n")
    assert authorization() == {"Authorization": "Bearer secret"}

    monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", "ada\n")
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", " x \n")
    assert authorization() == {"Authorization": "Basic " + b64encode(b"ada: x ").decode()}


def test_a_server_out_of_reach_has_no_status() -> None:
    with pytest.raises(cumulog.ApiError) as caught:
        Transport("http://127.0.0.1:9").once("GET", "/x")

    assert caught.value.status == 0
