"""The command `cumulog admin …` against the application: what it does, what it says where, and how it ends."""

import json
from collections.abc import Mapping
from http.client import HTTPMessage
from typing import NamedTuple

import jsonschema
import pytest

import cumulog
from cumulog import _command
from cumulog._command.frame.schemas import SCHEMAS, schema
from cumulog._http.connections import Answer
from tests import gateway_transport, principals
from tests.client import PREFIX
from tests.closed_access import admin as admin
from tests.closed_access import closed as closed
from tests.principals import ACCESS, Principal


class Told(NamedTuple):
    status: int
    out: str
    err: str


class Terminal:
    """Where somebody types commands."""

    def __init__(self, principal: Principal, capsys: pytest.CaptureFixture[str]) -> None:
        self._transport = gateway_transport.Gateway({"Authorization": principals.bearer(principal.token)})
        self._capsys = capsys

    def __call__(self, line: str) -> Told:
        status = _command.main(["admin", *line.split()], self._transport)
        out, err = self._capsys.readouterr()
        return Told(status, out, err)

    def answer(self, line: str):
        """What the server answered to a command that has to work."""
        told = self(line + " --json")
        assert (told.status, told.err) == (0, "")
        fields = json.loads(told.out)
        name = max((each for each in SCHEMAS if f"admin {line}".startswith(each)), key=len)
        jsonschema.validate(fields, schema(SCHEMAS[name]))
        return fields


class Answering:
    """A server that has one answer."""

    url = "http://server"

    def __init__(self, fields: object) -> None:
        self._answer = Answer(200, HTTPMessage(), json.dumps(fields).encode())

    def ask(self, method: str, target: str, headers: Mapping[str, str], content: bytes | None) -> Answer:
        return self._answer


@pytest.fixture
def run(admin: Principal, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(admin, capsys)


def rows(told: Told) -> list[list[str]]:
    """The cells of a table."""
    assert (told.status, told.err) == (0, "")
    return [line.split("\t") for line in told.out.splitlines()]


def test_users_come_and_go_and_come_back(run):
    run("users add ada")
    run("users add robot --service --admin")

    assert rows(run("users list")) == [
        ["USER", "KIND", "ADMIN"],
        ["ada", "person", ""],
        ["admin", "person", "yes"],
        ["robot", "service", "yes"],
    ]
    assert run("users remove ada").status == 0
    assert [user["username"] for user in run.answer("users list")] == ["admin", "robot"]
    assert run.answer("users restore ada")["username"] == "ada"
    run("users make-admin ada")
    run("users revoke-admin robot")
    assert {user["username"]: user["is_admin"] for user in run.answer("users list")} == {
        "ada": True,
        "admin": True,
        "robot": False,
    }


def test_a_tokens_text_is_all_that_a_quiet_command_says(run):
    run("users add ada")

    made = run(
        "tokens create --owner ada --label ci --scope experiment:READ:* --scope experiment:EDIT:7 --days 1 --quiet"
    )

    assert (made.status, made.err, made.out.count("\n")) == (0, "", 1)
    ada = Principal("ada", made.out.strip())
    me = ada.get(ACCESS + "/me").body
    assert me["scopes"] == ["experiment:READ:*", "experiment:EDIT:7"]
    assert me["token"]["expires"] - me["token"]["created"] == 24 * 3600 * 1000
    assert me["token"]["label"] == "ci"
    assert run("users list --quiet").out == ""


def test_without_a_token_it_is_told_how_to_sign_in(closed, capsys):
    _command.main(["experiments", "list"], gateway_transport.Gateway())

    assert "`cumulog login` keeps a token for a server." in capsys.readouterr().err


def test_a_token_is_shown_rotated_and_revoked(run, capsys):
    run("users add ada")
    shown = run("tokens create --owner ada").out
    first = Principal("ada", next(word for word in shown.split() if word.startswith("cml_")))
    mine = Terminal(first, capsys)

    second = Principal("ada", mine(f"tokens rotate {first.token_id} --quiet").out.strip())

    assert [row[0] for row in rows(run("tokens list --owner ada"))] == ["ID", first.token_id, second.token_id]
    assert "REVOKED" in run("tokens list --owner ada").out
    assert [each["token_id"] for each in run.answer("tokens list --owner ada")] == [first.token_id, second.token_id]
    assert (first.get(ACCESS + "/me").status, second.get(ACCESS + "/me").status) == (401, 200)
    assert second.token not in run("tokens list --owner ada").out
    run(f"tokens revoke {second.token_id}")
    assert second.get(ACCESS + "/me").status == 401


def test_grants_are_set_listed_and_removed(run, admin):
    run("users add ada")
    admin.done(PREFIX + "/experiments/create", name="e")
    admin.done(PREFIX + "/registered-models/create", name="wine")

    for line in ("ada READ --experiment 1", "ada EDIT --model wine", "ada USE --model *"):
        assert run("grants set " + line).status == 0

    assert rows(run("grants list --user ada")) == [
        ["ON", "NAME", "PERMISSION"],
        ["registered_model", "*", "USE"],
        ["experiment", "1", "READ"],
        ["registered_model", "wine", "EDIT"],
    ]
    assert rows(run("grants list --experiment 1")) == [["USER", "PERMISSION"], ["ada", "READ"], ["admin", "MANAGE"]]
    assert run.answer("grants list --model wine")[0] == {"username": "ada", "permission": "EDIT"}
    run("grants remove ada --experiment 1")
    assert rows(run("grants list --experiment 1"))[1:] == [["admin", "MANAGE"]]


def test_whoami_says_who_asks_and_what_they_may(run, admin):
    told = run("whoami").out

    assert told.splitlines()[0].split() == ["user", "admin"]
    assert admin.token_id in told
    assert admin.token not in told
    assert run.answer("whoami")["may_administer"] is True


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("users remove nobody", "User with username=nobody not found"),
        ("users add admin", "already exists"),
        ("users revoke-admin admin", "last administrator"),
        ("tokens revoke none", "not found"),
        ("grants list --experiment 99", "No Experiment with id=99 exists"),
        ("tokens create --scope everything", "Invalid scope"),
    ],
)
def test_what_the_server_refuses_is_told_on_stderr(run, line, said):
    told = run(line)

    assert (told.status, told.out) == (1, "")
    assert told.err.startswith("cumulog: ")
    assert said in told.err


@pytest.mark.parametrize(
    "line",
    ["", "users", "users add", "grants set ada READ", "grants set ada WRITE --model m", "tokens create --days x"],
)
def test_what_is_no_command_line_is_explained(run, capsys, line):
    with pytest.raises(SystemExit) as ended:
        run(line)

    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert "usage: cumulog admin" in told
    assert "…" not in told


@pytest.mark.parametrize("url", ["", "sqlite:///mlflow.db", "databricks"])
def test_a_server_has_to_be_named(monkeypatch, capsys, url):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", url)

    assert _command.main(["admin", "whoami"]) == 1
    assert "MLFLOW_TRACKING_URI" in capsys.readouterr().err


def test_what_a_server_says_does_not_steer_the_terminal(capsys):
    hostile = {"users": [{"username": "\x1b]0;x\x07eve", "kind": "person", "is_admin": False}]}

    _command.main(["admin", "users", "list"], Answering(hostile))

    assert "\x1b" not in capsys.readouterr().out


def test_the_command_alone_says_what_it_can_do(capsys):
    assert _command.main([]) == 0

    assert "sync" in capsys.readouterr().out


def test_the_command_says_its_version(capsys):
    with pytest.raises(SystemExit) as ended:
        _command.main(["--version"])

    assert ended.value.code == 0
    assert capsys.readouterr().out == f"cumulog {cumulog.__version__}\n"
