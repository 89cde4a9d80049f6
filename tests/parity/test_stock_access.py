"""MLflow's own clients where access is closed: with a token they work as ever, and administer users and permissions."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import mlflow
import pytest
from mlflow.exceptions import RestException

from infra.local import engines, stack
from infra.local.settings import REPOSITORY

pytestmark = pytest.mark.skipif(engines.installed() != (True, True), reason="dynoxide or ministack is not installed")

VARIABLES = ("MLFLOW_TRACKING_TOKEN", "MLFLOW_TRACKING_USERNAME", "MLFLOW_TRACKING_PASSWORD")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[stack.Stack]:
    folder = tmp_path_factory.mktemp("closed") / "data"
    with stack.running(folder, environment={"CUMULOG_ACCESS": "closed"}) as ours:
        yield ours


@pytest.fixture(scope="module")
def token(running: stack.Stack) -> str:
    """That of the first administrator, as the stack shows it once."""
    found = re.search(r"cml_p_\w+", running.log.read_text())
    assert found
    return found[0]


@pytest.fixture
def environment(running: stack.Stack, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """MLflow's settings for a client of ours without credentials, its retries and ~/.netrc aside."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NETRC", "/nonexistent")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", running.url)
    return monkeypatch


def test_a_client_without_a_token_gets_nothing(running: stack.Stack, environment: pytest.MonkeyPatch) -> None:
    with pytest.raises(RestException, match="UNAUTHENTICATED"):
        mlflow.MlflowClient(running.url).search_experiments()


@pytest.mark.parametrize("way", ["token", "password"])
def test_a_client_tracks_with_a_token(
    running: stack.Stack, token: str, environment: pytest.MonkeyPatch, way: str, tmp_path: Any
) -> None:
    given = {VARIABLES[0]: token} if way == "token" else {VARIABLES[1]: "token", VARIABLES[2]: token}
    for name, value in given.items():
        environment.setenv(name, value)
    client = mlflow.MlflowClient(running.url)
    (tmp_path / "note.txt").write_text("hello")

    run_id = client.create_run(client.create_experiment(f"by {way}")).info.run_id
    client.log_metric(run_id, "loss", 0.5)
    client.log_artifact(run_id, str(tmp_path / "note.txt"))

    assert client.get_run(run_id).data.metrics == {"loss": 0.5}
    assert client.download_artifacts(run_id, "note.txt", str(tmp_path)).endswith("note.txt")


def test_mlflows_own_client_administers_users_and_permissions(
    running: stack.Stack, token: str, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv(VARIABLES[0], token)
    script = REPOSITORY / "tests" / "parity" / "access_script.py"

    done = subprocess.run([sys.executable, str(script)], env=dict(os.environ), capture_output=True, text=True)

    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "made": ["ada", False],
        "granted": ["READ", False],
        "revoked": ["NO_PERMISSIONS", False],
        "promoted": True,
        "deleted": "RESOURCE_DOES_NOT_EXIST",
        "again": "RESOURCE_ALREADY_EXISTS",
        "password": "INVALID_PARAMETER_VALUE",
        "new password": "INVALID_PARAMETER_VALUE",
        "oneself": "BAD_REQUEST",
        "role": "ENDPOINT_NOT_FOUND",
    }


def test_the_command_administers_over_http(running: stack.Stack, token: str, environment: pytest.MonkeyPatch) -> None:
    environment.setenv(VARIABLES[0], token)
    environment.setenv("PYTHONPATH", str(REPOSITORY / "client" / "python" / "src"))

    def run(*words: str) -> "subprocess.CompletedProcess[str]":
        script = "import sys; from cumulog._command import main; sys.exit(main())"
        return subprocess.run([sys.executable, "-c", script, "admin", *words], capture_output=True, text=True)

    added, made = run("users", "add", "bea", "--admin"), run("tokens", "create", "--owner", "bea", "--quiet")
    environment.setenv(VARIABLES[0], made.stdout.strip())
    who, removed = run("whoami"), run("users", "remove", "bea")

    assert [done.returncode for done in (added, made, who)] == [0, 0, 0]
    assert who.stdout.splitlines()[0].split() == ["user", "bea"]
    assert (removed.returncode, removed.stdout) == (1, "")
    assert "cannot delete themselves" in removed.stderr
    environment.setenv(VARIABLES[0], token)
    assert run("users", "remove", "bea").returncode == 0
