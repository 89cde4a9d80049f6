"""Credentials go to the server that was named, and to nobody else: not to S3, and not where somebody sends us on to."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

import cumulog
from cumulog._mlflow import CumulogArtifactRepository
from tests.served import served
from tests.unit.client.fake_server import World

NAMES = ("MLFLOW_TRACKING_TOKEN", "MLFLOW_TRACKING_USERNAME", "MLFLOW_TRACKING_PASSWORD")
BEARER = "Bearer cml_p_secret"
BASIC = "Basic " + base64.b64encode(b"token:cml_p_secret").decode()
# The variables that are set, and the header that has to follow from them.
SETTINGS = {
    "token": (("cml_p_secret", None, None), BEARER),
    "password": ((None, "token", "cml_p_secret"), BASIC),
    "both": (("other", "token", "cml_p_secret"), BASIC),
    "user name only": (("cml_p_secret", "ada", None), BEARER),
    "none": ((None, None, None), None),
}
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
