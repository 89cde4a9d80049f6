"""Which server is meant, and which experiment of it: one rule, whoever asks."""

from collections.abc import Callable
from typing import Any

import pytest

import cumulog
from cumulog._command import main
from cumulog._fluent import environment
from cumulog._fluent.process import process
from cumulog._http import servers
from cumulog._http.errors import ApiError
from cumulog._http.experiments import found_or_created

WRONG = "is no URL of a server, which begins with https://"


@pytest.fixture(autouse=True)
def unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "server", None)
    monkeypatch.setattr(environment, "_said", set())


@pytest.mark.parametrize(
    "url", ["localhost:5000", "sqlite:///mlflow.db", "./mlruns", "https://", "ftp://server", "http://h:0", "http://a b"]
)
def test_what_is_no_url_is_said_with_the_same_words_wherever_it_stands(
    url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", url)
    wrong = f"'{url}' {WRONG}"

    assert cumulog.get_tracking_uri() == ""
    assert [wrong in line for line in caplog.messages] == [True]
    with pytest.raises(cumulog.CumulogError) as raised:
        cumulog.Client()
    assert wrong in str(raised.value)
    for command in (["sync"], ["admin", "whoami"]):
        assert main(command) == 1
        assert wrong in capsys.readouterr().err

    monkeypatch.delenv("MLFLOW_TRACKING_URI")
    environment._said.clear()
    cumulog.set_tracking_uri(url)
    assert cumulog.get_tracking_uri() == ""
    assert [wrong in line for line in caplog.messages] == [True, True]
    with pytest.raises(cumulog.CumulogError, match=WRONG):
        cumulog.Client(url)


@pytest.mark.parametrize("url", ["HTTPS://server", "https://server/"])
def test_a_scheme_in_capitals_and_a_slash_at_the_end_name_the_same_server(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", url)

    assert cumulog.get_tracking_uri() == "https://server"


@pytest.mark.parametrize(
    "url",
    [
        *("http://server:99999", "http://server:port", "http://:5000", "http://se rver", "http://a..b", "http://.a"),
        *(f"http://{'a' * 64}.b", "http://[x]:5000", "http://[::1", "http://[::1]x", "http://h?x=1", "http://h#x"),
        *("http://server/a b", "http://server/a\nb", "http://server/\u00e9"),
    ],
)
def test_a_place_that_cannot_be_reached_is_no_url(url: str) -> None:
    assert WRONG in servers.flaw(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://server:1",
        "http://[::1]:5000",
        "http://[::1]",
        "https://u:p@server:5000/path",
        "http://a.b.",
        "http://\u00e9.b",
    ],
)
def test_a_host_with_or_without_a_port_is_one(url: str) -> None:
    assert servers.flaw(url) == ""


@pytest.mark.parametrize(
    "url", ["u:secret@server:5000", "http:/u:secret@server", "http://u:secret@server:99999", "ftp://u:1/secret@server"]
)
def test_a_password_in_what_is_no_url_is_not_shown(url: str) -> None:
    assert servers.flaw(url).startswith("'…@server")
    assert "secret" not in servers.flaw(url)


def test_a_url_that_is_none_is_not_said_to_be_missing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "server:5000")

    with cumulog.start_run():
        cumulog.log_metric("loss", 0.5)

    assert "Did you mean http://server:5000?" in caplog.text
    assert "No server is set" not in caplog.text


def test_where_the_scheme_alone_is_missing_the_url_is_asked_about() -> None:
    assert servers.flaw("127.0.0.1:5000").endswith("Did you mean http://127.0.0.1:5000?")


def test_blanks_around_a_url_do_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "https://server \n")
    assert cumulog.get_tracking_uri() == servers.required() == "https://server"

    cumulog.set_tracking_uri(" https://other ")
    assert cumulog.get_tracking_uri() == "https://other"


def test_an_experiment_that_another_process_creates_meanwhile_is_that_one() -> None:
    ask = _in_turn(ApiError(404, "RESOURCE_DOES_NOT_EXIST", ""), "7")
    create = _in_turn(ApiError(400, "RESOURCE_ALREADY_EXISTS", ""))

    assert found_or_created(ask, create, "wines") == "7"


@pytest.mark.parametrize("error", [ApiError(404, "ENDPOINT_NOT_FOUND", ""), ApiError(503, "BUSY", "")])
def test_an_experiment_is_not_created_because_a_server_does_not_answer(error: ApiError) -> None:
    with pytest.raises(ApiError) as raised:
        found_or_created(_in_turn(error), _in_turn("8"), "wines")

    assert raised.value is error


def _in_turn(*answers: Any) -> Callable[[str], Any]:
    left = list(answers)

    def answer(_name: str) -> Any:
        found = left.pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    return answer
