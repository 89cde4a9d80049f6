"""Credentials go to the server that was named, and to nobody else: not to S3, and not where somebody sends us on to."""

import base64
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from mlflow.tracking.request_auth.registry import _request_auth_provider_registry as registry
from mlflow.utils.credentials import get_default_host_creds
from mlflow.utils.rest_utils import http_request

import cumulog
from cumulog._http import stored
from cumulog._http.auth_provider import KeptToken
from cumulog._mlflow import CumulogArtifactRepository
from tests.served import served
from tests.unit.client.fake_server import Status, World

NAMES = ("MLFLOW_TRACKING_TOKEN", "MLFLOW_TRACKING_USERNAME", "MLFLOW_TRACKING_PASSWORD")
BEARER = "Bearer cml_p_secret"
IN_URL = "Basic " + base64.b64encode(b"ada:p@ss").decode()
BASIC = "Basic " + base64.b64encode(b"token:cml_p_secret").decode()
# The variables that are set, and the header that has to follow from them.
SETTINGS = {
    "token": (("cml_p_secret", None, None), BEARER),
    "password": ((None, "token", "cml_p_secret"), BASIC),
    "both": (("other", "token", "cml_p_secret"), BASIC),
    "user name only": (("cml_p_secret", "ada", None), BEARER),
    "none": ((None, None, None), None),
}
NAMED = {"experiment_name": "wines"}
FOLDER = "1/run/artifacts"


@pytest.fixture(params=SETTINGS)
def header(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str | None:
    """The header that the environment asks for."""
    values, expected = SETTINGS[request.param]
    for name, value in zip(NAMES, values, strict=True):
        monkeypatch.delenv(name, raising=False)
        if value is not None:
            monkeypatch.setenv(name, value)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    return expected


@pytest.fixture
def netrc(tmp_path: Path) -> None:
    """A file that knows something else about every host. MLflow's own client sends that, whatever the variables say."""
    path = tmp_path / "netrc"
    path.write_text("default login eve password netrc\n")
    path.chmod(0o600)


@contextmanager
def listening(location: str | None = None) -> Iterator[tuple[str, list[str | None]]]:
    """A server that sends everybody on, if there is a place to go to; its URL, and the credentials that it was sent."""
    seen: list[str | None] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            seen.append(self.headers.get("Authorization"))
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(307 if location else 404)
            if location:
                self.send_header("Location", location + self.path)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Say nothing."""

    with served(Handler) as url:
        yield url, seen


def local(folder: Path) -> str:
    """A file that goes up in parts and comes down in ranges."""
    path = folder / "big"
    path.write_bytes(b"x" * (9 << 20))
    return str(path)


def told_apart(world: World) -> tuple[set[str | None], set[str | None]]:
    """The credentials that the server was sent, and those that S3 was sent, though both are at one address."""
    api, storage = (
        {sent for is_storage, sent in world.credentials if is_storage is wanted} for wanted in (False, True)
    )
    return api, storage


def with_credentials(url: str, named: str) -> str:
    return url.replace("://", f"://{named}@")


@pytest.mark.usefixtures("header")
def test_a_user_and_a_password_in_the_url_win_as_with_mlflow(world: World, tmp_path: Path) -> None:
    url = with_credentials(world.url, "ada:p%40ss")
    api = cumulog.Api(url)

    cumulog.upload({f"{FOLDER}/big": local(tmp_path)}, api)
    theirs = http_request(get_default_host_creds(url), "/api/2.0/mlflow/experiments/get-by-name", "GET", params=NAMED)

    assert theirs.request.headers["Authorization"] == IN_URL
    assert told_apart(world) == ({IN_URL}, {None})
    assert api.url == world.url


@pytest.mark.parametrize("named", ["ada", "ada:", ":secret", "a:b/c", "a:b@c"])
def test_what_mlflow_takes_from_a_url_is_taken(world: World, named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "cml_p_secret")
    whole = f"{named}:" if ":" not in named else named
    expected = BEARER if ":" not in named else "Basic " + base64.b64encode(whole.encode()).decode()

    cumulog.Client(with_credentials(world.url, named)).runs.search(experiment_ids=["1"])

    assert told_apart(world) == ({expected}, set())


def test_runs_are_sent_with_the_credentials_in_the_url_which_nothing_else_shows(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", with_credentials(world.url, "ada:p%40ss"))
    world.call_faults.append(Status(500))

    with caplog.at_level(logging.DEBUG), cumulog.start_run():
        cumulog.log_metric("loss", 0.5)
        kept = b"".join(path.read_bytes() for path in Path(os.environ["CUMULOG_JOURNAL"]).rglob("*.lines"))
    assert cumulog.flush()
    found = cumulog.search_runs(["0"], output_format="list")

    assert len(found) == 1
    assert told_apart(world) == ({IN_URL}, set())
    assert cumulog.get_tracking_uri() == world.url
    assert world.url.encode() in kept
    assert "p%40ss" not in caplog.text + kept.decode(errors="replace")
    assert caplog.messages


def test_two_clients_of_one_server_keep_their_own_credentials(world: World) -> None:
    for each in (cumulog.Client(with_credentials(world.url, f"{name}:x")) for name in ("ada", "bob")):
        each.runs.search(experiment_ids=["1"])

    assert told_apart(world)[0] == {"Basic " + base64.b64encode(name).decode() for name in (b"ada:x", b"bob:x")}


@pytest.mark.usefixtures("netrc")
def test_a_script_sends_them_to_the_server_and_never_to_s3(world: World, header: str | None, tmp_path: Path) -> None:
    api = cumulog.Api(world.url)

    cumulog.upload({f"{FOLDER}/big": local(tmp_path)}, api)
    cumulog.download([f"{FOLDER}/big"], tmp_path / "down", api)

    assert told_apart(world) == ({header}, {None})


def test_the_plugin_sends_what_mlflow_sends_and_never_to_s3(world: World, header: str | None, tmp_path: Path) -> None:
    repository = CumulogArtifactRepository(f"mlflow-artifacts:/{FOLDER}", world.url)

    repository.log_artifact(local(tmp_path))
    repository._download_file("big", str(tmp_path / "down"))

    assert told_apart(world) == ({header}, {None})


def test_a_script_follows_nobody_to_another_address(header: str | None) -> None:
    told = pytest.raises(cumulog.ApiError, match=r"redirects to http://127\.0\.0\.1")
    with listening() as (there, seen_there), listening(there) as (here, seen_here), told as caught:
        cumulog.Api(here).delete("path")

    assert caught.value.status == 307
    assert (seen_here, seen_there) == ([header], [])


def test_the_plugin_takes_no_credentials_to_another_host(header: str | None) -> None:
    # The same machine by another name is another host.
    with listening() as (there, seen_there), listening(there.replace("127.0.0.1", "localhost")) as (here, seen_here):
        repository = CumulogArtifactRepository(f"mlflow-artifacts:/{FOLDER}", here)
        with pytest.raises(cumulog.NotCumulog):
            repository._api.delete("path")

    assert (seen_here, seen_there) == ([header], [None])


def test_a_message_about_a_failed_call_holds_no_credentials(
    header: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cumulog.Retry, "_pause", lambda *_: 0.0)
    api = cumulog.Api("http://127.0.0.1:9")

    with pytest.raises(cumulog.ApiError) as caught:
        api.delete("path")

    assert "secret" not in str(caught.value)


@pytest.fixture
def asks_for_the_login(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the entry point does where this package is installed."""
    if not any(isinstance(each, KeptToken) for each in registry):
        registry.register(KeptToken)
    monkeypatch.setenv("MLFLOW_TRACKING_AUTH", "cumulog")


@pytest.mark.usefixtures("asks_for_the_login", "netrc")
def test_mlflows_client_uses_what_login_kept_for_this_server(world: World, header: str | None) -> None:
    stored.keep(world.url, stored.Token("kept"), is_default=False)

    http_request(get_default_host_creds(world.url), "/api/2.0/mlflow/experiments/get-by-name", "GET", params=NAMED)

    assert told_apart(world)[0] == {header or "Bearer kept"}


@pytest.mark.usefixtures("asks_for_the_login")
def test_mlflows_client_takes_it_to_no_other_server(world: World) -> None:
    stored.keep(f"{world.url}/stage", stored.Token("kept"), is_default=False)

    http_request(get_default_host_creds(world.url), "/api/2.0/mlflow/experiments/get-by-name", "GET", params=NAMED)

    assert told_apart(world)[0] == {None}
