"""A stage from its first deployment to its end: upgraded while it serves, taken away, put back, and gone."""

import shutil
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.e2e.aws import Aws
from tests.e2e.stage import Stage, deploy, destroy
from tests.sampling import NIGHTLY

NAME = "life"
MLFLOW = "/api/2.0/mlflow"
ROUTES = "chalicelib/service/routes.py"

# Every kind of thing that the template makes, and who lists it: service, operation, where they are, their name.
KINDS = [
    ("dynamodb", "list_tables", "TableNames", None),
    ("s3", "list_buckets", "Buckets", "Name"),
    ("lambda", "list_functions", "Functions", "FunctionName"),
    ("apigateway", "get_rest_apis", "items", "id"),
    ("events", "list_rules", "Rules", "Name"),
    ("stepfunctions", "list_state_machines", "stateMachines", "name"),
    ("iam", "list_roles", "Roles", "RoleName"),
    ("logs", "describe_log_groups", "logGroups", "logGroupName"),
    ("sqs", "list_queues", "QueueUrls", None),
    ("sns", "list_topics", "Topics", "TopicArn"),
    ("cloudwatch", "describe_alarms", "MetricAlarms", "AlarmName"),
    ("cloudwatch", "list_dashboards", "DashboardEntries", "DashboardName"),
    ("cloudfront", "list_distributions", "DistributionList", "Id"),
    ("cloudfront", "list_origin_access_controls", "OriginAccessControlList", "Id"),
    ("cloudformation", "list_stacks", "StackSummaries", "StackName"),
]


def listed(items: Any) -> list[Any]:
    """The items, which CloudFront has in a field of their own."""
    return list(items.get("Items", []) if isinstance(items, dict) else items)


def everything(account: Aws) -> set[tuple[str, str]]:
    """All that there is in the account, whatever it is called."""
    return {
        (operation, str(item[name] if name else item))
        for service, operation, items, name in KINDS
        for page in account.client(service).get_paginator(operation).paginate()
        for item in listed(page.get(items, []))
        # CloudFormation remembers deleted stacks for 90 days.
        if not (isinstance(item, dict) and item.get("StackStatus") == "DELETE_COMPLETE")
    }


@pytest.fixture
def changed(built: Path, tmp_path: Path) -> Path:
    """The package, but for the answer to /version."""
    (tmp_path / "template.json").write_bytes((built / "template.json").read_bytes())
    shutil.copytree(built / "site", tmp_path / "site")
    with zipfile.ZipFile(built / "cumulog.zip") as old, zipfile.ZipFile(tmp_path / "cumulog.zip", "w") as new:
        for entry in old.infolist():
            body = old.read(entry)
            if entry.filename == ROUTES:
                body = body.replace(b"return MLFLOW_VERSION", b'return MLFLOW_VERSION + " changed"')
            # Its compiled twin would be believed without a look at the source.
            if not entry.filename.startswith("chalicelib/service/__pycache__/routes."):
                new.writestr(entry, body)
    return tmp_path


@contextmanager
def watched(stage: Stage) -> Iterator[list[tuple[int, str]]]:
    """The answers, status and text, to a request for the version that is sent again and again meanwhile."""
    answers: list[tuple[int, str]] = []
    over = threading.Event()

    def watch() -> None:
        while not over.is_set():
            answer = stage.answer("GET", "/version", None)
            answers.append((answer.status_code, answer.text))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield answers
    finally:
        over.set()
        thread.join()


def logged(stage: Stage) -> dict[str, Any]:
    """A run with a metric, and a file in the bucket."""
    run = stage.ask("POST", f"{MLFLOW}/runs/create", experiment_id="0")["run"]["info"]
    stage.ask("POST", f"{MLFLOW}/runs/log-metric", run_id=run["run_id"], key="loss", value=0.5, timestamp=1)
    file = run["artifact_uri"].removeprefix("mlflow-artifacts:/") + "/note"
    answer = requests.put(
        f"{stage.url}/api/2.0/mlflow-artifacts/artifacts/{file}",
        b"kept",
        headers={"Authorization": f"Bearer {stage.token}"},
        verify=stage.aws.environment["AWS_CA_BUNDLE"],
        timeout=60,
    )
    assert answer.status_code == 200, answer.text
    return {"run_id": run["run_id"], "file": file}


def has(stage: Stage, what: dict[str, Any]) -> bool:
    """Whether the stage knows the run, its metric and its file."""
    run = stage.ask("GET", f"{MLFLOW}/runs/get", run_id=what["run_id"])["run"]
    file = stage.answer("GET", f"/api/2.0/mlflow-artifacts/artifacts/{what['file']}", stage.token)
    return [each["value"] for each in run["data"]["metrics"]] == [0.5] and file.content == b"kept"


@pytest.mark.timeout(400)
def test_from_the_first_deployment_to_nothing_left(account: Aws, built: Path, changed: Path) -> None:
    before = everything(account)
    first = deploy(account, NAME, built)
    data = logged(first)

    with watched(first) as answers:
        second = deploy(account, NAME, changed, first.token)
        deadline = time.monotonic() + 30
        while "changed" not in answers[-1][1]:
            assert time.monotonic() < deadline, answers[-1]
    assert (second.url, has(second, data)) == (first.url, True)
    # No request failed, and none was answered by the former package after the new one had answered.
    assert {status for status, _ in answers} == {200}
    versions = [text.endswith("changed") for _, text in answers]
    assert versions == sorted(versions)
    assert not versions[0]

    # By day a smaller package shows this (test_deploying.py).
    if NIGHTLY:
        assert "Kept: table cumulog-life-runs" in destroy(account, NAME)
        assert everything(account) - before == {
            ("list_tables", "cumulog-life-ledger"),
            ("list_tables", "cumulog-life-runs"),
            ("list_buckets", "cumulog-life-000000000000-us-east-1"),
        }
        again = deploy(account, NAME, built, first.token)
        assert has(again, data)

    assert "Nothing left of stage life" in destroy(account, NAME, DATA="delete")
    assert everything(account) == before
