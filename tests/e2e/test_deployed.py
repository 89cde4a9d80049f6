"""The deployed package behind its API Gateway: what users do, with nothing running but what the template has made."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from infra.dashboard import headers
from infra.dashboard.files import INDEX, files
from infra.local.settings import REPOSITORY
from tests.e2e.aws import ACCOUNT, REGION, Aws
from tests.e2e.stage import Stage, deploy
from tests.e2e_local.test_training import trained

NAME = "e2e"
MLFLOW = "/api/2.0/mlflow"
OURS = "/api/2.0/cumulog"
PLUGIN_SCRIPT = REPOSITORY / "tests" / "e2e_local" / "plugin_script.py"
HOUR_MS = 3_600_000
# What EventBridge sends when the minute is over.
TICK = {
    "version": "0",
    "id": "tick",
    "detail-type": "Scheduled Event",
    "source": "aws.events",
    "account": ACCOUNT,
    "time": "2026-01-01T00:00:00Z",
    "region": REGION,
    "resources": [],
    "detail": {},
}
_SECONDS = 60


@pytest.fixture(scope="module")
def stage(account: Aws, built: Path) -> Stage:
    return deploy(account, NAME, built)


@pytest.fixture
def client(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """The stage, and an environment in which a client's process reaches it."""
    # What MLflow's client leaves in the environment, where tests before this one used it in this process.
    for name in ("MLFLOW_EXPERIMENT_ID", "MLFLOW_EXPERIMENT_NAME", "MLFLOW_RUN_ID"):
        monkeypatch.delenv(name, raising=False)
    for name, value in stage.client_environment().items():
        monkeypatch.setenv(name, value)
    return stage


def until(truth: Callable[[], Any]) -> Any:
    """What `truth` says, once that is something."""
    deadline = time.monotonic() + _SECONDS
    while not (said := truth()):
        assert time.monotonic() < deadline, "It did not happen."
        time.sleep(0.1)
    return said


def new_run(stage: Stage, experiment: str) -> dict[str, Any]:
    """The info of a new run in an experiment of that name, which is made as well."""
    experiment_id = stage.ask("POST", f"{MLFLOW}/experiments/create", name=experiment)["experiment_id"]
    return dict(stage.ask("POST", f"{MLFLOW}/runs/create", experiment_id=experiment_id)["run"]["info"])


def put_model(stage: Stage, run: dict[str, Any], text: str) -> str:
    """Put an MLmodel file where the run's artifacts lie, as any tool might; the folder in the bucket."""
    folder = run["artifact_uri"].removeprefix("mlflow-artifacts:/") + "/model"
    bucket = f"cumulog-{NAME}-{ACCOUNT}-{REGION}"
    stage.aws.client("s3").put_object(Bucket=bucket, Key=f"{folder}/MLmodel", Body=text.encode())
    return folder


def new_user(stage: Stage, name: str) -> str:
    """A token of a new user."""
    stage.ask("POST", f"{MLFLOW}/users/create", username=name, password="")
    return str(stage.ask("POST", f"{OURS}/access/tokens/create", owner=name, label="e2e")["text"])


def test_nobody_gets_in_without_a_token(stage: Stage) -> None:
    path = f"{MLFLOW}/experiments/get"
    changed = stage.token[:-1] + ("a" if stage.token[-1] != "a" else "b")

    answers = [stage.answer("GET", path, token, experiment_id="0") for token in (None, "junk", changed)]

    assert [answer.status_code for answer in answers] == [401, 401, 401]
    assert {answer.json()["error_code"] for answer in answers} == {"UNAUTHENTICATED"}
    assert stage.answer("GET", "/health", None).text == "OK"
    assert stage.answer("GET", path, stage.token, experiment_id="0").status_code == 200


def test_an_unknown_path_is_told_as_mlflow_does(stage: Stage) -> None:
    answer = stage.answer("GET", f"{MLFLOW}/no/such/path", stage.token)

    assert (answer.status_code, answer.json()["error_code"]) == (404, "ENDPOINT_NOT_FOUND")
    assert stage.token not in answer.text


def test_every_route_of_the_document_answers_under_its_prefix_and_its_twins(stage: Stage) -> None:
    token = new_user(stage, "route")
    document = stage.ask("GET", f"{OURS}/openapi.json")
    declared = [(path, method) for path, methods in document["paths"].items() for method in methods]

    found = {(path, method): refused(stage, method, path, token) for path, method in declared}

    assert [each for each, answer in found.items() if "ENDPOINT_NOT_FOUND" in answer or answer[0] >= 500] == []
    twins = {each: (each[0].replace("/api/", "/ajax-api/", 1), each[1]) for each in found}
    assert {each: found[each] for each, twin in twins.items() if twin in found} == {
        each: found[twin] for each, twin in twins.items() if twin in found
    }
    assert len(found.keys() & set(twins.values())) > 60


def refused(stage: Stage, method: str, path: str, token: str) -> tuple[int, str]:
    """How a route answers somebody who may do little, and asks for nothing in particular: status and error code."""
    answer = stage.answer(method.upper(), re.sub(r"\{\w+\}", "x", path), token)
    is_json = answer.headers["Content-Type"] == "application/json"
    return answer.status_code, str(answer.json().get("error_code", "")) if is_json else ""


def test_below_a_greedy_resource_a_file_and_an_id_are_found_by_their_whole_paths(stage: Stage) -> None:
    run = new_run(stage, "twins")
    run_id, folder = run["run_id"], run["artifact_uri"].removeprefix("mlflow-artifacts:/")
    for prefix in ("/api", "/ajax-api"):
        sent = stage.answer("PUT", f"{prefix}/2.0/mlflow-artifacts/artifacts/{folder}/a%20b/c%20d.txt", stage.token)
        assert sent.status_code == 200, sent.text

    listed = stage.ask("GET", "/ajax-api/2.0/mlflow/artifacts/list", run_id=run_id, path="a b")
    unknown = stage.answer("GET", "/ajax-api/2.0/mlflow/no/such/path", stage.token)
    other = stage.answer("PUT", "/ajax-api/2.0/mlflow/runs/search", stage.token)

    assert [each["path"] for each in listed["files"]] == ["a b/c d.txt"]
    assert (unknown.status_code, unknown.json()["error_code"]) == (404, "ENDPOINT_NOT_FOUND")
    assert (other.status_code, other.json()["error_code"]) == (405, "ENDPOINT_NOT_FOUND")


def test_a_revoked_token_changes_nothing_from_that_moment_on(stage: Stage) -> None:
    token = new_user(stage, "ann")
    stage.ask("POST", f"{MLFLOW}/experiments/create", token, name="before")
    [listed] = stage.ask("GET", f"{OURS}/access/tokens/list", owner="ann")["tokens"]

    stage.ask("POST", f"{OURS}/access/tokens/revoke", token_id=listed["token_id"])

    # The gateway may still believe it for a minute; the handler does not.
    refused = stage.answer("POST", f"{MLFLOW}/experiments/create", token, name="after")
    assert (refused.status_code, refused.json()["error_code"]) == (401, "UNAUTHENTICATED")


def test_what_is_another_users_answers_like_what_is_not_there(stage: Stage) -> None:
    token = new_user(stage, "eve")
    run = new_run(stage, "secret")

    foreign, missing = (
        stage.answer("GET", f"{MLFLOW}/runs/get", token, run_id=run_id) for run_id in (run["run_id"], "0" * 32)
    )

    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert foreign.json()["error_code"] == missing.json()["error_code"] == "RESOURCE_DOES_NOT_EXIST"


@pytest.mark.sampled(keep=1, of="long scripts")
@pytest.mark.timeout(400)
def test_the_training_script_with_the_stock_client(client: Stage, tmp_path: Path) -> None:
    runs = trained(client.url, tmp_path / "runs.json")

    assert [run["parent"] for run in runs] == ["grid"] * 6 + [None]
    assert all(run["metrics.training_score"] > 0.9 for run in runs[:-1])
    assert all(run["metrics.test_loss"] < 1.1 for run in runs[:-1])


@pytest.fixture(scope="module")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for PYTHONPATH into which pip installed our client, from a copy, as building leaves files about."""
    source = shutil.copytree(REPOSITORY / "client" / "python", tmp_path_factory.mktemp("source") / "python")
    target = tmp_path_factory.mktemp("plugin")
    words = ["install", "--quiet", "--disable-pip-version-check", "--no-deps", "--target", str(target), str(source)]
    subprocess.run([sys.executable, "-m", "pip", *words], check=True)
    return target


@pytest.mark.sampled(keep=1, of="long scripts")
def test_the_plugin_moves_files_straight_to_the_bucket_and_back(client: Stage, plugin: Path, tmp_path: Path) -> None:
    large = os.urandom(20_000_000)
    folder, target = tmp_path / "folder", tmp_path / "target"
    (folder / "one").mkdir(parents=True)
    (folder / "one" / "a b").write_bytes(b"small")
    (folder / "large").write_bytes(large)
    target.mkdir()
    # The plugin hears of the token and the authority by the same variables as MLflow.
    env = {**os.environ, "PYTHONPATH": str(plugin), "MLFLOW_DISABLE_TELEMETRY": "true", "XDG_CACHE_HOME": str(tmp_path)}

    words = [sys.executable, str(PLUGIN_SCRIPT), client.url, str(folder), str(target)]
    played = subprocess.run(words, env=env, capture_output=True, text=True, check=False, timeout=120)

    assert played.returncode == 0, played.stderr[-3000:]
    seen = json.loads(next(line for line in played.stdout.splitlines() if line.startswith("{")))
    assert seen["repository"] == "CumulogArtifactRepository"
    assert seen["listed"] == {"logged/one/a b": 5}
    assert (Path(seen["downloaded"]) / "large").read_bytes() == large


def test_a_model_that_any_tool_puts_into_the_bucket_is_catalogued_by_its_event(stage: Stage) -> None:
    run = new_run(stage, "catalogued")

    folder = put_model(stage, run, "flavors:\n  sklearn:\n    sklearn_version: 1.9.0\n")

    def entry() -> Any:
        answer = stage.answer("GET", f"{OURS}/catalogue/entry", stage.token, path=folder)
        return answer.json()["entry"] if answer.status_code == 200 else None

    assert [flavor["name"] for flavor in until(entry)["flavors"]] == ["sklearn"]


def test_a_transition_is_applied_by_the_state_machine_once_it_is_approved(stage: Stage) -> None:
    approver = new_user(stage, "bob")
    run = new_run(stage, "approved")
    put_model(stage, run, "flavors: {}")
    registry, versions = f"{OURS}/registry", f"{MLFLOW}/model-versions"
    stage.ask("POST", f"{MLFLOW}/registered-models/create", name="wine")
    stage.ask("POST", f"{versions}/create", name="wine", source=f"runs:/{run['run_id']}/model", run_id=run["run_id"])
    grant = {"resource_type": "registered_model", "resource_pattern": "wine", "permission": "MANAGE"}
    stage.ask("POST", "/api/3.0/mlflow/users/permissions/grant", username="bob", **grant)
    stage.ask("POST", f"{registry}/policies/set", name="wine", stage="Production", policy="approval", needed=1)

    opened = stage.ask("POST", f"{registry}/requests/create", name="wine", version="1", stage="Production")
    machine = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:cumulog-{NAME}-transition"
    [execution] = stage.aws.client("stepfunctions").list_executions(stateMachineArn=machine)["executions"]
    stage.ask("POST", f"{registry}/requests/approve", approver, request_id=opened["request"]["request_id"])

    def moved() -> bool:
        found = stage.ask("GET", f"{versions}/get", name="wine", version="1")["model_version"]
        return bool(found["current_stage"] == "Production")

    until(moved)
    assert execution["status"] == "RUNNING"
    until(lambda: ended(stage, execution["executionArn"]) == "SUCCEEDED")


def ended(stage: Stage, execution: str) -> str:
    return str(stage.aws.client("stepfunctions").describe_execution(executionArn=execution)["status"])


def test_the_sweeper_seals_a_run_that_ended(stage: Stage) -> None:
    run = new_run(stage, "swept")
    stage.ask("POST", f"{MLFLOW}/runs/update", run_id=run["run_id"], status="FINISHED")

    phases = [phase_after_an_hour(stage, run) for _ in range(2)]

    assert phases == ["closing", "sealed"]
    found = stage.ask("POST", f"{MLFLOW}/runs/search", experiment_ids=[run["experiment_id"]])["runs"]
    assert [each["info"]["run_id"] for each in found] == [run["run_id"]]


def phase_after_an_hour(stage: Stage, run: dict[str, Any]) -> str:
    """The run's phase after a round of the sweeper that comes an hour after all that was written of the run."""
    item = f"RUN#{run['run_id']}", "INFO"
    put_back(stage, item, "updated", "phase_since")
    put_back(stage, (f"OPEN#{run['experiment_id']}", run["run_id"]), "opened")

    invoked = stage.aws.client("lambda").invoke(FunctionName=f"cumulog-{NAME}-sweep", Payload=json.dumps(TICK))

    assert "FunctionError" not in invoked, invoked["Payload"].read()
    return str(stored(stage, item)["phase"]["S"])


def put_back(stage: Stage, item: tuple[str, str], *times: str) -> None:
    """Set times in an item of the runs table an hour back."""
    now = stored(stage, item)
    earlier = {name: {"N": str(int(now[name]["N"]) - HOUR_MS)} for name in times}
    stage.aws.client("dynamodb").put_item(TableName=f"cumulog-{NAME}-runs", Item={**now, **earlier})


def stored(stage: Stage, item: tuple[str, str]) -> dict[str, Any]:
    key = {"pk": {"S": item[0]}, "sk": {"S": item[1]}}
    return dict(stage.aws.client("dynamodb").get_item(TableName=f"cumulog-{NAME}-runs", Key=key)["Item"])


def test_the_dashboard_is_served_with_its_headers(stage: Stage) -> None:
    files_of_it = {path: kind for path, kind, _ in files()}

    page = stage.page("/")
    answers = {path: stage.page(f"/{path}") for path in files_of_it}

    assert (page.status_code, page.content) == (200, answers[INDEX].content)
    assert {path: answer.headers["Content-Type"] for path, answer in answers.items()} == files_of_it
    assert {path: answer.headers["Cache-Control"] for path, answer in answers.items()} == {
        path: headers.caching(path) for path in files_of_it
    }
    bucket = f"https://cumulog-{NAME}-{ACCOUNT}-{REGION}.s3"
    wanted = headers.security([f"{bucket}.{REGION}.amazonaws.com", f"{bucket}.amazonaws.com"])
    assert {name: page.headers[name] for name in wanted} == wanted
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_the_dashboard_s_bucket_is_read_by_its_distribution_alone(stage: Stage) -> None:
    url = f"{stage.aws.url}/cumulog-{NAME}-site-{ACCOUNT}-{REGION}/{INDEX}"

    answer = requests.get(url, verify=stage.aws.environment["AWS_CA_BUNDLE"], timeout=60)

    assert answer.status_code == 403
    assert stage.page("/nothing/here").status_code in (403, 404)
    assert stage.page("/", "POST").status_code == 403
