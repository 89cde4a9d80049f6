"""`cumulog login` and `logout`: what is kept, where, and who it is sent to."""

import io
import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

import cumulog
from cumulog._command import main
from cumulog._http import stored
from cumulog._http.credentials import authorization
from cumulog._http.stored import Token
from cumulog._http.transport import Transport
from tests.unit.client.guarded_server import TOKEN, Guard, guarded

ME = "/api/2.0/cumulog/access/me"
SENT = {"Authorization": f"Bearer {TOKEN}"}
KEYRING = """
import json, pathlib
_file = pathlib.Path(__file__).with_name("ring.json")

def _all():
    return json.loads(_file.read_text()) if _file.exists() else {}

def set_password(service, name, text):
    _file.write_text(json.dumps({**_all(), service + name: text}))

def get_password(service, name):
    return _all().get(service + name)

def delete_password(service, name):
    _file.write_text(json.dumps({each: text for each, text in _all().items() if each != service + name}))
"""


@pytest.fixture
def guard() -> Iterator[Guard]:
    with guarded() as made:
        yield made


@pytest.fixture
def ring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library keyring, whose keyring is a file."""
    folder = tmp_path / "site" / "keyring"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text(KEYRING)
    monkeypatch.syspath_prepend(folder.parent)
    monkeypatch.delitem(__import__("sys").modules, "keyring", raising=False)
    return folder / "ring.json"


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The token, as a script gives it."""
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{TOKEN}\n"))


def kept() -> Path:
    return Path(os.environ["XDG_CONFIG_HOME"], "cumulog", "credentials.json")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.usefixtures("typed")
def test_a_token_is_checked_and_kept_where_nobody_else_can_read_it(
    guard: Guard, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["login", guard.url, "--token-stdin"]) == 0

    told = capsys.readouterr()
    assert told.out.startswith(f"Signed in to {guard.url} as ada.\nThe token is kept in {kept()}, and valid until ")
    assert TOKEN not in told.out + told.err
    assert (mode(kept()), mode(kept().parent)) == (0o600, 0o700)
    assert json.loads(kept().read_text())["servers"][guard.url]["token"] == TOKEN
    assert guard.sent == [None, f"Bearer {TOKEN}"]


@pytest.mark.usefixtures("typed", "ring")
def test_a_keyring_has_the_token_where_there_is_one(guard: Guard, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["login", guard.url, "--token-stdin"]) == 0

    assert "The token is kept in the keyring" in capsys.readouterr().out
    assert TOKEN not in kept().read_text()
    assert stored.authorization(guard.url) == SENT
    assert main(["logout", guard.url]) == 0
    assert stored.authorization(guard.url) == {}


def test_a_keyring_that_gives_nothing_back_is_not_used(ring: Path) -> None:
    ring.mkdir()

    assert stored.keep("http://server", Token(TOKEN), is_default=False) == str(kept())
    assert stored.authorization("http://server") == SENT


def test_a_keyring_that_is_locked_later_is_said(ring: Path) -> None:
    stored.keep("http://server", Token(TOKEN), is_default=False)
    ring.write_text("locked")

    with pytest.raises(cumulog.ApiError, match="in a keyring that cannot be read here"):
        stored.authorization("http://server")


@pytest.mark.usefixtures("typed")
def test_a_token_that_the_server_refuses_is_not_kept(guard: Guard, capsys: pytest.CaptureFixture[str]) -> None:
    guard.tokens = ["another"]

    assert main(["login", guard.url, "--token-stdin"]) == 4
    assert "No valid token." in capsys.readouterr().err
    assert not kept().exists()


def test_an_open_server_is_not_asked_for_a_token(capsys: pytest.CaptureFixture[str]) -> None:
    with guarded(is_open=True) as guard:
        assert main(["login", guard.url]) == 0

        assert "asks for no token" in capsys.readouterr().out
        assert stored.authorization(guard.url) == {}
        assert stored.default() == guard.url


def test_a_script_without_a_terminal_has_to_give_the_token(guard: Guard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))

    with pytest.raises(SystemExit) as ended:
        main(["login", guard.url])

    assert ended.value.code == 2


def test_a_url_with_a_password_is_refused_and_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["login", "http://ada:secret@server"]) == 1
    assert "secret" not in capsys.readouterr().err


@pytest.mark.parametrize(
    "url", ["https://server:8443", "http://server", "https://other", "https://server.evil", "https://server/stage"]
)
def test_a_token_goes_to_exactly_the_server_that_it_is_for(url: str) -> None:
    stored.keep("https://server", Token(TOKEN), is_default=False)

    assert stored.authorization(url) == {}
    assert [stored.authorization(each) for each in ("https://SERVER:443", "https://server/")] == [SENT, SENT]


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("https://server/api/2.0/mlflow/runs/get?run_id=x", "root"),
        ("https://server/stage/api/2.0/mlflow/runs/get", "stage"),
        ("https://server/stages/api", "root"),
        ("https://server.evil/api", None),
        ("http://server/api", None),
        ("https://server:8443/api", None),
    ],
)
def test_a_request_has_the_token_of_the_server_that_its_url_names(url: str, text: str | None) -> None:
    stored.keep("https://server", Token("root"), is_default=False)
    stored.keep("https://server/stage", Token("stage"), is_default=False)

    assert stored.of_request(url) == ({"Authorization": f"Bearer {text}"} if text else {})


def test_what_was_kept_is_the_last_source(guard: Guard, monkeypatch: pytest.MonkeyPatch) -> None:
    stored.keep(guard.url, Token(TOKEN), is_default=False)
    transport = Transport(guard.url)

    assert transport.once("GET", ME).status == 200
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "wrong")
    assert transport.once("GET", ME).status == 401
    assert guard.sent == [f"Bearer {TOKEN}", "Bearer wrong"]


def test_a_running_job_takes_the_token_of_a_later_login(guard: Guard) -> None:
    stored.keep(guard.url, Token("expired"), is_default=False)
    transport = Transport(guard.url)

    assert transport.once("GET", ME).status == 401
    stored.keep(guard.url, Token(TOKEN), is_default=False)
    assert transport.once("GET", ME).status == 200


@pytest.mark.parametrize("permissions", [0o640, 0o604, 0o620])
def test_a_file_that_others_can_read_is_refused(permissions: int) -> None:
    stored.keep("https://server", Token(TOKEN), is_default=False)
    kept().chmod(permissions)

    with pytest.raises(cumulog.ApiError, match="chmod 600") as refused:
        stored.authorization("https://server")

    assert refused.value.status == 401


@pytest.mark.parametrize("content", ["", "[]", "{", "\xff"])
def test_a_damaged_file_is_said(content: str) -> None:
    stored.keep("https://server", Token(TOKEN), is_default=False)
    kept().write_bytes(content.encode("latin-1"))

    with pytest.raises(cumulog.ApiError, match="sign in again"):
        stored.authorization("https://server")


def test_the_first_server_is_the_default_of_the_command_line_and_of_no_script(
    guard: Guard, capsys: pytest.CaptureFixture[str]
) -> None:
    stored.keep(guard.url, Token(TOKEN), is_default=False)
    stored.keep("https://other", Token(TOKEN), is_default=False)

    assert main(["admin", "whoami"]) == 0
    assert "ada" in capsys.readouterr().out
    assert cumulog.get_tracking_uri() == ""
    with pytest.raises(cumulog.CumulogError, match="No server is set"):
        cumulog.Client()


def test_a_later_login_can_become_the_default() -> None:
    stored.keep("https://server", Token(TOKEN), is_default=False)
    stored.keep("https://other", Token(TOKEN), is_default=True)

    assert stored.default() == "https://other"


def test_logout_forgets_one_server(capsys: pytest.CaptureFixture[str]) -> None:
    stored.keep("https://server", Token(TOKEN), is_default=False)
    stored.keep("https://other", Token(TOKEN), is_default=False)

    assert main(["logout"]) == 0
    assert stored.servers() == ["https://other"]
    assert main(["logout"]) == 3
    assert "You are signed in to: https://other" in capsys.readouterr().err


def test_without_a_file_nothing_is_sent() -> None:
    assert authorization("https://server") == stored.authorization("https://server") == {}
