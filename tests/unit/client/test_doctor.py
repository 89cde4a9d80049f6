"""`cumulog doctor`: each fault is planted, found and told with a remedy."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from time import time

import pytest

from cumulog._command.health import settings
from cumulog._command.health.findings import fault
from cumulog._command.nouns import doctor
from cumulog._command.shown.looks import Looks
from cumulog._delivery.refused import Refused
from cumulog._http import stored
from cumulog._http.stored import Token
from tests.unit.client.examined import Report
from tests.unit.client.examined import nothing_set as nothing_set
from tests.unit.client.fake_server import World
from tests.unit.client.guarded_server import DAY, TOKEN, Guard, guarded
from tests.unit.client.jobs import Job, left_behind

SOURCE = Path(settings.__file__).parents[2]
ME = "/api/2.0/cumulog/access/me"
SEARCHES = {
    "/api/2.0/mlflow/experiments/search": {"experiments": [{"experiment_id": "7"}]},
    "/api/2.0/mlflow/runs/search": {"runs": [{"info": {"experiment_id": "7", "run_id": "r"}}]},
}
ARTIFACTS = "/api/2.0/cumulog/artifacts"


@pytest.fixture
def guard(monkeypatch: pytest.MonkeyPatch) -> Iterator[Guard]:
    """A server at which all is well."""
    with guarded() as made:
        monkeypatch.setenv("MLFLOW_TRACKING_URI", made.url)
        monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", TOKEN)
        yield made


def test_where_all_is_well_nothing_is_said(guard: Guard, capsys: pytest.CaptureFixture[str]) -> None:
    report = Report(capsys)

    assert report.code == 0
    assert report.states() == {"ok", "skipped"}
    assert report("token")[1].startswith("ada, by MLFLOW_TRACKING_TOKEN, until ")


def test_a_server_that_is_not_named_is_missed(capsys: pytest.CaptureFixture[str]) -> None:
    report = Report(capsys)

    assert (report.code, report("server")) == (1, ("fault", "No server is named."))


@pytest.mark.parametrize(
    ("url", "check", "told"),
    [
        ("localhost:5000", "server", "is no URL of a server"),
        ("http://server.invalid", "dns", "The name server.invalid has no address"),
        ("http://127.0.0.1:9", "tcp", "Nothing listens at 127.0.0.1:9."),
    ],
)
def test_a_place_that_cannot_be_reached_is_told(
    url: str, check: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    report = Report(capsys, url)

    assert (report.code, report(check)[0]) == (1, "fault")
    assert told in report(check)[1]


def test_a_port_without_tls_is_told(guard: Guard, capsys: pytest.CaptureFixture[str]) -> None:
    report = Report(capsys, guard.url.replace("http:", "https:"))

    assert report("tls")[0] == "fault"
    assert "Is it http:// instead" in report.remedy("tls")


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        ((302, "text/html", "https://login.example/sso"), "redirects to https://login.example"),
        ((200, "text/html", "<html><title>Sign in</title>"), "not Cumulog answers 200: 'Sign in'"),
        ((404, "text/html", "<html>Not Found</html>"), "This is MLflow's own server, version 3.17.2"),
        ((503, "text/html", "busy"), "The server answers 503: 'busy'"),
        ((403, "application/json", '{"message": "Forbidden"}'), "not Cumulog answers 403: 'Forbidden'"),
    ],
)
def test_what_is_not_cumulog_is_told_by_what_it_answers(
    reply: tuple[int, str, str], told: str, guard: Guard, capsys: pytest.CaptureFixture[str]
) -> None:
    guard.replies[ME] = reply

    report = Report(capsys)

    assert (report.code, report("cumulog")[0]) == (1, "fault")
    assert told in report("cumulog")[1]


def test_a_token_that_is_missing_wrong_or_expired_is_told(
    guard: Guard, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "wrong")
    assert "The server refuses MLFLOW_TRACKING_TOKEN: it is wrong" in Report(capsys)("token")[1]

    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "wr\nong")
    assert "holds a line break" in Report(capsys)("token")[1]

    monkeypatch.delenv("MLFLOW_TRACKING_TOKEN")
    assert Report(capsys)("token") == ("fault", "The server asks for a token, and there is none.")

    stored.keep(guard.url, Token("old", int(time() * 1000) - DAY), is_default=False)
    assert "refuses the token of cumulog login: it expired on" in Report(capsys)("token")[1]


def test_a_token_that_expires_soon_is_told(guard: Guard, capsys: pytest.CaptureFixture[str]) -> None:
    guard.expires = int(time() * 1000) + 3 * DAY + DAY // 2

    report = Report(capsys)

    assert (report.code, report("token")[0], report("token")[1][-22:]) == (0, "warning", " it expires in 3 days.")
    assert report.remedy("token") == "cumulog admin tokens rotate t1"


def test_an_open_server_that_checks_no_token_is_told(capsys: pytest.CaptureFixture[str], guard: Guard) -> None:
    guard.tokens = []

    state, told = Report(capsys)("token")

    assert (state, "MLFLOW_TRACKING_TOKEN is not checked" in told) == ("warning", True)


@pytest.mark.parametrize(("seconds", "state"), [(-300, "warning"), (3600, "fault"), (20, "ok")])
def test_a_clock_that_is_off_is_told(
    seconds: int, state: str, guard: Guard, capsys: pytest.CaptureFixture[str]
) -> None:
    guard.clock = seconds

    assert Report(capsys)("clock")[0] == state


@pytest.mark.parametrize("proxy", ["http://127.0.0.1:9", "http://ada:secret@proxy:99999"])
def test_a_proxy_that_cannot_be_used_is_told_without_its_password(
    proxy: str, guard: Guard, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy)

    state, told = Report(capsys)("proxy")

    assert (state, "secret" in told) == ("fault", False)


def files(guard: Guard, *, has_one: bool) -> None:
    """A run at the server, and a file of it in S3, which is the same server."""
    entries = [{"path": "a", "is_dir": False, "file_size": 1}] if has_one else []
    given = {"path": "7/r/artifacts/a", "url": f"{guard.url}/s3", "size": 1}
    answers = {**SEARCHES, f"{ARTIFACTS}/list": {"files": entries}, f"{ARTIFACTS}/downloads": {"downloads": [given]}}
    answers[f"{ARTIFACTS}/uploads"] = {"uploads": [given]}
    guard.replies |= {path: (200, "application/json", json.dumps(fields)) for path, fields in answers.items()}


@pytest.mark.parametrize(
    ("status", "has_file", "state"),
    [(206, True, "ok"), (403, True, "fault"), (403, False, "ok"), (503, False, "fault")],
)
def test_s3_is_asked_by_a_url_that_the_server_signs(
    status: int, has_file: bool, state: str, guard: Guard, capsys: pytest.CaptureFixture[str]
) -> None:
    files(guard, has_one=has_file)
    guard.replies["/s3"] = (status, "application/xml", "<Error><Code>AccessDenied</Code></Error>")

    assert Report(capsys)("s3")[0] == state
    assert guard.sent[-1] is None


def test_s3_that_cannot_be_reached_is_told_without_the_signature(
    guard: Guard, capsys: pytest.CaptureFixture[str]
) -> None:
    files(guard, has_one=True)
    lost = {"downloads": [{"path": "a", "url": "http://127.0.0.1:9/s3?X-Amz-Signature=secret", "size": 1}]}
    guard.replies[f"{ARTIFACTS}/downloads"] = (200, "application/json", json.dumps(lost))

    state, told = Report(capsys)("s3")

    assert (state, "127.0.0.1:9" in told, "secret" in told) == ("fault", True, False)


def test_an_entry_of_netrc_is_told(guard: Guard, capsys: pytest.CaptureFixture[str]) -> None:
    path = Path(os.environ["NETRC"])
    path.write_text("machine 127.0.0.1 login eve password secret\n")
    path.chmod(0o600)

    state, told = Report(capsys)("netrc")

    assert (state, "MLflow's client sends it" in told, "secret" in told) == ("warning", True, False)


def test_a_file_of_tokens_that_others_can_read_is_told(
    guard: Guard, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_TOKEN")
    stored.keep(guard.url, Token(TOKEN), is_default=False)
    Path(os.environ["XDG_CONFIG_HOME"], "cumulog", "credentials.json").chmod(0o644)

    report = Report(capsys)

    assert (report("login")[0], "chmod 600" in report("login")[1]) == ("fault", True)


def test_a_journal_that_cannot_be_written_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("CUMULOG_JOURNAL", str(tmp_path / "file"))

    assert Report(capsys)("journal")[0] == "fault"


def test_lines_that_wait_or_were_refused_are_counted(guard: Guard, capsys: pytest.CaptureFixture[str]) -> None:
    journal = left_behind("https://old.example")
    Refused(lambda _text: None).add("r", "metric", {}, "no")

    report = Report(capsys)

    assert report("waiting") == ("warning", "2 lines wait for https://old.example.")
    assert report.remedy("waiting").endswith("cumulog sync --from https://old.example")
    assert report("refused") == ("warning", "1 line was refused by a server.")
    assert journal.exists()


def test_the_journal_of_a_process_that_runs_does_not_wait(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    job = Job(world.url)

    assert Report(capsys)("waiting") == ("ok", "none, beside the journal of 1 process that runs")
    assert job.writer.chain.lines_left() == 1


def test_a_variable_that_nobody_looks_at_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_TOKENS", "x")

    assert "MLFLOW_TRACKING_TOKENS (is MLFLOW_TRACKING_TOKEN meant?)" in Report(capsys)("variables")[1]


def test_each_variable_that_counts_is_looked_at_somewhere() -> None:
    code = "".join(path.read_text() for path in SOURCE.rglob("*.py") if path != Path(settings.__file__))

    assert {name for name in settings.HONOURED if name not in code} == set()


def test_a_finding_is_a_line_in_a_pipe_and_as_wide_as_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    found = fault("token", "The server refuses it: " + "so it is, " * 20, "Sign in again.")
    piped, shown = Looks(), Looks(without_color=True)
    piped.is_terminal, shown.is_terminal = False, True
    monkeypatch.setenv("COLUMNS", "80")

    assert len(list(doctor.lines(found, piped))) == 1
    lines = list(doctor.lines(found, shown))
    assert lines[0].startswith("fault    token      The server refuses it: so it is")
    assert lines[-1] == f"{'':20}→ Sign in again."
    assert max(map(len, lines)) <= 80
